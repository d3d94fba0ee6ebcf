import { BINARY_FORMULAS, UNARY_FORMULAS } from "../../engine/formulas.generated.ts";
import {
  ACTIVATIONS,
  type ActivationName,
  BINARY,
  type BinaryName,
  type MapInputs,
  type MapOp,
  type MapSteps,
  STEP_FAMILY,
  UNARY,
  type UnaryName,
} from "../../engine/ops.generated.ts";
import { type At, after, type Code, FLOAT } from "../code.ts";
import { activate, formula } from "../formula.ts";
import { each } from "../loops.ts";
import { isSmall, type Unroller } from "./unrolling.ts";

/** Elements up to which all vectors are written out, where an input is stretched. */
const FEW = 256;

/** A chain, vector by vector: between the inputs and the result everything stays in registers. */
export const map: Unroller<MapOp> = {
  fits: ({ n }) => isSmall(n),
  write(op, { code, at, perform }) {
    const steps = op.steps.map(writerOf);
    const direct = op.inputs.every((input) => isWhole(input, op.n) || input.len === 1);
    if (!steps.every((step) => step !== undefined) || (!direct && op.n > FEW)) return perform();
    const places = op.inputs.map(({ x }) => at(x));
    const y = at(op.y);
    const vector = (registers: number[], y: At, lanes: number) => {
      op.steps.forEach((step, i) => {
        steps[i]!(code, registers[step.a]!, registers[step.b]!);
        registers.push(code.keep());
      });
      code.store(y, registers.at(-1)!, lanes);
    };
    if (direct) {
      const numbers = op.inputs.map((input, i) =>
        isWhole(input, op.n) ? undefined : code.loadSplat(places[i]!).keep(),
      );
      const runs = Object.fromEntries(places.map((place, i) => [`x${i}`, place]));
      each<string>(code, op.n, { ...runs, y }, (now, lanes) => {
        const inputs = numbers.map((local, i) => local ?? code.load(now[`x${i}`]!, lanes).keep());
        vector(inputs, now.y!, lanes);
      });
      return;
    }
    for (let first = 0; first < op.n; first += 4) {
      const lanes = Math.min(4, op.n - first);
      code.scope(() => {
        const inputs = op.inputs.map((input, i) =>
          stretched(code, places[i]!, input, first, lanes).keep(),
        );
        vector(inputs, after(y, first * FLOAT), lanes);
      });
    }
  },
};

const isWhole = ({ inner, len }: MapInputs, n: number): boolean => inner === 1 && len === n;

/** Pushes x[(i / inner) mod len] for the elements from `first` on. */
function stretched(
  code: Code,
  x: At,
  { inner, len }: MapInputs,
  first: number,
  lanes: number,
): Code {
  const places = Array.from(
    { length: lanes },
    (_, lane) => (Math.floor((first + lane) / inner) % len) * FLOAT,
  );
  const [start] = places as [number];
  if (places.every((place) => place === start)) return code.loadSplat(after(x, start));
  const inRow = places.every((place, lane) => place === start + lane * FLOAT);
  return inRow ? code.load(after(x, start), lanes) : code.gather(x, places);
}

/** Pushes the result of a step from the locals of its operands. */
type StepWriter = (code: Code, a: number, b: number) => void;

/** How each family of steps is written, by the row in its table; undefined for what is not vectorized. */
const FAMILIES: {
  readonly [family in keyof typeof STEP_FAMILY]: (
    row: number,
    step: MapSteps,
  ) => StepWriter | undefined;
} = {
  unary(row) {
    const text = UNARY_FORMULAS[nameOf(UNARY, row) as UnaryName];
    if (text === undefined) return undefined;
    return (code, a) => formula(code, text, { a: () => code.get(a) });
  },
  binary(row, step) {
    const text = BINARY_FORMULAS[nameOf(BINARY, row) as BinaryName];
    if (text === undefined) return undefined;
    return (code, a, b) => {
      formula(code, text, { a: () => code.get(a), b: () => code.get(b) });
      scale(code, step);
    };
  },
  activation: (row, step) => (code, a) => {
    activate(code.get(a), { ...step, activation: nameOf(ACTIVATIONS, row) as ActivationName }, "f");
  },
  activationGradient: (row, step) => (code, a, b) => {
    activate(
      code.get(a),
      { ...step, activation: nameOf(ACTIVATIONS, row) as ActivationName },
      "df",
    );
    code.get(b).simd("mul");
  },
  affine: (_, step) => (code, a) => scale(code.get(a), step),
};

const nameOf = (table: object, row: number): string => Object.keys(table)[row]!;

function writerOf(step: MapSteps): StepWriter | undefined {
  const family = nameOf(STEP_FAMILY, step.step >> 16) as keyof typeof STEP_FAMILY;
  return FAMILIES[family](step.step & 0xffff, step);
}

/** p0 y + p1, each rounded; y·1 + -0 is y. */
function scale(code: Code, { p0, p1 }: MapSteps): void {
  if (p0 === 1 && Object.is(p1, -0)) return;
  code.vector(p0).simd("mul").vector(p1).simd("add");
}
