// Tables that can be sorted by a column and filtered by a text; without this script they are plain.
(() => {
  "use strict";
  const t = window.abscope?.t ?? ((text) => text);
  const say = window.abscope?.say ?? ((text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]));
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  function value(row, column) {
    const cell = row.cells[column];
    if (cell.dataset.value !== undefined) return cell.dataset.value === "" ? null : Number(cell.dataset.value);
    const text = cell.textContent.trim();
    return cell.querySelector(":scope > .blank") ? null : text;
  }

  // What is not known comes last, whichever way the rest is sorted.
  function compare(a, b, down) {
    if (a === null || b === null) return (a === null) - (b === null);
    const result = typeof a === "number" && typeof b === "number" ? a - b : order.compare(a, b);
    return down ? -result : result;
  }

  function sort(table, heading, column) {
    const down = heading.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const keyed = [...body.rows].map((row) => [value(row, column), row]);
    keyed.sort((a, b) => compare(a[0], b[0], down));
    body.remove(); // rows move faster where nothing has to be laid out
    body.append(...keyed.map(([, row]) => row));
    table.append(body);
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(table, heading, column));
    });
  }

  function filter(table, words, count) {
    let shown = 0;
    const rows = [...table.tBodies[0].rows];
    for (const row of rows) {
      const text = words.length ? row.textContent.toLowerCase() : "";
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    count.textContent = words.length ? say("{n} of {m} shown", { n: shown, m: rows.length }) : "";
  }

  // Columns that a reader does not want, one rule a column.
  function columns(table, number) {
    const box = document.createElement("details");
    box.className = "columns screen";
    box.innerHTML = "<summary></summary>";
    box.firstChild.textContent = "Columns";
    const style = document.head.appendChild(document.createElement("style"));
    const hidden = new Set();
    table.dataset.columns = String(number);
    [...table.tHead.rows[0].cells].forEach((heading, k) => {
      if (k === 0) return;
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.type = "checkbox";
      input.checked = true;
      label.append(input, " ", heading.textContent);
      input.addEventListener("change", () => {
        if (input.checked) hidden.delete(k);
        else hidden.add(k);
        style.textContent = [...hidden].map((one) => `[data-columns="${number}"] tr > :nth-child(${one + 1}) { display: none; }`).join("");
      });
      box.append(label);
    });
    table.closest(".scroll").before(box);
  }
  [...document.querySelectorAll("table[data-columns]")].forEach(columns);

  for (const table of document.querySelectorAll("table[data-filter]")) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    const count = document.createElement("span");
    input.type = "search";
    count.setAttribute("role", "status");
    label.className = "filter screen";
    label.append(t("Filter"), " ", input, " ", count);
    input.setAttribute("aria-label", `${t("Filter")}: ${t(table.dataset.filter)}`);
    input.addEventListener("input", () => filter(table, input.value.toLowerCase().split(/\s+/).filter(Boolean), count));
    table.closest(".scroll").before(label);
  }
})();
