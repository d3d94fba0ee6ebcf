import type { Table, TableSchema } from "ferrograd/csv";

/** What names have in common that differ in case, blanks and underscores only. */
const keyOf = (name: string): string => name.toLowerCase().replace(/[\s_]/g, "");

/** The table with the names that a model knows, where its own are written otherwise; notes say which. */
export function withNamesOf({ columns, target }: TableSchema, table: Table): Table {
  const own = new Set(table.columns.map(({ name }) => name));
  const wanted = [...columns, target].map(({ name }) => name);
  const missing = wanted.filter((name) => !own.has(name));
  if (missing.length === 0) return table;
  const free = table.columns.map(({ name }) => name).filter((name) => !wanted.includes(name));
  const alike = (names: readonly string[], name: string) =>
    names.filter((other) => keyOf(other) === keyOf(name));
  // Where several could be meant, none is.
  const renamed = new Map(
    missing
      .filter((name) => alike(missing, name).length === 1 && alike(free, name).length === 1)
      .map((name) => [alike(free, name)[0], name]),
  );
  if (renamed.size === 0) return table;
  const names = Array.from(renamed, ([from, to]) => `${from} as ${to}`);
  return {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      name: renamed.get(column.name) ?? column.name,
    })),
    notes: [...(table.notes ?? []), `columns of almost these names are read: ${names.join(", ")}`],
  };
}
