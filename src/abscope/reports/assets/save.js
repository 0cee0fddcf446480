// Every drawing can be kept as SVG, and the table that says the same, like every other table, as CSV.
(() => {
  "use strict";
  const { t, onLanguage } = window.abscope;
  const LOOKS = [
    "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "opacity",
    "font-family", "font-size", "font-weight", "font-style", "text-anchor", "display", "visibility",
  ];

  function keep(name, type, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // A drawing that looks the same without the page's styles.
  function alone(drawing) {
    const copy = drawing.cloneNode(true);
    const box = drawing.viewBox.baseVal;
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    if (box && box.width) for (const side of ["width", "height"]) copy.setAttribute(side, box[side]);
    const pairs = [[drawing, copy]];
    const [from, to] = [drawing.querySelectorAll("*"), copy.querySelectorAll("*")];
    from.forEach((one, k) => pairs.push([one, to[k]]));
    for (const [one, other] of pairs) {
      const look = getComputedStyle(one);
      other.setAttribute("style", LOOKS.map((name) => `${name}:${look.getPropertyValue(name)}`).join(";"));
    }
    for (const pattern of document.querySelectorAll("svg.patterns defs")) copy.prepend(pattern.cloneNode(true));
    return new XMLSerializer().serializeToString(copy);
  }

  async function svg(figure) {
    const plot = figure.querySelector(".plot");
    if (!plot) return alone(figure.querySelector("svg"));
    const address = await Plotly.toImage(plot, { format: "svg", width: plot.clientWidth, height: plot.clientHeight });
    return decodeURIComponent(address.slice(address.indexOf(",") + 1));
  }

  // What a cell says; numbers as they are, what is not known as nothing.
  function said(cell) {
    if (cell.dataset.value !== undefined) return cell.dataset.value;
    if (cell.querySelector(":scope > .blank")) return "";
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true]").forEach((mark) => mark.remove());
    return copy.textContent.trim().replace(/\s+/g, " ");
  }

  // A cell that a spreadsheet would run as a formula is shown, not run.
  function quoted(text) {
    const safe = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  function csv(table) {
    return [...table.rows].map((row) => [...row.cells].map((cell) => quoted(said(cell))).join(",")).join("\r\n") + "\r\n";
  }

  function button(words, action, does) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    const name = () => made.setAttribute("aria-label", `${t(action)} ${words}`);
    name();
    onLanguage(name);
    made.addEventListener("click", does);
    return made;
  }

  function bar(after) {
    const made = document.createElement("p");
    made.className = "save screen";
    made.setAttribute("translate", "no");
    after.after(made);
    return made;
  }

  const file = (element, k) => `${element.closest("section").id}-${k + 1}`;
  document.querySelectorAll("main figure").forEach((figure, k) => {
    const name = file(figure, k);
    const tools = bar(figure);
    tools.append(button("SVG", "Save this drawing as", async () => keep(`${name}.svg`, "image/svg+xml", await svg(figure))));
    let twin = tools.nextElementSibling;
    while (twin && !twin.matches("details.twin")) twin = twin.nextElementSibling;
    const table = [...(twin?.querySelectorAll("table") ?? [])].at(-1);
    if (table) tools.append(button("CSV", "Save its data as", () => keep(`${name}.csv`, "text/csv", csv(table))));
  });
  document.querySelectorAll("main table").forEach((table, k) => {
    if (table.closest("details.twin, #tbt")) return;
    const name = file(table, k);
    bar(table.closest(".scroll") ?? table).append(button("CSV", "Save this table as", () => keep(`${name}.csv`, "text/csv", csv(table))));
  });
})();
