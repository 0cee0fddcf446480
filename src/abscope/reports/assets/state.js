// One shared selection, filter and colour: every panel shows them, and any panel changes them.
// Elements say whom they are about in data-of, whom they choose in data-select, and where a
// coloured mark stands in data-mark.
(() => {
  "use strict";
  const { t, say } = window.abscope;
  const people = JSON.parse(document.getElementById("people").textContent);
  const bar = document.getElementById("selection");
  const listeners = [];
  const state = { chosen: new Set(), kept: null, colour: people.traits.length ? "0" : "" };
  let places = null;
  let pickers = null;
  let about = null;

  // Colours (Okabe and Ito 2008, darkened to be read) with a shape each, so that neither is needed alone.
  const styles = [
    ["#b35c00", "●"], ["#0072b2", "▲"], ["#00775a", "■"], ["#a34a7c", "◆"],
    ["#1f6f8b", "▼"], ["#c0392b", "✚"], ["#5b5b9a", "★"], ["#8a7a00", "◐"],
  ];
  const other = ["#6b7680", "▢"];
  const blank = ["#8c96a0", "·"];
  const answers = { y: ["#0b5394", "●", "yes"], n: ["#6b7680", "○", "no"], u: ["#8a4b00", "?", "not known"], "-": ["#8c96a0", "·", "not recorded"] };

  function grouped(selector, tokensOf) {
    const found = new Map();
    for (const element of document.querySelectorAll(selector)) {
      for (const token of tokensOf(element).split(" ")) {
        if (!found.has(token)) found.set(token, []);
        found.get(token).push(element);
      }
    }
    return found;
  }

  // Looked up once, while nothing else is to do or when first needed: panels that scripts draw mark themselves.
  const lookups = [
    () => { places ??= grouped("[data-of]", (element) => element.dataset.of); },
    () => { about ??= [...document.querySelectorAll("[data-of]")].map((element) => [element, element.dataset.of.split(" ")]); },
    () => { pickers ??= grouped("[aria-pressed][data-select]", (element) => element.dataset.select); },
  ];
  const index = () => lookups.forEach((lookup) => lookup());
  lookups.forEach((lookup) => window.abscope.whenIdle(lookup));

  function tell(what) {
    for (const listener of listeners) listener(state, what);
  }

  // An element about several people stays marked while any of them is chosen.
  function mark(tokens) {
    const touched = new Set();
    for (const token of tokens) for (const element of places.get(token) ?? []) touched.add(element);
    for (const element of touched) {
      element.classList.toggle("chosen", element.dataset.of.split(" ").some((one) => state.chosen.has(one)));
    }
  }

  function press(tokens) {
    const touched = new Set();
    for (const token of tokens) for (const element of pickers.get(token) ?? []) touched.add(element);
    for (const element of touched) {
      const all = element.dataset.select.split(" ").every((token) => state.chosen.has(token));
      element.setAttribute("aria-pressed", String(all));
    }
  }

  function name(token) {
    const [kind, ...rest] = (people.names[token] ?? "").split(" ");
    return kind ? `${t(kind)} ${rest.join(" ")}` : "";
  }

  function announce() {
    const spoken = [...state.chosen].filter((token) => people.names[token]);
    const shown = spoken.slice(0, 8).map(name).join(", ");
    const more = spoken.length > 8 ? ` ${say("and {n} more", { n: spoken.length - 8 })}` : "";
    bar.hidden = spoken.length === 0;
    bar.querySelector("[role=status]").textContent = spoken.length ? `${t("Selected:")} ${shown}${more}` : "";
    bar.querySelector(".where").replaceChildren(...links());
  }

  // Where the selection can be seen: the first place in each panel.
  function links() {
    const found = [];
    for (const panel of document.querySelectorAll("main > section")) {
      const place = panel.querySelector(".chosen");
      if (!place) continue;
      const link = document.createElement("a");
      link.href = `#${panel.id}`;
      link.textContent = panel.querySelector("h2").textContent;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        for (let outer = place.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
        place.scrollIntoView({ block: "center", inline: "nearest" });
      });
      found.push(link, document.createTextNode(" "));
    }
    return found;
  }

  function choose(tokens) {
    index();
    const before = state.chosen;
    state.chosen = new Set(tokens);
    const gone = [...before].filter((token) => !state.chosen.has(token));
    const come = [...state.chosen].filter((token) => !before.has(token));
    mark([...gone, ...come]);
    press([...gone, ...come]);
    tell("selection");
    announce();
  }

  // Again the same: cleared. With Control, Command or Shift: added or taken away.
  function pick(tokens, more) {
    const known = tokens.every((token) => state.chosen.has(token));
    if (more) choose(known ? [...state.chosen].filter((one) => !tokens.includes(one)) : [...state.chosen, ...tokens]);
    else choose(known && tokens.length === state.chosen.size ? [] : tokens);
  }

  // kept: tokens to show, or null for everybody.
  function filter(kept) {
    index();
    state.kept = kept;
    for (const [element, tokens] of about) {
      element.classList.toggle("off", kept !== null && !tokens.some((one) => kept.has(one)));
    }
    tell("filter");
  }

  // The colour, shape and word of somebody in a scheme: a trait's number, or e and an exposure's number.
  const cases = new Map(people.cases.flatMap(([token, isolates, , said]) => [[token, said], ...isolates.map((one) => [one, said])]));
  function look(token, scheme = state.colour) {
    if (scheme.startsWith("e")) {
      const [colour, shape, word] = answers[cases.get(token)?.[Number(scheme.slice(1))] ?? "-"];
      return { colour, shape, word: t(word) };
    }
    const trait = people.traits[Number(scheme)];
    const value = trait?.of[token];
    if (value === undefined) return { colour: blank[0], shape: blank[1], word: "" };
    const [colour, shape] = styles[trait.values.indexOf(value)] ?? other;
    return { colour, shape, word: value };
  }

  function legend(scheme = state.colour) {
    if (scheme.startsWith("e")) return Object.values(answers).map(([colour, shape, word]) => ({ colour, shape, word: t(word) }));
    const values = people.traits[Number(scheme)]?.values ?? [];
    const named = values.slice(0, styles.length).map((word, k) => ({ colour: styles[k][0], shape: styles[k][1], word: t(word) }));
    return values.length > styles.length ? [...named, { colour: other[0], shape: other[1], word: t("others") }] : named;
  }

  // The same as elements: mark and word.
  function key(scheme) {
    return legend(scheme).map(({ colour: ink, shape, word }) => {
      const [entry, mark] = [document.createElement("span"), document.createElement("b")];
      mark.textContent = shape;
      mark.style.color = ink;
      mark.setAttribute("aria-hidden", "true");
      entry.append(mark, ` ${word}`);
      return entry;
    });
  }

  const painted = new WeakMap();
  function paint() {
    for (const element of document.querySelectorAll("[data-mark]")) {
      const { colour, shape, word } = state.colour ? look(element.dataset.mark) : { shape: "", word: "" };
      const now = `${shape}${colour ?? ""}${word}`;
      if (now === (painted.get(element) ?? "")) continue;
      painted.set(element, now);
      element.textContent = shape;
      element.style.color = colour ?? "";
      element.style.fill = colour ?? "";
      if (element instanceof HTMLElement) element.title = word;
    }
  }

  function colour(scheme) {
    state.colour = scheme;
    paint();
    tell("colour");
  }

  document.addEventListener("click", (event) => {
    const picker = event.target.closest("[data-select]");
    if (!picker) return;
    const tokens = [...new Set(picker.dataset.select.split(" ").filter(Boolean))];
    if (picker.closest("a")) choose(tokens);
    else pick(tokens, event.ctrlKey || event.metaKey || event.shiftKey);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state.chosen.size) choose([]);
  });
  bar.querySelector(".clear").addEventListener("click", () => choose([]));
  window.abscope.onLanguage(() => { announce(); paint(); });
  paint();

  Object.assign(window.abscope, { people, state, pick, choose, filter, colour, look, key, listen: (listener) => listeners.push(listener) });
})();
