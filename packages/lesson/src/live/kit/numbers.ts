import { h, setText } from "@ferrograd/shared/dom.ts";

/** What is drawn as a table, folded away; only cells that differ are touched. */
export function numbers(title: string, columns: readonly string[]) {
  const body = h("tbody");
  const head = h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)));
  const table = h("table", {}, h("thead", {}, head), body);
  const element = h(
    "details",
    { className: "numbers" },
    h("summary", {}, title),
    h(
      "div",
      { className: "scroll", tabIndex: 0, attrs: { role: "region", "aria-label": title } },
      table,
    ),
  );
  return {
    element,
    show(rows: readonly (readonly string[])[]): void {
      while (body.rows.length > rows.length) body.deleteRow(-1);
      rows.forEach((cells, i) => {
        if (body.rows[i] === undefined) body.append(emptyRow(cells.length));
        cells.forEach((text, j) => setText(body.rows[i]!.cells[j]!, text));
      });
    },
  };
}

/** The first cell heads its row. */
const emptyRow = (cells: number) =>
  h(
    "tr",
    {},
    ...Array.from({ length: cells }, (_, i) => (i === 0 ? h("th", { scope: "row" }) : h("td"))),
  );

/** Numbers that belong to names, large enough for the last row of a hall. */
export function readings(names: readonly string[]) {
  const values = names.map(() => h("dd"));
  const element = h(
    "dl",
    { className: "readings" },
    ...names.map((name, i) => h("div", {}, h("dt", {}, name), values[i]!)),
  );
  return {
    element,
    show: (texts: readonly string[]) => texts.forEach((text, i) => setText(values[i]!, text)),
  };
}
