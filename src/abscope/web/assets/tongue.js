// The language of the live pages: chosen on any of them, kept by the browser, the same on all.
(() => {
  "use strict";
  const { speak, languages, language, onLanguage, t } = window.abscope;
  const KEY = "abscope language";
  const place = document.getElementById("tongue");

  function kept() {
    try {
      return localStorage.getItem(KEY) ?? navigator.language.slice(0, 2);
    } catch {
      return navigator.language.slice(0, 2); // a browser that keeps nothing
    }
  }

  function keep(code) {
    try {
      localStorage.setItem(KEY, code);
    } catch { /* it is chosen again on the next page */ }
  }

  function build() {
    const label = document.createElement("label");
    const select = document.createElement("select");
    select.setAttribute("translate", "no");
    for (const [code, name] of languages) select.append(new Option(name, code, false, code === language()));
    select.addEventListener("change", () => speak(select.value));
    label.append(`${t("Language")} `, select);
    place.replaceChildren(label);
  }

  onLanguage((code) => {
    keep(code);
    if (place) build();
  });
  const wanted = kept();
  if (!location.hash.includes("lang=") && wanted !== language() && languages.some(([code]) => code === wanted)) speak(wanted);
  if (place) build();
})();
