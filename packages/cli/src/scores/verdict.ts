import type { Results } from "../results.ts";
import type { Source } from "../source.ts";
import { saidOfAlone } from "../table/held-out.ts";
import type { Training } from "../testing.ts";
import { type ClassScores, scoreClasses } from "./classes.ts";
import { isSurelyPositive, scoreNumbers } from "./numbers.ts";

/** Fewer rows of a class are rare. */
const RARE = 0.1;
/** Nor is one of many rare that has half of what each would have if all had as many. */
const EVEN = 0.5;
/** As many classes that are numbers are rather amounts. */
const MANY = 5;
/** A score with as many digits as people read. */
const digits = (value: number): string => String(Number(value.toPrecision(4)));
/** Nothing that is measured is told so well. */
const EXACT = 0.9999;
const inPercent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

/** What to know of a training on a table beside its scores, in sentences. */
export function verdictsOf({ table }: Source, training: Training): string[] {
  if (table === undefined) return [];
  const { results, linear, settings, tried, interrupted } = training;
  const balanced = settings.classWeights !== undefined;
  const holdsOut = tried !== undefined || settings.validationSplit > 0;
  const folds = holdsOut && !interrupted ? table.folds : [];
  const alone = saidOfAlone(folds.map(({ holding }) => holding));
  return [...verdicts(results, linear, { balanced }), ...alone];
}

/** What a score is no better than, and what would help, in sentences. */
export function verdicts(
  results: Results,
  linear: Results | undefined,
  { balanced = false }: { readonly balanced?: boolean } = {},
): string[] {
  return results.kind === "classes"
    ? ofClasses(results, linear, balanced)
    : ofNumbers(results, linear);
}

function ofClasses(
  results: Extract<Results, { kind: "classes" }>,
  linear: Results | undefined,
  balanced: boolean,
): string[] {
  const scores = scoreClasses(results);
  const { right, base, classes } = scores;
  const areNumbers = classes.every(({ name }) => /^-?\d+$/.test(name));
  // Where classes count alike, a row counts as much as its class has few.
  const worth = (row: number) => (balanced ? 1 / classes[results.truth[row]!]!.count : 1);
  const gain = (row: number) =>
    worth(row) * (right[row]! - Number(results.truth[row] === base.label));
  const said: string[] = [];
  if (!isSurelyPositive(right.length, gain)) {
    const rows = `as far as ${right.length} rows tell`;
    said.push(
      `this is no better than always answering ${base.name}, the most frequent class, ${rows}`,
    );
  }
  if (linear?.kind === "classes") {
    const score = (one: ClassScores) => (balanced ? one.balancedAccuracy : one.accuracy);
    const [own, other] = [score(scores), score(scoreClasses(linear))];
    const name = balanced ? "balanced accuracy" : "accuracy";
    if (own <= other) said.push(noBetter(`${name} ${other.toFixed(4)}`));
  }
  const rare = classes.filter(
    ({ count }) => count > 0 && count < Math.min(RARE, EVEN / classes.length) * right.length,
  );
  if (rare.length > 0 && !balanced) {
    const [{ name, count }] = rare as [(typeof rare)[number]];
    const share = inPercent(count / right.length);
    said.push(
      `${name} is ${share} of the rows: --class-weights balanced makes each class count as much as the others`,
    );
  }
  if (said.length > 0 && areNumbers && classes.length >= MANY) {
    said.push("the classes are whole numbers: --task regression learns how large they are");
  }
  return said;
}

function ofNumbers(
  results: Extract<Results, { kind: "numbers" }>,
  linear: Results | undefined,
): string[] {
  const { gain, rmse, r2 = 0 } = scoreNumbers(results);
  const { truth } = results;
  const said: string[] = [];
  if (!isSurelyPositive(truth.length, gain)) {
    said.push(
      `this is no better than always answering the mean, as far as ${truth.length} rows tell`,
    );
  }
  if (linear?.kind === "numbers") {
    const other = scoreNumbers(linear).rmse;
    if (rmse >= other) said.push(noBetter(`RMSE ${digits(other)}`));
  }
  if (r2 > EXACT) {
    said.push(
      "this is exact: is the target made of columns, such as their sum? --ignore leaves out what is not known before it",
    );
  }
  return said;
}

const noBetter = (score: string): string =>
  `this is no better than a linear model trained beside it (${score}): --hidden none trains that`;
