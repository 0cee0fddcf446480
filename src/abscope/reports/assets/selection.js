// One shared selection: choosing an isolate, a case or a cluster marks it in every panel.
// Elements say whom they are about in data-of, and whom they choose in data-select.
(() => {
  "use strict";
  const names = JSON.parse(document.getElementById("names").textContent);
  const bar = document.getElementById("selection");
  const places = new Map();
  const listeners = [];
  let chosen = new Set();

  for (const element of document.querySelectorAll("[data-of]")) {
    for (const token of element.dataset.of.split(" ")) {
      if (!places.has(token)) places.set(token, []);
      places.get(token).push(element);
    }
  }
  const pickers = [...document.querySelectorAll("[data-select]")]
    .map((element) => [element, element.dataset.select.split(" ")]);

  function mark(tokens, on) {
    for (const token of tokens) {
      for (const element of places.get(token) ?? []) element.classList.toggle("chosen", on);
    }
  }

  function announce() {
    const spoken = [...chosen].map((token) => names[token]).filter(Boolean);
    const shown = spoken.slice(0, 8).join(", ");
    const more = spoken.length > 8 ? ` and ${spoken.length - 8} more` : "";
    bar.hidden = spoken.length === 0;
    bar.querySelector("[role=status]").textContent = spoken.length ? `Selected: ${shown}${more}` : "";
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
    mark(chosen, false);
    chosen = new Set(tokens);
    mark(chosen, true);
    for (const [element, own] of pickers) {
      if (element.hasAttribute("aria-pressed")) {
        element.setAttribute("aria-pressed", String(chosen.size > 0 && own.every((t) => chosen.has(t))));
      }
    }
    announce();
    for (const listener of listeners) listener(chosen);
  }

  // Again the same: cleared. With Control, Command or Shift: added or taken away.
  function pick(tokens, more) {
    const known = tokens.every((token) => chosen.has(token));
    if (more) choose(known ? [...chosen].filter((t) => !tokens.includes(t)) : [...chosen, ...tokens]);
    else choose(known && tokens.length === chosen.size ? [] : tokens);
  }

  document.addEventListener("click", (event) => {
    const picker = event.target.closest("[data-select]");
    if (!picker) return;
    const tokens = picker.dataset.select.split(" ").filter(Boolean);
    if (picker.closest("a")) choose(tokens);
    else pick(tokens, event.ctrlKey || event.metaKey || event.shiftKey);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && chosen.size) choose([]);
  });
  bar.querySelector(".clear").addEventListener("click", () => choose([]));

  window.abscope = { pick, choose, listen: (listener) => listeners.push(listener) };
})();
