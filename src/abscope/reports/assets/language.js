// The page in other languages: a dictionary of its English texts, applied to text and labels.
// Names and values of the data stand in elements marked translate="no" and are left alone.
(() => {
  "use strict";
  const known = JSON.parse(document.getElementById("languages").textContent);
  const people = JSON.parse(document.getElementById("people")?.textContent ?? "{}");
  const values = new Set((people.exposures ?? []).map(([, value]) => value));
  const listeners = [];
  const written = new WeakMap(); // text node -> its English
  const labels = ["aria-label", "title", "placeholder"];
  let code = "en";
  let exact = new Map();
  let patterns = [];
  let cache = new Map();

  // Kinds of exposure, as the data dictionary has them, and what else stands in their lists.
  const KINDS = "country|city|clinician|clinic|procedure|body site|route|product|supplier|donor|lot|reagent|diluent|device|water|other|month";
  const ONE = new RegExp(`^(${KINDS})((?: .*)?)$`, "su");
  const BETWEEN = new RegExp(`(, | and | or |; )(?=(?:${KINDS})(?: |$|,|;)|\\d[\\d,]* on )`, "u");

  // "{n} of {m} shown" as a pattern, with its longest fixed piece to look for first. {n} and {m} are
  // numbers; where nearly nothing is fixed ("{a} of {b}"), all are.
  function pattern([english, other]) {
    const pieces = english.split(/\{(\w+)\}/);
    const names = pieces.filter((_, k) => k % 2);
    const fixed = pieces.filter((_, k) => k % 2 === 0);
    const longest = fixed.reduce((a, b) => (b.length > a.length ? b : a), "");
    const some = (name) => (name === "n" || name === "m" || (name !== "name" && longest.trim().length <= 2) ? "(\\P{L}+?)" : "(.+?)");
    const source = fixed.map((piece, k) => piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&") + (k < names.length ? some(names[k]) : "")).join("");
    return { regex: new RegExp(`^${source}$`, "su"), names, other, longest, size: fixed.join("").length };
  }

  function load(chosen) {
    code = chosen;
    const texts = Object.entries(known[code]?.texts ?? {});
    exact = new Map(texts.filter(([english]) => !english.includes("{")));
    patterns = texts.filter(([english]) => english.includes("{")).map(pattern).sort((one, two) => two.size - one.size);
    cache = new Map();
  }

  // The most telling pattern wins. whole: also where a value would reach into the next sentence.
  function looked(text, whole) {
    if (exact.has(text)) return exact.get(text);
    for (const { regex, names: places, other, longest } of patterns) {
      if (!text.includes(longest)) continue;
      const found = regex.exec(text)?.slice(1);
      if (!found || (!whole && found.some((value) => /[.:] \S/u.test(value)))) continue;
      const given = Object.fromEntries(places.map((name, k) => [name, value(found[k])]));
      return other.replace(/\{(\w+)\}/g, (_, name) => given[name]);
    }
    return listed(text);
  }

  // "supplier X, product Y and lot Z": kinds are told in this language, names stay.
  function listed(text) {
    const pieces = text.split(BETWEEN);
    const told = pieces.map((piece, k) => {
      if (k % 2) return joined(piece);
      const [, kind, name] = ONE.exec(piece) ?? [];
      if (kind) return t(kind) + name.replace(/^ not known\b/u, (words) => ` ${t(words.trim())}`);
      return pieces.length > 1 && /^\d/u.test(piece) ? t(piece) : null;
    });
    return told.includes(null) || told.join("") === text ? null : told.join("");
  }

  const joined = (between) => between.replace(/and|or/u, (word) => t(word));

  // What one place of a pattern holds. Of names, only the "and" between them is a word of ours.
  function value(text) {
    const more = / \(and \d+ more\)$/u.exec(text)?.[0];
    if (more) return `${value(text.slice(0, -more.length))} ${t(more.trim())}`;
    const pieces = text.split(/(, | and )/u);
    const all = pieces.length > 1 && pieces.every((piece, k) => k % 2 || values.has(piece) || /^(\S+|['“][^'”]+['”])$/u.test(piece));
    return all ? pieces.map((piece, k) => (k % 2 ? joined(piece) : piece)).join("") : listed(text) ?? t(text);
  }

  // One text; a run of sentences is looked up sentence by sentence where the whole is not known.
  function t(english) {
    if (code === "en" || !/\p{L}/u.test(english)) return english;
    if (!cache.has(english)) cache.set(english, looked(english, false) ?? apart(english) ?? looked(english, true) ?? english);
    return cache.get(english);
  }

  function apart(english) {
    for (const ends of [/(?<=\.) /u, /(?<=[;:]) /u]) {
      const parts = english.split(ends);
      const told = parts.map((part) => (parts.length > 1 ? t(part) : part)).join(" ");
      if (told !== english) return told;
    }
    return null;
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
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (/\p{L}/u.test(node.data) && !node.parentNode.closest("[translate=no], script, style, pre")) found.push(node);
    }
    return found;
  }

  function apply(root = document.body) {
    for (const node of texts(root)) {
      if (!written.has(node)) written.set(node, node.nodeValue);
      const now = translated(written.get(node));
      if (now !== node.nodeValue) node.nodeValue = now;
    }
    for (const element of root.querySelectorAll(labels.map((label) => `[${label}]`).join())) {
      if (element.closest("[translate=no]")) continue;
      for (const label of labels.filter((one) => element.hasAttribute(one))) {
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
