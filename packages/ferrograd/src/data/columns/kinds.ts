import { type DateColumn, dateKind } from "./date.ts";
import type { Kind } from "./kind.ts";
import { type NumberColumn, numberKind } from "./number.ts";
import { type TextColumn, textKind } from "./text.ts";
import { type YesNoColumn, yesNoKind } from "./yes-no.ts";

/** How a column becomes features. */
export type FeatureColumn = NumberColumn | TextColumn | YesNoColumn | DateColumn;

/** The kinds of columns, one row each, in the order in which they are tried. */
const KINDS: { readonly [T in FeatureColumn["type"]]: Kind<Extract<FeatureColumn, { type: T }>> } =
  {
    date: dateKind,
    yesNo: yesNoKind,
    number: numberKind,
    text: textKind,
  };

/** All kinds. */
export const kinds: readonly Kind<FeatureColumn>[] = Object.values(
  KINDS,
) as unknown as readonly Kind<FeatureColumn>[];

/** The kind of a column. */
export const kindOf = ({ type }: Pick<FeatureColumn, "type">): Kind<FeatureColumn> =>
  KINDS[type] as unknown as Kind<FeatureColumn>;

/** Is it a column of a schema? */
export function isFeatureColumn(value: unknown): value is FeatureColumn {
  if (typeof value !== "object" || value === null) return false;
  const column = value as Readonly<Record<string, unknown>>;
  if (typeof column.name !== "string" || typeof column.type !== "string") return false;
  return (
    Object.hasOwn(KINDS, column.type) && kindOf(column as unknown as FeatureColumn).isColumn(column)
  );
}
