// The bar at the top: filter by an answer, colour by a trait or an answer, and the language.
(() => {
  "use strict";
  const { people, state, t, say, filter, colour, key, listen, onLanguage, speak, languages, language } = window.abscope;
  const bar = document.getElementById("controls");
  const wanted = { exposure: "", answer: "y" };
  bar.setAttribute("translate", "no");

  function choice(label, id, options, value, changed) {
    const outer = document.createElement("label");
    const select = document.createElement("select");
    select.id = id;
    for (const [group, entries] of options) {
      const into = group ? select.appendChild(document.createElement("optgroup")) : select;
      if (group) into.label = group;
      for (const [key, text] of entries) into.append(new Option(text, key, false, key === value));
    }
    select.addEventListener("change", () => changed(select.value));
    outer.append(`${label} `, select);
    return outer;
  }

  // Those with this answer, with their isolates; the selection alone; or everybody.
  function kept() {
    if (wanted.exposure === "") return null;
    if (wanted.exposure === "chosen") return new Set(state.chosen);
    const found = new Set();
    for (const [token, isolates, , said] of people.cases) {
      if (said[Number(wanted.exposure)] === wanted.answer) [token, ...isolates].forEach((one) => found.add(one));
    }
    return found;
  }

  function status() {
    const shown = people.cases.filter(([token]) => state.kept === null || state.kept.has(token)).length;
    return state.kept === null ? "" : say("{n} of {m} cases shown", { n: shown, m: people.cases.length });
  }

  function refilter() {
    filter(kept());
    bar.querySelector("[role=status]").textContent = status();
    bar.querySelector("#answer").disabled = !/^\d+$/.test(wanted.exposure);
  }

  function coloured() {
    const list = document.createElement("span");
    list.className = "colours";
    list.append(...key());
    return list;
  }

  function build() {
    const exposures = people.exposures.map(([kind, value], k) => [String(k), `${t(kind)}: ${value}`]);
    const traits = people.traits.map(({ name }, k) => [String(k), t(name)]);
    const parts = [];
    if (exposures.length) {
      const everybody = [["", [["", t("everybody")], ["chosen", t("the selection alone")]]], [t("Exposures"), exposures]];
      parts.push(choice(t("Show"), "exposure", everybody, wanted.exposure, (value) => { wanted.exposure = value; refilter(); }));
      const said = [["", [["y", t("yes")], ["n", t("no")], ["u", t("not known")], ["-", t("not recorded")]]]];
      parts.push(choice(t("who said"), "answer", said, wanted.answer, (value) => { wanted.answer = value; refilter(); }));
    }
    if (traits.length + exposures.length) {
      const schemes = [[t("Traits"), traits], [t("Exposures"), exposures.map(([k, text]) => [`e${k}`, text])]];
      parts.push(choice(t("Colour by"), "colour", schemes, state.colour, colour));
    }
    const tongues = [["", languages]];
    const tongue = choice(t("Language"), "language", tongues, language(), speak);
    const told = document.createElement("span");
    told.setAttribute("role", "status");
    told.textContent = status();
    bar.replaceChildren(...parts, tongue, told, coloured());
    if (bar.querySelector("#answer")) bar.querySelector("#answer").disabled = !/^\d+$/.test(wanted.exposure);
  }

  // What is shown, and to show something else: the address asks for both.
  const shown = () => ({ ...wanted });
  function show(asked) {
    Object.assign(wanted, asked);
    if (bar.querySelector("#answer")) refilter();
    build();
  }
  Object.assign(window.abscope, { shown, show });

  listen((_, what) => {
    if (what === "colour") bar.querySelector(".colours").replaceWith(coloured());
    if (what === "selection" && wanted.exposure === "chosen") refilter();
  });
  onLanguage(() => {
    const focused = document.activeElement?.id;
    build();
    if (focused) document.getElementById(focused)?.focus();
  });
  build();
})();
