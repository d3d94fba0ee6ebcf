import type { ColumnProfile } from "./profile.ts";

/** A reason to leave a column out. */
interface Reason {
  applies(profile: ColumnProfile): boolean;
  /** Why, for people. */
  says(profile: ColumnProfile): string;
  /** Does the column stay where no other one is left? */
  readonly unlessAlone?: true;
}

/** `id`, `user_id`, `key`, and `userId`, but not `paid`. */
const ID_WORD = /(?:^|[^a-z])(?:ids?|key|no|nr|num|number|index|idx|uuid|guid|rowid|row)$/i;
const ID_ENDING = /[a-z](?:Id|ID|Key|No|Nr|Index)$/;
const namesId = (name: string): boolean => ID_WORD.test(name) || ID_ENDING.test(name);

/** So many texts need not come again. */
const FEW_TEXTS = 4;

/** In fewer rows numbers rise by one by chance. */
const FEW_ROWS = 9;

const isWhole = ({ numeric, values, numbers }: ColumnProfile): boolean =>
  values > 0 && numeric === values && numbers.whole && numbers.units.has("");

/** Has each row a text of its own, as far as was counted? */
const allDiffer = ({ texts, values, marked, beyond }: ColumnProfile): boolean =>
  marked === 0 && texts.size + beyond === values;

/** Reasons that hold for columns of any kind, the first that applies. */
const COMMON: readonly Reason[] = [
  { applies: ({ values }) => values === 0, says: () => "it has no values" },
  {
    applies: ({ distinct, beyond, marked, other, isTicked }) =>
      !isTicked && distinct === 1 && beyond === 0 && (marked === 0 || other === undefined),
    says: ({ example }) => `it is ${JSON.stringify(example)} wherever it has a value`,
  },
];

/** Reasons that hold for columns of some kinds, which name them. */
const REASONS = {
  unnamed: {
    applies: (profile) =>
      profile.unnamed && profile.place === 0 && isWhole(profile) && allDiffer(profile),
    says: () => "it has no name and numbers the rows",
  },
  counts: {
    applies: ({ countsFrom, rows }) => (countsFrom === 0 || countsFrom === 1) && rows > FEW_ROWS,
    says: () => "it counts the rows",
    unlessAlone: true,
  },
  id: {
    applies: (profile) => namesId(profile.name) && isWhole(profile) && allDiffer(profile),
    says: () => "a number of its own for each row, under the name of an id",
  },
  hardlyRepeats: {
    applies: ({ texts, beyond, values, marked }) =>
      texts.size + beyond > Math.max(FEW_TEXTS, (values + marked) / 2),
    says: ({ texts, beyond, values, numeric, numbers: { units } }) =>
      numeric === values
        ? `its numbers are in several units: ${[...units.keys()].map((unit) => unit || "none").join(", ")}`
        : `its texts hardly repeat: ${texts.size}${beyond > 0 ? " and more" : ""} in ${values} rows`,
  },
} satisfies Record<string, Reason>;

export type ReasonName = keyof typeof REASONS;

/** Why a column is no feature. */
export interface LeftOut {
  readonly why: string;
  /** Does it stay where no other column is left? */
  readonly mayStay: boolean;
}

/** The reason to leave a column out, of those that hold for its kind, if there is one. */
export function leftOut(profile: ColumnProfile, names: readonly ReasonName[]): LeftOut | undefined {
  const reasons: readonly Reason[] = [...COMMON, ...names.map((name) => REASONS[name])];
  const reason = reasons.find(({ applies }) => applies(profile));
  if (reason === undefined) return undefined;
  const mayStay = reason.unlessAlone === true && !namesId(profile.name);
  return { why: reason.says(profile), mayStay };
}
