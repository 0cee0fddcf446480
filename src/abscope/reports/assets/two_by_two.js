// The two-by-two table of the selection: reckoned here, from the answers inside the page.
(() => {
  "use strict";
  const { people, state, t, say, listen, onLanguage } = window.abscope;
  const outer = document.getElementById("tbt");

  const logs = [0];
  function logFactorial(n) {
    for (let k = logs.length; k <= n; k += 1) logs.push(logs[k - 1] + Math.log(k));
    return logs[n];
  }

  // Ways of every table with the margins of [[a, b], [c, d]], as logarithms, and the least first cell.
  function ways([a, b, c, d]) {
    const [row, column, total] = [a + b, a + c, a + b + c + d];
    const low = Math.max(0, row + column - total);
    const found = [];
    for (let k = low; k <= Math.min(row, column); k += 1) {
      found.push(-logFactorial(k) - logFactorial(row - k) - logFactorial(column - k) - logFactorial(total - row - column + k));
    }
    return { low, found };
  }

  function chances({ low, found }, logOdds) {
    const weights = found.map((way, k) => way + (low + k) * logOdds);
    const most = Math.max(...weights);
    const raw = weights.map((weight) => Math.exp(weight - most));
    const sum = raw.reduce((one, two) => one + two, 0);
    return raw.map((weight) => weight / sum);
  }

  // Fisher's exact test, two-sided: all tables no likelier than this one.
  function fisher(cells) {
    const [a, b, c, d] = cells;
    if (!(a + b) || !(c + d)) return null;
    const table = ways(cells);
    const all = chances(table, 0);
    const own = all[a - table.low] * (1 + 1e-7);
    return Math.min(1, all.reduce((sum, chance) => sum + (chance <= own ? chance : 0), 0));
  }

  // Where a falling or rising function of the log odds is zero.
  function solved(rises) {
    let [low, high] = [-50, 50];
    for (let k = 0; k < 80; k += 1) {
      const middle = (low + high) / 2;
      if (rises(middle) < 0) low = middle;
      else high = middle;
    }
    return Math.exp((low + high) / 2);
  }

  // Conditional maximum-likelihood odds ratio with its exact 95 % interval (Cornfield 1956).
  function oddsRatio(cells) {
    const [a, b, c, d] = cells;
    if (!(a + b) || !(c + d) || !(a + c) || !(b + d)) return null;
    const table = ways(cells);
    const [low, high] = [table.low, table.low + table.found.length - 1];
    const mean = (x) => chances(table, x).reduce((sum, chance, k) => sum + chance * (low + k), 0);
    const upper = (x) => chances(table, x).reduce((sum, chance, k) => sum + (low + k >= a ? chance : 0), 0);
    const lower = (x) => chances(table, x).reduce((sum, chance, k) => sum + (low + k <= a ? chance : 0), 0);
    return {
      value: a === low ? 0 : a === high ? Infinity : solved((x) => mean(x) - a),
      from: a === low ? 0 : solved((x) => upper(x) - 0.025),
      to: a === high ? Infinity : solved((x) => 0.025 - lower(x)),
    };
  }

  // Share of the exposed who are selected over that of the unexposed, with its interval (Katz 1978).
  function riskRatio([a, b, c, d]) {
    if (!(a + c) || !b || !(c + d)) return null;
    const value = a / (a + c) / (b / (b + d));
    const spread = Math.sqrt(1 / a - 1 / (a + c) + 1 / b - 1 / (b + d));
    return { value, from: a ? value * Math.exp(-1.959963984540054 * spread) : null, to: a ? value * Math.exp(1.959963984540054 * spread) : null };
  }

  // Everybody by group: true in the first, false in the second, null in neither.
  function groups() {
    const chosen = people.cases.filter(([token]) => state.chosen.has(token));
    if (chosen.length) return { names: [say("selected ({n})", { n: chosen.length }), t("everybody else")], of: ([token]) => state.chosen.has(token) };
    if (people.cases.some(([, , status]) => status === "not a case")) {
      const of = ([, , status]) => (status === "not a case" ? false : status === null ? null : true);
      return { names: [t("cases"), t("comparison patients")], of };
    }
    const clusters = people.traits.find(({ name }) => name === "Cluster");
    const first = people.cases.map(([token]) => clusters?.of[token]).find(Boolean);
    return { names: [first ? `${t("cluster")} ${first}` : t("nobody"), t("everybody else")], of: ([token]) => first !== undefined && clusters.of[token] === first };
  }

  function cells(k, of) {
    const found = [0, 0, 0, 0];
    for (const one of people.cases) {
      const [group, answer] = [of(one), one[3][k]];
      if (group === null || (answer !== "y" && answer !== "n")) continue;
      found[(group ? 0 : 2) + (answer === "y" ? 0 : 1)] += 1;
    }
    return found;
  }

  const number = (value, digits = 2) => (value === Infinity ? "∞" : value === null ? "–" : value.toLocaleString("en", { maximumSignificantDigits: digits }));
  const chance = (p) => (p === null ? "–" : p < 0.001 ? "< 0.001" : number(p));
  const ratio = (one) => (one === null ? "–" : `${number(one.value, 3)} (${number(one.from, 3)} – ${number(one.to, 3)})`);

  function element(tag, text = "", attributes = {}) {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function row(tag, head, ...texts) {
    const made = document.createElement("tr");
    made.append(element("th", head, { scope: tag === "th" ? "col" : "row" }), ...texts.map((text) => element(tag, text, { class: "number", ...(tag === "th" && { scope: "col" }) })));
    return made;
  }

  let shown = 0;

  function table(k, names, [a, b, c, d]) {
    const made = element("table", "", { class: "crossed" });
    const [kind, value] = people.exposures[k];
    made.append(element("caption", `${t(kind)} ${value}`), row("th", t("Group"), t("exposed"), t("not exposed")), row("td", names[0], a, b), row("td", names[1], c, d));
    return made;
  }

  function measures(found) {
    const list = element("dl", "", { class: "measures" });
    const said = [[t("Risk ratio"), ratio(riskRatio(found))], [t("Odds ratio"), ratio(oddsRatio(found))], [t("Fisher's exact test, p"), chance(fisher(found))]];
    for (const [name, value] of said) {
      const pair = document.createElement("div");
      pair.append(element("dt", name), element("dd", value));
      list.append(pair);
    }
    return list;
  }

  function ranked(all, names) {
    const made = element("table", "", { class: "ranked" });
    made.append(element("caption", t("Exposures, by p")));
    const head = made.createTHead();
    head.append(row("th", t("Exposure"), names[0], names[1], "p"));
    const body = made.createTBody();
    for (const { k, found, p } of all.slice(0, 12)) {
      const [a, b, c, d] = found;
      const line = row("td", "", `${a} / ${a + b}`, `${c} / ${c + d}`, chance(p));
      const pick = element("button", `${t(people.exposures[k][0])} ${people.exposures[k][1]}`, { type: "button", class: "pick", "aria-pressed": String(k === shown) });
      pick.addEventListener("click", () => { shown = k; render(true); });
      line.cells[0].append(pick);
      body.append(line);
    }
    return made;
  }

  // keep: the exposure shown was asked for; otherwise that with the smallest p is.
  function render(keep) {
    const { names, of } = groups();
    const all = people.exposures.map((_, k) => {
      const found = cells(k, of);
      return { k, found, p: fisher(found) };
    });
    all.sort((one, two) => (one.p ?? 2) - (two.p ?? 2) || two.found[0] - one.found[0]);
    if (!keep) shown = all[0].k;
    const own = all.find(({ k }) => k === shown).found;
    const left = document.createElement("div");
    left.append(table(shown, names, own), measures(own));
    const right = element("div", "", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("Exposures, by p") });
    right.append(ranked(all, names));
    outer.replaceChildren(left, right);
  }

  window.abscopeTwoByTwo = { fisher, oddsRatio, riskRatio };
  if (!outer || !people.exposures.length) return;
  outer.setAttribute("translate", "no");
  listen((_, what) => {
    if (what === "selection") render(false);
  });
  onLanguage(() => render(true));
  render(false);
})();
