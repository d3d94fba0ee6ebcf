import type { Block } from "../engine/core.ts";
import type { Operand, Writer } from "../engine/writer.ts";
import { type DType, FLOAT } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import { version } from "./clock.ts";
import type { Meaning } from "./meaning.ts";
import { scope } from "./scope.ts";
import { type AnyTensor, type Node, Tensor } from "./tensor.ts";
import { trace } from "./trace.ts";

/** Shape and type of an output. */
export interface Spec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Of an output of floats. */
export const floats = (shape: Shape): Spec => ({ shape, dtype: FLOAT });

/** The gradient of an input: 0 where it is 0 everywhere, null where none flows. */
export type Flow = Tensor | 0 | null;

/** What an op sees when its gradient is built. */
export interface GradientContext<A> {
  readonly inputs: readonly AnyTensor[];
  readonly outputs: readonly AnyTensor[];
  readonly attrs: A;
  /** Gradient of each output; null where none flows. */
  readonly dOutputs: readonly (Tensor | null)[];
  /** Gradient of the first output, for ops with one. */
  readonly dy: Tensor;
  /** Does anyone want the gradient of this input? Saves work for data. */
  readonly needs: readonly boolean[];
  /** The gradient of broadcasting: sums over the axes that were stretched. */
  sumTo(x: Tensor, shape: Shape): Tensor;
}

/** What an op sees when it is written into a program. */
export interface Emission<A> {
  readonly w: Writer;
  readonly attrs: A;
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  /** Scratch of the sizes that `temps` asked for. */
  readonly temps: readonly Operand[];
  readonly inputSpecs: readonly Spec[];
  readonly outputSpecs: readonly Spec[];
}

/** A step of a chain of elementwise ops, with its numbers. */
export interface Step {
  /** The code of the core's step. */
  readonly step: number;
  readonly p0: number;
  readonly p1: number;
  /** The result is p0·f + p1, each rounded: what scales or shifts it may be in the step. */
  readonly scales?: boolean;
  /** The code of a step whose argument is as good as its result as the first operand. */
  readonly through?: number | undefined;
  /** Which inputs it reads, where not all: a known number may be in the step. */
  readonly reads?: readonly number[];
  /** About as fast as reading the result from memory would be. */
  readonly cheap: boolean;
}

/** An op: its shape rule, gradient and emission, side by side. One entry per op. */
export interface OpDef<A> {
  readonly name: string;
  /** Shape rule; throws a ShapeError that names the op. */
  infer(inputs: readonly AnyTensor[], attrs: A): readonly Spec[];
  /** What the first output stands for, from what the inputs do: `ends`, `mixes`, `moves`. */
  meaning(node: Node<A>, inputs: readonly Meaning[]): Meaning;
  /** Gradient of each input, of the same ops. Absent: not differentiable. */
  gradient?(context: GradientContext<A>): readonly Flow[];
  /** What helps where a gradient is wanted and none flows to an input, for messages. */
  readonly instead?: string;
  /** Writes the instructions. Absent only for views. */
  emit?(emission: Emission<A>): void;
  /** Of an op that takes indices: they are from 0 to below this. */
  bound?(inputs: readonly Spec[], attrs: A): number;
  /** Words of scratch that the instructions need. */
  temps?(inputs: readonly Spec[], outputs: readonly Spec[], attrs: A): readonly number[];
  /** Of an elementwise op: what it is as a step of a chain, given the numbers among its inputs. */
  step?(attrs: A, known: readonly (number | undefined)[]): Step;
  /** Writes the only output into a block, without a program. */
  fill?(attrs: A, block: Block): void;
  /**
   * Of an op whose attributes have an activation, and whose third input may be a bias along the last axis: may such an output of
   * its take them in?
   */
  joins?(y: AnyTensor): boolean;
  /** Of an op with one output: a tensor of the same bits that takes its place once nothing more is differentiated. */
  becomes?(node: Node<A>): AnyTensor;
  /** The output is the input's memory with another shape. */
  readonly view?: boolean;
}

/** Of operands or outputs that need not be there: what there is, in the places of all. */
export function inPlaces<T, N>(there: readonly boolean[], given: readonly T[], none: N): (T | N)[] {
  const next = given.values();
  return there.map((is) => (is ? next.next().value! : none));
}

/** Applies an op: a new node with its outputs. */
export function applyAll<A>(op: OpDef<A>, inputs: readonly AnyTensor[], attrs: A): AnyTensor[] {
  const specs = op.infer(inputs, attrs);
  const node: Node<A> = {
    op,
    inputs,
    attrs,
    outputs: [],
    scope: scope.current,
    version: version(),
    trace: trace.current,
    gradientOf: scope.gradientOf,
  };
  node.outputs = specs.map(
    ({ shape, dtype }, index) => new Tensor(shape, dtype, { kind: "node", node, index }),
  );
  return node.outputs;
}

/** Applies an op with one output. */
export function apply<A>(op: OpDef<A>, inputs: readonly AnyTensor[], attrs: A): Tensor {
  return applyAll(op, inputs, attrs)[0] as Tensor;
}

/**
 * A better way to compute what one op computes. It stands with the op that it makes.
 */
export interface Rule {
  // biome-ignore lint/suspicious/noExplicitAny: attributes are private to each op
  readonly op: OpDef<any>;
  /** A tensor of the same value, or null. `uses` counts the readers of a tensor. */
  // biome-ignore lint/suspicious/noExplicitAny: attributes are private to each op
  apply(node: Node<any>, uses: (tensor: AnyTensor) => number): AnyTensor | null;
}

/** Does a node apply this op, whichever copy of the package it is of? Ops are known by their names. */
export const isOp = <A>(node: Node, { name }: OpDef<A>): node is Node<A> => node.op.name === name;

/** The node that makes a tensor, if it is made by this op. */
export function madeBy<A>(tensor: AnyTensor, op: OpDef<A>): Node<A> | null {
  const { source } = tensor;
  return source.kind === "node" && isOp(source.node, op) ? source.node : null;
}
