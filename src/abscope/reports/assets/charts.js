// Draws the charts from the data in the page and joins them to the shared selection.
(() => {
  "use strict";
  const t = window.abscope?.t ?? ((text) => text);
  const config = {
    displaylogo: false,
    responsive: true,
    displayModeBar: false,
    showTips: false,
  };

  // Whether a category of the axes stands for somebody selected.
  const isChosen = (row, chosen) => row.split(" ").some((token) => chosen.has(token));

  // Across a heat map only an outline: a tint would change what its colours say.
  function band(axis, [k, end], tinted) {
    const along = axis === "y" ? { xref: "paper", x0: 0, x1: 1 } : { yref: "paper", y0: 0, y1: 1 };
    const across = axis === "y" ? { yref: "y", y0: k - 0.5, y1: end + 0.5 } : { xref: "x", x0: k - 0.5, x1: end + 0.5 };
    return { type: "rect", ...along, ...across, line: { color: "#d9480f", width: 2 }, fillcolor: tinted ? "rgba(255, 169, 77, 0.14)" : "rgba(0, 0, 0, 0)" };
  }

  // Rows chosen one after another, as their first and last.
  function runs(spec, chosen) {
    const found = [];
    spec.rows.forEach((row, k) => {
      if (!isChosen(row, chosen)) return;
      if (found.at(-1)?.[1] === k - 1) found.at(-1)[1] = k;
      else found.push([k, k]);
    });
    return found;
  }

  // own: the chart's shapes before any selection; Plotly writes into the layout it is given.
  function highlight(plot, spec, own, chosen) {
    const found = runs(spec, chosen);
    const key = JSON.stringify(found);
    if (key === (plot.dataset.bands ?? "[]")) return;
    plot.dataset.bands = key;
    const bands = found.flatMap((run) => [...spec.axes].map((axis) => band(axis, run, spec.axes.length === 1)));
    Plotly.relayout(plot, { shapes: [...own, ...bands] });
  }

  // A click on a cell or a mark selects whom its row, and its column, stand for.
  function clicked(spec, event) {
    const point = event.points[0];
    const tokens = [...spec.axes].flatMap((axis) => {
      const k = spec.layout[`${axis}axis`].categoryarray.indexOf(point[axis]);
      return k < 0 ? [] : spec.rows[k].split(" ");
    });
    if (tokens.length) window.abscope.pick([...new Set(tokens)], event.event.ctrlKey || event.event.shiftKey);
  }

  // Titles and trace names are the page's words; tick labels are names of the data.
  function worded(spec) {
    for (const axis of [spec.layout.xaxis, spec.layout.yaxis]) if (axis?.title?.text) axis.title.text = t(axis.title.text);
    for (const trace of spec.data) {
      if (trace.name) trace.name = t(trace.name);
      if (trace.hovertemplate) trace.hovertemplate = trace.hovertemplate.split("<br>").map(t).join("<br>");
    }
    return spec;
  }

  const drawn = new Map(); // plot -> what shows in it who is chosen

  function draw(plot) {
    const spec = worded(JSON.parse(document.getElementById(plot.dataset.chart).textContent));
    const own = [...(spec.layout.shapes ?? [])];
    plot.replaceChildren();
    Plotly.newPlot(plot, spec.data, spec.layout, config);
    if (!spec.rows.length) return;
    plot.on("plotly_click", (event) => clicked(spec, event));
    drawn.set(plot, (chosen) => highlight(plot, spec, own, chosen));
    drawn.get(plot)(window.abscope.state.chosen);
  }

  const plots = [...document.querySelectorAll(".plot")];
  plots.forEach(draw);
  window.abscope?.listen?.((state, what) => {
    if (what === "selection") drawn.forEach((show) => show(state.chosen));
  });

  // In another language charts in sight are drawn anew; others when they come near, or are printed.
  const late = new Set();
  const near = new IntersectionObserver((seen) => seen.filter((one) => one.isIntersecting).forEach((one) => again(one.target)), { rootMargin: "100%" });
  function again(plot) {
    if (!late.delete(plot)) return;
    near.unobserve(plot);
    Plotly.purge(plot);
    delete plot.dataset.bands;
    draw(plot);
  }
  window.abscope?.onLanguage(() => plots.forEach((plot) => {
    late.add(plot);
    near.unobserve(plot);
    near.observe(plot);
  }));

  // Paper is narrower than the screen: draw to its width, and back.
  const paper = 680;
  const resize = (width) => plots.forEach((plot) => Plotly.relayout(plot, width ? { width, autosize: false } : { width: null, autosize: true }));
  window.addEventListener("beforeprint", () => {
    late.forEach(again);
    resize(paper);
  });
  window.addEventListener("afterprint", () => resize(null));
})();
