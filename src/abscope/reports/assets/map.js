// The tile maps: their numbers follow the filter, and with a selection say how many of it are there.
(() => {
  "use strict";
  const { listen, state } = window.abscope;
  const tiles = [...document.querySelectorAll(".tiles [data-living]")].map((text) => ({
    text,
    living: text.dataset.living.split(" ").filter(Boolean),
    exposed: text.dataset.exposed.split(" ").filter(Boolean),
  }));

  const counted = (tokens) => tokens.filter((token) => state.kept === null || state.kept.has(token)).length;

  function count() {
    for (const { text, living, exposed } of tiles) {
      const home = counted(living);
      const there = counted(exposed);
      text.textContent = [home ? `⌂${home}` : "", there ? `▲${there}` : ""].filter(Boolean).join(" ");
    }
  }
  listen((_, what) => {
    if (what === "filter") count();
  });
})();
