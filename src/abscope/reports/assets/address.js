// The view in the page's address: who is chosen, who is shown, the colour and the language, so that it
// can be sent. It stands behind the #, which browsers keep to themselves, by names and not by numbers:
// #tree?select=isolate+A-1&show=product:+cells&answer=y&colour=Clone&lang=es
(() => {
  "use strict";
  const { people, state, choose, colour, listen, onLanguage, speak, language, languages, shown, show } = window.abscope;
  const MOST = 500; // names; more would make an address that programs cut
  const exposures = people.exposures.map(([kind, value]) => `${kind}: ${value}`);
  const traits = people.traits.map(({ name }) => name);
  const tokens = new Map(Object.entries(people.names).map(([token, name]) => [name, token]));
  const opened = { colour: state.colour, language: language() };
  let reading = false;

  const scheme = (key) => (key.startsWith("e") ? exposures[Number(key.slice(1))] : traits[Number(key)]);

  function schemeOf(name) {
    const k = traits.indexOf(name);
    const e = exposures.indexOf(name);
    return k >= 0 ? String(k) : e >= 0 ? `e${e}` : opened.colour;
  }

  function view() {
    const said = new URLSearchParams();
    const names = [...state.chosen].map((token) => people.names[token]).filter(Boolean);
    if (names.length <= MOST) names.forEach((name) => said.append("select", name));
    const { exposure, answer } = shown();
    if (exposure === "chosen") said.set("show", "chosen");
    else if (exposure !== "") {
      said.set("show", exposures[Number(exposure)]);
      said.set("answer", answer);
    }
    if (state.colour !== opened.colour) said.set("colour", scheme(state.colour));
    if (language() !== opened.language) said.set("lang", language());
    return said.toString();
  }

  const parts = () => {
    const [panel, ...rest] = location.hash.slice(1).split("?");
    return [panel, rest.join("?")];
  };

  function write() {
    if (reading) return;
    const said = view();
    const [panel] = parts();
    const hash = said ? `#${panel}?${said}` : panel ? `#${panel}` : location.pathname + location.search;
    if (hash !== location.hash) history.replaceState(null, "", hash);
  }

  function read() {
    const [panel, said] = parts();
    if (!said) return write();
    const wanted = new URLSearchParams(said);
    reading = true;
    const tongue = wanted.get("lang") ?? opened.language;
    if (tongue !== language() && languages.some(([code]) => code === tongue)) speak(tongue);
    colour(schemeOf(wanted.get("colour")));
    choose(wanted.getAll("select").map((name) => tokens.get(name)).filter(Boolean));
    const at = exposures.indexOf(wanted.get("show"));
    const exposure = wanted.get("show") === "chosen" ? "chosen" : at < 0 ? "" : String(at);
    const answer = wanted.get("answer");
    show({ exposure, answer: "ynu-".includes(answer ?? " ") ? answer : "y" });
    reading = false;
    document.getElementById(panel)?.scrollIntoView();
  }

  listen(write);
  onLanguage(write);
  window.addEventListener("hashchange", read);
  read();
})();
