// The tile maps: their numbers follow the filter.
(() => {
  "use strict";
  const { listen } = window.abscope;
  const texts = [...document.querySelectorAll(".tiles [data-counted]")].map((text) => [text, text.dataset.counted.split(" ")]);

  listen(({ kept }, what) => {
    if (what !== "filter") return;
    for (const [text, tokens] of texts) {
      const number = kept === null ? tokens.length : tokens.filter((token) => kept.has(token)).length;
      text.textContent = number ? `${text.dataset.sign}${number}` : "";
    }
  });
})();
