// The page in other languages: a dictionary of its English texts, applied to text and labels.
// Names and values of the data stand in elements marked translate="no" and are left alone.
(() => {
  "use strict";
  const known = JSON.parse(document.getElementById("languages").textContent);
  const listeners = [];
  const written = new WeakMap(); // text node -> its English
  const labels = ["aria-label", "title", "placeholder"];
  let code = "en";
  let exact = new Map();
  let patterns = [];
  let cache = new Map();

  // "{n} of {m} shown" as a pattern, with its longest fixed piece to look for first.
  function pattern([english, other]) {
    const pieces = english.split(/\{(\w+)\}/);
    const names = pieces.filter((_, k) => k % 2);
    const fixed = pieces.filter((_, k) => k % 2 === 0);
    const longest = fixed.reduce((a, b) => (b.length > a.length ? b : a), "");
    const any = longest.trim().length > 2 ? "(.+?)" : "(\\P{L}+?)"; // "{a} of {b}" is of numbers alone
    const source = fixed.map((piece) => piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join(any);
    return { regex: new RegExp(`^${source}$`, "su"), names, other, longest };
  }

  function load(chosen) {
    code = chosen;
    const texts = Object.entries(known[code]?.texts ?? {});
    exact = new Map(texts.filter(([english]) => !english.includes("{")));
    patterns = texts.filter(([english]) => english.includes("{")).map(pattern);
    cache = new Map();
  }

  function looked(text) {
    if (exact.has(text)) return exact.get(text);
    for (const { regex, names, other, longest } of patterns) {
      if (!text.includes(longest)) continue;
      const found = regex.exec(text);
      if (!found) continue;
      const given = Object.fromEntries(names.map((name, k) => [name, found[k + 1]]));
      return other.replace(/\{(\w+)\}/g, (_, name) => t(given[name]));
    }
    return null;
  }

  // One text; a run of sentences is looked up sentence by sentence where the whole is not known.
  function t(english) {
    if (code === "en" || !/\p{L}/u.test(english)) return english;
    if (!cache.has(english)) {
      const whole = looked(english);
      const sentences = whole === null ? english.split(/(?<=\.) /) : [];
      const parts = sentences.length === 1 ? english.split(/(?<=[;:]) /) : sentences;
      cache.set(english, whole ?? (parts.length > 1 ? parts.map(t).join(" ") : english));
    }
    return cache.get(english);
  }

  // "{n} of {m} shown" filled with values, in the page's language.
  function say(template, values) {
    const found = code === "en" ? template : known[code].texts[template] ?? template;
    return found.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  function translated(raw) {
    const [, before, text, after] = /^(\s*)(.*?)(\s*)$/s.exec(raw);
    return text ? before + t(text.replace(/\s+/g, " ")) + after : raw;
  }

  function texts(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
      if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
      const left = node.getAttribute("translate") === "no" || node.localName === "script" || node.localName === "style" || node.localName === "pre";
      return left ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
    });
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found;
  }

  function apply(root = document.body) {
    for (const node of texts(root)) {
      if (!written.has(node)) written.set(node, node.nodeValue);
      const now = translated(written.get(node));
      if (now !== node.nodeValue) node.nodeValue = now;
    }
    for (const label of labels) {
      for (const element of root.querySelectorAll(`[${label}]`)) {
        if (element.closest("[translate=no]")) continue;
        const kept = `data-en-${label}`;
        if (!element.hasAttribute(kept)) element.setAttribute(kept, element.getAttribute(label));
        element.setAttribute(label, translated(element.getAttribute(kept)));
      }
    }
  }

  function speak(chosen) {
    load(chosen);
    document.documentElement.lang = chosen;
    apply();
    for (const listener of listeners) listener(chosen);
  }

  load(document.documentElement.lang);
  const names = [["en", "English"], ...Object.entries(known).map(([key, value]) => [key, value.name])];
  window.abscope = { t, say, speak, languages: names, language: () => code, onLanguage: (listener) => listeners.push(listener) };
  if (code !== "en") apply();
})();
