// The page in other languages: a dictionary of its English texts, applied to text and labels.
// Names and values of the data stand in elements marked translate="no" and are left alone.
(() => {
  "use strict";
  const known = JSON.parse(document.getElementById("languages").textContent);
  const people = JSON.parse(document.getElementById("people")?.textContent ?? "{}");
  const values = new Set((people.exposures ?? []).map(([, value]) => value));
  const listeners = [];
  const labels = ["aria-label", "title", "placeholder"];
  const LABELLED = `:is(${labels.map((one) => `[${one}]`)}):not([data-mark])`; // marks are named where they are painted
  const NOT_OURS = "[translate=no], script, style, pre";
  const written = new WeakMap(); // text -> its English; element -> its labels'
  const parts = new Set(document.querySelectorAll("tbody, figure svg")); // moved and hidden, but never rewritten
  const alike = new Map(); // English -> the texts of these that say it
  const labelled = []; // elements of these that have labels
  const gathering = gather();
  const preparing = prepare();
  const whenIdle = (does) => (window.requestIdleCallback ?? setTimeout)(does); // Safari has none
  const tongues = new Map(); // code -> its texts
  let tongue = null; // that of the page

  // Kinds of exposure, as the data dictionary has them, and what else stands in their lists.
  const KINDS = "country|city|clinician|clinic|procedure|body site|route|product|supplier|donor|lot|reagent|diluent|device|water|other|month";
  const ONE = new RegExp(`^(${KINDS})((?: .*)?)$`, "su");
  const BETWEEN = new RegExp(`(, | and | or |; )(?=(?:${KINDS})(?: |$|,|;)|\\d[\\d,]* on )`, "u");

  // "{n} of {m} shown" as a pattern, and its longest whole word: a text without it is not held against it.
  // {n} and {m} are numbers; where nearly nothing is fixed ("{a} of {b}"), all are.
  const WORDS = /\p{L}+/gu;
  const GLUE = "ŋ"; // a letter that no text of ours has, for what stands at a place
  function pattern([english, other]) {
    const pieces = english.split(/\{(\w+)\}/);
    const names = pieces.filter((_, k) => k % 2);
    const fixed = pieces.filter((_, k) => k % 2 === 0);
    const longest = fixed.reduce((a, b) => (b.length > a.length ? b : a), "");
    const some = (name) => (name === "n" || name === "m" || (name !== "name" && longest.trim().length <= 2) ? "(\\P{L}+?)" : "(.+?)");
    const source = fixed.map((piece, k) => piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&") + (k < names.length ? some(names[k]) : "")).join("");
    const whole = english.replace(/\{\w+\}/g, GLUE).match(WORDS)?.filter((word) => !word.includes(GLUE)) ?? [];
    const word = whole.reduce((a, b) => (b.length > a.length ? b : a), "");
    return { regex: new RegExp(`^${source}$`, "su"), names, other, word, size: fixed.join("").length };
  }

  // A language: texts without places, patterns by a word that each has, and what was looked up before.
  function tongueOf(code) {
    if (!tongues.has(code)) {
      const texts = Object.entries(known[code]?.texts ?? {});
      const all = texts.filter(([english]) => english.includes("{")).map(pattern).sort((one, two) => two.size - one.size);
      const patterns = new Map(all.map(({ word }) => [word, []]));
      all.forEach((one, rank) => patterns.get(one.word).push({ ...one, rank }));
      tongues.set(code, { code, exact: new Map(texts.filter(([english]) => !english.includes("{"))), patterns, cache: new Map() });
    }
    return tongues.get(code);
  }

  // The most telling pattern wins. whole: also where a value would reach into the next sentence.
  function looked(text, whole) {
    if (tongue.exact.has(text)) return tongue.exact.get(text);
    const near = [...new Set(text.match(WORDS)), ""].flatMap((word) => tongue.patterns.get(word) ?? []);
    for (const { regex, names: places, other } of near.sort((one, two) => one.rank - two.rank)) {
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
    if (tongue.code === "en" || !/\p{L}/u.test(english)) return english;
    const { cache } = tongue;
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
    const found = known[tongue.code]?.texts[template] ?? template;
    return found.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  function translated(raw) {
    const [, before, text, after] = /^(\s*)(.*?)(\s*)$/s.exec(raw);
    return text ? before + t(text.replace(/\s+/g, " ")) + after : raw;
  }

  const lettered = (text) => /\p{L}/u.test(text.data);
  const skipped = (element) => parts.has(element) || element.matches(NOT_OURS);

  // Texts and elements outside the fixed parts, which are stepped over whole.
  function rest() {
    const accept = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return lettered(node) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
      return skipped(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, accept);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found;
  }

  // What the fixed parts say, read once, and what that is in other languages: a little at a time, while
  // nothing else is to do.
  function* prepare() {
    yield* gathering;
    for (const code of Object.keys(known)) {
      for (const english of alike.keys()) {
        const own = tongue;
        tongue = tongueOf(code);
        translated(english);
        tongue = own;
        yield;
      }
    }
  }

  function* gather() {
    for (const part of parts) {
      if (!part.isConnected) continue;
      labelled.push(...[...part.querySelectorAll(LABELLED)].filter((element) => !element.closest(NOT_OURS)));
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        if (!lettered(text) || text.parentNode.closest(NOT_OURS)) continue;
        const same = alike.get(text.data);
        if (same) same.push(text);
        else alike.set(text.data, [text]);
        yield;
      }
    }
  }

  function goOn(deadline) {
    while (!deadline || deadline.timeRemaining() > 1) if (preparing.next().done) return;
    whenIdle(goOn);
  }

  function apply() {
    while (!gathering.next().done);
    for (const [english, same] of alike) {
      const now = translated(english);
      if (now !== same[0].data) for (const text of same) text.data = now;
    }
    labelled.forEach(label);
    for (const node of rest()) {
      if (node.nodeType === Node.ELEMENT_NODE) label(node);
      else write(node);
    }
  }

  function write(text) {
    if (!written.has(text)) written.set(text, text.data);
    const now = translated(written.get(text));
    if (now !== text.data) text.data = now;
  }

  function label(element) {
    if (!element.matches(LABELLED)) return;
    const english = written.get(element) ?? {};
    written.set(element, english);
    for (const name of labels.filter((one) => element.hasAttribute(one))) {
      english[name] ??= element.getAttribute(name);
      element.setAttribute(name, translated(english[name]));
    }
  }

  function speak(chosen) {
    tongue = tongueOf(chosen);
    document.documentElement.lang = chosen;
    apply();
    for (const listener of listeners) listener(chosen);
  }

  tongue = tongueOf(document.documentElement.lang);
  const names = [["en", "English"], ...Object.entries(known).map(([key, value]) => [key, value.name])];
  window.abscope = { t, say, speak, whenIdle, languages: names, language: () => tongue.code, onLanguage: (listener) => listeners.push(listener) };
  if (tongue.code !== "en") apply();
  whenIdle(goOn);
})();
