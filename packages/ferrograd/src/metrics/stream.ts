import { ArgumentError, ShapeError } from "../errors.ts";
import { leaf, ones } from "../graph/constants.ts";
import { toTensor, Variable } from "../graph/leaf.ts";
import { type AnyTensor, isTensor, type Tensor } from "../graph/tensor.ts";
import type { Targets } from "../losses/loss.ts";
import { show } from "../options/index.ts";
import type { DataOf, DType } from "../values/dtype.ts";
import { type Shape, sameShape, showShape } from "../values/shape.ts";
import {
  type MetricResult,
  nameIn,
  type State,
  type States,
  type Streaming,
  type StreamMetric,
} from "./metric.ts";

/** The tensors of a state by name. */
export type Tensors = Readonly<Record<string, AnyTensor>>;

/** The outputs' shape without what is said of one row or place: (rows), or of sequences (rows, places). */
export const placesOf = ({ rank, shape }: Tensor): Shape => (rank > 1 ? shape.slice(0, -1) : shape);

/** A metric with a state: what it begins with, what a batch makes of it, what it says at the end. */
export interface StreamSpec {
  readonly start: Tensors;
  /** New values for all of the state; how much each row or place counts is (rows, …), the outputs without their last axis. */
  update(state: Tensors, yTrue: Targets, yPred: Tensor, weight: Tensor): Tensors;
  result(state: Tensors): unknown;
}

/** A metric with a state; what `update` and `result` give is checked. */
export function streamMetric(where: string, spec: StreamSpec): StreamMetric {
  const step = (state: Tensors, y: Targets, p: Tensor, weight: Tensor | undefined) =>
    checkedState(where, spec.start, spec.update(state, y, p, weight ?? ones(placesOf(p))));
  const say = (state: Tensors) => checkedResult(where, spec.result(valuesOf(state)));
  return {
    statesOf: (outputs) => new AllStates(outputs),
    open: (name) => new OpenState(name, spec.start, step, say),
    once: (y, p, weight) => say(step(spec.start, y, p, weight)),
  };
}

type Step = (state: Tensors, y: Targets, p: Tensor, weight: Tensor | undefined) => Tensors;

/** A state in variables of the core. */
class OpenState implements State {
  private readonly start: Tensors;
  private readonly byName: Readonly<Record<string, Variable<Shape, DType>>>;
  private readonly step: Step;
  private readonly say: (state: Tensors) => MetricResult;

  constructor(name: string, start: Tensors, step: Step, say: (state: Tensors) => MetricResult) {
    this.start = start;
    this.byName = mapped(start, (one, part) => new Variable(one, `${name}.${part}`, false));
    this.step = step;
    this.say = say;
  }

  update(yTrue: Targets, yPred: Tensor, weight: Tensor | undefined): void {
    const next = this.step(this.byName, yTrue, yPred, weight);
    for (const [name, variable] of Object.entries(this.byName)) variable.assign(next[name]!);
  }

  get variables(): Variable<Shape, DType>[] {
    return Object.values(this.byName);
  }

  reset(): void {
    for (const [name, variable] of Object.entries(this.byName)) {
      variable.set(this.start[name]!.data());
    }
  }

  result(): MetricResult {
    return this.say(this.byName);
  }

  dispose(): void {
    for (const variable of this.variables) variable.dispose();
  }
}

/** The states of all metrics of a model. */
class AllStates implements States {
  private readonly all: ReadonlyMap<string, State>;
  readonly numbers: readonly string[];

  constructor(outputs: readonly Streaming[]) {
    this.all = new Map(
      outputs.flatMap((output) =>
        Array.from(output.streams, ([name, metric]) => {
          const full = nameIn(output, name);
          return [full, metric.open(full)] as const;
        }),
      ),
    );
    this.numbers = Object.keys(this.numbersIn(this.addTo({})));
  }

  update(
    output: Streaming,
    yTrue: Targets,
    yPred: Tensor,
    weightFor: (metric: StreamMetric, places: Shape) => Tensor | undefined,
  ): void {
    for (const [name, metric] of output.streams) {
      const weight = weightFor(metric, placesOf(yPred));
      this.all.get(nameIn(output, name))!.update(yTrue, yPred, weight);
    }
  }

  get variables(): Variable<Shape, DType>[] {
    return Array.from(this.all.values(), ({ variables }) => variables).flat();
  }

  reset(): void {
    for (const state of this.all.values()) state.reset();
  }

  addTo<T extends object>(measures: T): T {
    const said = Array.from(this.all, ([name, state]) => [name, state.result()]);
    return Object.assign(measures, Object.fromEntries(said));
  }

  numbersIn(measures: object): Record<string, number> {
    return Object.fromEntries(
      Object.entries(measures).filter(([, said]) => typeof said === "number"),
    );
  }

  dispose(): void {
    for (const state of this.all.values()) state.dispose();
  }
}

/** The same names with what is made of each. */
function mapped<T, U>(
  record: Readonly<Record<string, T>>,
  make: (value: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, one]) => [name, make(one, name)]));
}

/** Copies, so that whoever keeps them keeps what they were. */
const valuesOf = (state: Tensors): Tensors =>
  mapped(state, (one) => leaf(one.data() as DataOf<DType>, one.shape, one.dtype));

function checkedState(where: string, start: Tensors, given: unknown): Tensors {
  const next = (given ?? {}) as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(next).find((name) => !Object.hasOwn(start, name));
  if (unknown !== undefined) {
    throw new ArgumentError(
      `${where}: update(): expected ${Object.keys(start).join(", ")}, got ${show(unknown)} too`,
    );
  }
  return mapped(start, ({ shape, dtype }, name) => {
    const value = toTensor(`${where}: update(): ${name}`, next[name]);
    if (sameShape(value.shape, shape) && value.dtype === dtype) return value;
    throw new ShapeError(
      `${where}: update(): ${name}: expected ${dtype} ${showShape(shape)}, got ${value.dtype} ${showShape(value.shape)}`,
    );
  });
}

function checkedResult(where: string, result: unknown): MetricResult {
  if (typeof result === "number" || Array.isArray(result)) return result;
  if (isTensor(result) && result.size === 1) return result.data()[0]!;
  const got = isTensor(result) ? `a tensor of shape ${showShape(result.shape)}` : show(result);
  throw new ArgumentError(
    `${where}: result(): expected a number, or lists of numbers as tensor.array() gives, got ${got}`,
  );
}
