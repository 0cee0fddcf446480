// The trees: drawn anew for what is to be seen, names only where they are in view, so that thousands
// of tips stay quick. Branches are two paths; a click or the arrow keys find a clade and choose it.
(() => {
  "use strict";
  const { t, say, people, state, look, key, choose, listen, onLanguage } = window.abscope;
  const { grown, rectangle, circle, branches, common, step } = window.abscopeTree;
  const [WIDTH, LEFT, RIGHT, HEAD, NAMES, CASES, STRIPS, STRIP] = [980, 14, 470, 110, 486, 668, 768, 22];
  const FEW = 400; // tips: beyond that only the names in view are drawn
  const NEAR = 10; // pixels from a node that still mean it
  const NS = "http://www.w3.org/2000/svg";

  function svg(tag, attributes = {}, text = "") {
    const made = document.createElementNS(NS, tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  }

  // What is asked of each tip beside its name: every trait, and the exposure it is coloured by.
  function strips() {
    const traits = people.traits.map((trait, k) => [String(k), t(trait.name)]).slice(0, 7);
    if (!state.colour.startsWith("e")) return traits;
    const [kind, value] = people.exposures[Number(state.colour.slice(1))];
    return [[state.colour, `${t(kind)}: ${value}`], ...traits];
  }

  class View {
    constructor(figure) {
      const data = JSON.parse(document.getElementById(figure.dataset.tree).textContent);
      Object.assign(this, { figure, data, tree: grown(data.parents), top: 0, radial: false, equal: false, cursor: 0 });
      this.tip = new Map(data.tips.map(([node, ...rest]) => [node, rest]));
      this.place = new Map(this.tree.tips.map((node, k) => [node, k]));
      this.tokens = this.tree.tips.map((node) => this.tip.get(node)?.[3].split(" ").filter(Boolean) ?? []);
      this.scroll = figure.querySelector(".scroll");
      this.scroll.setAttribute("role", "application");
      this.size = { width: this.scroll.clientWidth || WIDTH, height: this.scroll.clientHeight || 700, at: 0 };
      this.scroll.addEventListener("scroll", () => requestAnimationFrame(() => {
        this.size.at = this.scroll.scrollTop;
        this.names();
      }));
      new ResizeObserver(([entry]) => {
        Object.assign(this.size, { width: entry.contentRect.width || WIDTH, height: entry.contentRect.height || 700 });
        requestAnimationFrame(() => this.names());
      }).observe(this.scroll);
      this.scroll.addEventListener("keydown", (event) => this.key(event));
      this.scroll.addEventListener("focus", () => this.point());
      this.spoken = figure.parentNode.insertBefore(document.createElement("p"), figure.nextSibling);
      this.spoken.className = "spoken";
      this.spoken.setAttribute("role", "status");
      this.tools();
      this.legend();
      this.draw();
    }

    get shown() {
      return this.tree.last[this.top] - this.tree.first[this.top] + 1;
    }

    tools() {
      const bar = document.createElement("div");
      bar.className = "tools screen";
      const button = (text, act) => {
        const made = document.createElement("button");
        made.type = "button";
        made.textContent = t(text);
        made.addEventListener("click", act);
        return made;
      };
      const toggle = (text, key) => {
        const made = button(text, () => {
          this[key] = !this[key];
          made.setAttribute("aria-pressed", String(this[key]));
          this.draw();
        });
        made.setAttribute("aria-pressed", String(this[key]));
        return made;
      };
      bar.append(
        toggle("Around a circle", "radial"), toggle("Equal branches", "equal"),
        button("Zoom to the selection", () => this.zoomToChosen()),
        button("One branch up", () => this.zoom(Math.max(this.tree.parents[this.top], 0))),
        button("Whole tree", () => this.zoom(0)),
      );
      this.figure.querySelector(".tools")?.remove();
      this.figure.prepend(bar);
      const keys = t("Arrow keys walk along the branches, Enter chooses the clade, Z zooms to it, U goes one branch up.");
      this.scroll.setAttribute("aria-label", `${t(this.figure.dataset.label)}. ${keys}`);
    }

    // What the marks beside the tips mean.
    legend() {
      const list = document.createElement("dl");
      list.className = "strips";
      for (const [scheme, name] of strips()) {
        const [head, said] = [document.createElement("dt"), document.createElement("dd")];
        head.textContent = name;
        said.append(...key(scheme));
        list.append(head, said);
      }
      this.figure.querySelector(".strips")?.remove();
      this.scroll.after(list);
    }

    zoom(node) {
      this.top = node;
      this.cursor = node;
      this.draw();
    }

    zoomToChosen() {
      const places = this.tokens.flatMap((tokens, k) => (tokens.length && state.chosen.has(tokens[0]) ? [k] : []));
      if (places.length) this.zoom(common(this.tree, places));
    }

    weak(node) {
      const support = this.data.support[node];
      return this.data.weakBelow !== null && support !== null && support < this.data.weakBelow;
    }

    draw() {
      const number = this.shown;
      this.row = number <= 60 ? 22 : number <= FEW ? 17 : 13;
      this.height = this.radial ? WIDTH : HEAD + this.row * number + 46;
      const shape = { top: this.top, equal: this.equal };
      const ring = STRIP * 0.6 * strips().length;
      this.outer = WIDTH / 2 - ring - (number <= 150 ? 150 : 16);
      this.placed = this.radial
        ? circle(this.tree, this.data.lengths, { ...shape, middle: WIDTH / 2, inner: 14, outer: this.outer })
        : rectangle(this.tree, this.data.lengths, { ...shape, left: LEFT, right: RIGHT, head: HEAD, row: this.row });
      const drawn = svg("svg", { viewBox: `0 0 ${WIDTH} ${this.height}`, role: "group", "aria-label": t("Tree"), class: this.radial ? "radial" : "rows" });
      const [sure, weak] = branches(this.tree, this.placed, this.top, (node) => this.weak(node));
      this.under = drawn.appendChild(svg("g"));
      drawn.append(svg("path", { d: sure, class: "branches" }), svg("path", { d: weak, class: "weak" }));
      this.nodes(drawn, number);
      if (!this.equal) this.ruler(drawn);
      this.labels = drawn.appendChild(svg("g"));
      this.target = drawn.appendChild(svg("circle", { class: "cursor", r: 6, visibility: "hidden" }));
      drawn.addEventListener("click", (event) => this.click(event));
      drawn.addEventListener("pointermove", (event) => this.hover(event));
      this.heads(drawn);
      this.scroll.replaceChildren(drawn);
      if (this.size.at) this.scroll.scrollTop = 0; // to set it lays the whole page out
      this.size.at = 0;
      this.scroll.classList.toggle("tall", !this.radial && number > 40);
      this.drawn = drawn;
      this.window = "";
      this.names();
      this.mark();
    }

    // Support at inner nodes, in numbers where there is room.
    nodes(drawn, number) {
      if (number > FEW) return;
      for (const node of this.placed.inside) {
        const support = this.data.support[node];
        if (support === null || !this.tree.children[node].length || node === this.top) continue;
        drawn.append(svg("circle", { class: this.weak(node) ? "weak" : "sure", cx: this.placed.x[node], cy: this.placed.y[node], r: number > 60 ? 2.4 : 3.4 }));
        const room = this.placed.x[node] - this.placed.x[this.tree.parents[node]] > 26;
        if (!this.radial && number <= 60 && room) {
          drawn.append(svg("text", { class: "faint", x: this.placed.x[node] - 6, y: this.placed.y[node] - 4, "text-anchor": "end" }, support.toFixed(0)));
        }
      }
      if (!this.radial && !this.equal && number <= 60) this.lengths(drawn);
    }

    // SNPs on the branches of tips, where there is room.
    lengths(drawn) {
      for (const node of this.placed.inside) {
        const from = this.placed.x[this.tree.parents[node]];
        if (!this.tip.has(node) || node === this.top || this.placed.x[node] - from < 52) continue;
        const length = this.data.lengths[node];
        const text = length.toLocaleString("en", { maximumFractionDigits: length < 10 ? 1 : 0 });
        drawn.append(svg("text", { class: "faint", x: (from + this.placed.x[node]) / 2, y: this.placed.y[node] - 4, "text-anchor": "middle" }, text));
      }
    }

    ruler(drawn) {
      const whole = (this.radial ? this.outer - 14 : RIGHT - LEFT) / (this.placed.unit || 1);
      if (!this.placed.unit) return;
      const size = step(whole);
      const wide = size * this.placed.unit;
      const scale = svg("g", { class: "scale" });
      scale.append(svg("path", { d: `M${LEFT} ${this.height - 26}v8m0 -4h${wide.toFixed(1)}m0 -4v8` }), svg("text", { x: LEFT + wide + 8, y: this.height - 17 }, say(size === 1 ? "{n} SNP" : "{n} SNPs", { n: size })));
      drawn.append(scale);
    }

    heads(drawn) {
      if (this.radial) return;
      drawn.append(svg("text", { class: "heading", x: NAMES, y: HEAD - 10 }, t("Isolate")));
      if (people.cases.length) drawn.append(svg("text", { class: "heading", x: CASES, y: HEAD - 10 }, t("Case")));
      strips().forEach(([, name], k) => {
        const [x, y] = [STRIPS + STRIP * k + 12, HEAD - 10];
        const text = svg("text", { class: "heading slanted", x, y, transform: `rotate(-50 ${x} ${y})` }, name.length > 15 ? `${name.slice(0, 14)}…` : name);
        text.append(svg("title", {}, name));
        drawn.append(text);
      });
    }

    // The tips that can be seen, and a few more on either side.
    range() {
      const number = this.shown;
      if (this.radial || number <= FEW) return [0, number];
      const scale = this.size.width / WIDTH;
      const from = Math.floor((this.size.at / scale - HEAD) / this.row) - 20;
      const more = Math.ceil(Math.min(this.size.height, 1600) / scale / this.row) + 40;
      return [Math.max(0, from), Math.min(number, Math.max(0, from) + more)];
    }

    names() {
      const [from, to] = this.range();
      if (this.window === `${from}-${to}`) return;
      this.window = `${from}-${to}`;
      const first = this.tree.first[this.top];
      const columns = strips();
      if (this.radial) this.labels.replaceChildren(...this.rings(columns), ...(this.shown <= 150 ? this.around() : []));
      else this.labels.replaceChildren(...Array.from({ length: to - from }, (_, k) => this.line(this.tree.tips[first + from + k], columns)));
      this.markNames();
    }

    line(node, columns) {
      const [name, short, cases, tokens] = this.tip.get(node) ?? ["?", "?", "", ""];
      const [x, y] = [this.placed.x[node], this.placed.y[node]];
      const own = tokens.split(" ")[0];
      const group = svg("g", { class: "tip", "data-token": own });
      group.append(svg("rect", { class: "hit", x: NAMES - 8, y: y - this.row / 2, width: WIDTH - NAMES + 6, height: this.row, ...(own && { "data-select": tokens }) }));
      group.append(svg("path", { class: "leader", d: `M${x + 3} ${y}H${NAMES - 8}` }));
      const text = svg("text", { x: NAMES, y: y + 4.5 }, short);
      if (own) {
        const link = svg("a", { href: `#isolate-${own}`, "data-select": tokens, tabindex: this.shown > FEW ? -1 : 0 });
        link.append(svg("title", {}, name), text);
        group.append(link);
      } else group.append(text);
      if (cases) group.append(svg("text", { x: CASES, y: y + 4.5 }, cases));
      if (own) columns.forEach(([scheme], k) => group.append(this.swatch(scheme, own, STRIPS + STRIP * k + 6, y)));
      return group;
    }

    swatch(scheme, token, x, y) {
      const { colour, shape, word } = look(token, scheme);
      const text = svg("text", { class: "swatch", x, y: y + 4.5, fill: colour }, shape);
      text.style.fill = colour;
      if (word) text.append(svg("title", {}, t(word)));
      return text;
    }

    // A ring a column: one path for each value in it.
    rings(columns) {
      const inner = this.outer + 6;
      return columns.flatMap(([scheme], k) => {
        const radius = inner + STRIP * 0.6 * k + 5;
        const paths = new Map();
        const half = (Math.PI * 0.97) / this.shown;
        for (const node of this.placed.inside) {
          const own = this.tip.get(node)?.[3].split(" ")[0];
          if (!own) continue;
          const { colour, word } = look(own, scheme);
          if (!word) continue;
          const point = (angle) => `${(WIDTH / 2 + radius * Math.sin(angle)).toFixed(1)} ${(WIDTH / 2 - radius * Math.cos(angle)).toFixed(1)}`;
          const found = paths.get(colour) ?? paths.set(colour, { d: [], word }).get(colour);
          found.d.push(`M${point(this.placed.angle[node] - half)}L${point(this.placed.angle[node] + half)}`);
        }
        return [...paths].map(([colour, { d, word }]) => {
          const made = svg("path", { class: "ring", d: d.join("") });
          made.style.stroke = colour;
          made.append(svg("title", {}, t(word)));
          return made;
        });
      });
    }

    around() {
      const radius = this.outer + STRIP * 0.6 * strips().length + 16;
      return this.placed.inside.flatMap((node) => {
        if (!this.tip.has(node)) return [];
        const [name, short, , tokens] = this.tip.get(node);
        const angle = this.placed.angle[node];
        const turned = angle > Math.PI;
        const degrees = (angle * 180) / Math.PI + (turned ? 90 : -90);
        const [x, y] = [WIDTH / 2 + radius * Math.sin(angle), WIDTH / 2 - radius * Math.cos(angle)];
        const group = svg("g", { class: "tip", "data-token": tokens.split(" ")[0] });
        const text = svg("text", { x, y: y + 4, transform: `rotate(${degrees.toFixed(1)} ${x} ${y})`, "text-anchor": turned ? "end" : "start", ...(tokens && { "data-select": tokens }) }, short);
        text.append(svg("title", {}, name));
        group.append(text);
        return [group];
      });
    }

    markNames() {
      for (const group of this.labels.querySelectorAll(".tip")) {
        group.classList.toggle("chosen", state.chosen.has(group.dataset.token));
        group.classList.toggle("off", state.kept !== null && !state.kept.has(group.dataset.token));
      }
    }

    // Chosen tips that have no name in view are still marked, by one path behind the tree.
    mark() {
      const rows = [];
      const first = this.tree.first[this.top];
      for (let k = 0; k < this.shown; k += 1) {
        const [own] = this.tokens[first + k];
        if (!own || !state.chosen.has(own)) continue;
        const node = this.tree.tips[first + k];
        if (this.radial) rows.push(`M${this.placed.x[node].toFixed(1)} ${this.placed.y[node].toFixed(1)}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0`);
        else rows.push(`M${(this.placed.x[node] + 2).toFixed(1)} ${(this.placed.y[node] - this.row / 2 + 1).toFixed(1)}H${NAMES - 8}v${this.row - 2}H${(this.placed.x[node] + 2).toFixed(1)}z`);
      }
      this.under.replaceChildren(svg("path", { class: "chosen", d: rows.join("") }));
      this.markNames();
    }

    // The node a pointer means: of those close enough, the nearest.
    nearest(event) {
      const box = this.drawn.getBoundingClientRect();
      const scale = box.width / WIDTH || 1;
      const [x, y] = [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
      let [found, least] = [-1, NEAR];
      for (const node of this.placed.inside) {
        if (!this.tree.children[node].length) continue;
        const away = Math.hypot(this.placed.x[node] - x, this.placed.y[node] - y);
        if (away < least) [found, least] = [node, away];
      }
      return found;
    }

    clade(node) {
      return [...new Set(this.tokens.slice(this.tree.first[node], this.tree.last[node] + 1).flat())];
    }

    click(event) {
      if (event.target.closest("[data-select]")) return;
      const node = this.nearest(event);
      if (node < 0) return;
      this.cursor = node;
      if (event.detail > 1) this.zoom(node);
      else choose(event.shiftKey || event.ctrlKey || event.metaKey ? [...state.chosen, ...this.clade(node)] : this.clade(node));
    }

    hover(event) {
      const node = this.nearest(event);
      this.drawn.style.cursor = node < 0 ? "" : "pointer";
      if (node >= 0) this.circleAt(node);
    }

    circleAt(node) {
      this.target.setAttribute("cx", this.placed.x[node]);
      this.target.setAttribute("cy", this.placed.y[node]);
      this.target.setAttribute("visibility", "visible");
    }

    key(event) {
      if (event.target !== this.scroll) return;
      const { parents, children } = this.tree;
      const beside = (by) => {
        const all = children[parents[this.cursor]] ?? [this.cursor];
        return all[(all.indexOf(this.cursor) + by + all.length) % all.length];
      };
      const moves = {
        ArrowLeft: () => (this.cursor === this.top ? this.cursor : parents[this.cursor]),
        ArrowRight: () => children[this.cursor][0] ?? this.cursor,
        ArrowUp: () => (this.cursor === this.top ? this.cursor : beside(-1)),
        ArrowDown: () => (this.cursor === this.top ? this.cursor : beside(1)),
      };
      const acts = { Enter: () => choose(this.clade(this.cursor)), z: () => this.zoom(this.cursor), u: () => this.zoom(Math.max(parents[this.top], 0)) };
      if (moves[event.key]) this.cursor = moves[event.key]();
      else if (acts[event.key]) acts[event.key]();
      else return;
      event.preventDefault();
      this.point();
    }

    // Where the keys are: ringed, in view, and said.
    point() {
      this.circleAt(this.cursor);
      const { width, height, at } = this.size;
      const y = (this.placed.y[this.cursor] * width) / WIDTH;
      if (y < at || y > at + height) requestAnimationFrame(() => { this.scroll.scrollTop = y - height / 2; });
      const number = this.tree.last[this.cursor] - this.tree.first[this.cursor] + 1;
      const support = this.data.support[this.cursor];
      const said = number === 1 ? this.tip.get(this.tree.tips[this.tree.first[this.cursor]])?.[0] : say("clade of {n} isolates", { n: number });
      this.spoken.textContent = support === null || number === 1 ? said : `${said}; ${say("support {n}", { n: support })}`;
    }
  }

  const views = [...document.querySelectorAll("[data-tree]")].map((figure) => new View(figure));
  listen((_, what) => {
    for (const view of views) {
      if (what === "selection") view.mark();
      else if (what === "filter") view.markNames();
      else if (what === "colour") {
        view.legend();
        view.draw();
      }
    }
  });
  onLanguage(() => views.forEach((view) => {
    view.tools();
    view.legend();
    view.draw();
  }));
})();
