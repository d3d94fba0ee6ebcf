import { shared } from "../copies/shared.ts";
import { apply } from "./op.ts";
import { inPlaceOf } from "./scope.ts";
import type { AnyTensor, Node, Tensor } from "./tensor.ts";

/** What makes probabilities of logits: of each by itself, or of all along an axis. */
export type Squash = "sigmoid" | "softmax";

/** Where probabilities come from. */
export interface Origin {
  readonly by: Squash;
  /** Of the same shape. */
  readonly logits: Tensor;
  /** Along which a softmax's sum to 1; undefined where that is no single whole axis any more. */
  readonly axis: number | undefined;
}

/**
 * What numbers stand for: probabilities, whose logits may be known; a mixture, computed from
 * probabilities but neither they nor logits, by the op that it names. Undefined: nothing is known,
 * as of data and of products.
 */
export type Meaning =
  | { readonly kind: "probabilities"; readonly from: Origin | undefined }
  | { readonly kind: "mixture"; readonly by: string }
  | undefined;

/** What an op's first output means, from what its inputs mean. */
export type MeaningRule<A> = (node: Node<A>, inputs: readonly Meaning[]) => Meaning;

/** Products, distances, gradients, numbers drawn or counted: nothing is known of what they give. */
export const ends: MeaningRule<unknown> = () => undefined;

/** Arithmetic on probabilities gives a mixture. */
export const mixes: MeaningRule<unknown> = ({ op, scope }, inputs) =>
  inputs.some((meaning) => meaning !== undefined)
    ? (inputs.find((meaning) => meaning?.kind === "mixture") ?? {
        kind: "mixture",
        by: scope === "" ? `${op.name}()` : `${op.name}() in layer "${scope}"`,
      })
    : undefined;

/** Where an axis of an op's first input is in its output, if it is still one whole axis. */
export type AxisRule<A> = (node: Node<A>, axis: number) => number | undefined;

/** Ops that put elements of their first input elsewhere: the logits go with them. */
export function moves<A>(axisRule: AxisRule<A>): MeaningRule<A> {
  return (node, [meaning]) => {
    if (meaning?.kind !== "probabilities" || meaning.from === undefined) return meaning;
    const { by, logits, axis } = meaning.from;
    const moved = () => apply(node.op, [logits, ...node.inputs.slice(1)], node.attrs);
    const now = axis === undefined ? undefined : axisRule(node, axis);
    return probabilities({ by, logits: inPlaceOf(node, moved), axis: now });
  };
}

/**
 * Ops that join tensors along an axis: of probabilities of one kind the logits are joined too, but not along the axis that
 * a softmax's sum to 1; other probabilities are probabilities still, and beside something else they are a mixture.
 */
export function joins<A>(along: (node: Node<A>) => number): MeaningRule<A> {
  return (node, inputs) => {
    const origins = inputs.map((meaning) => (meaning?.kind === "probabilities" ? meaning : null));
    if (origins.includes(null)) return mixes(node as Node, inputs);
    const [first, ...others] = origins.map((origin) => origin!.from);
    const { by, axis } = first ?? {};
    const isOne =
      by === "sigmoid"
        ? others.every((other) => other?.by === by)
        : axis !== along(node) && others.every((other) => other?.by === by && other?.axis === axis);
    if (first === undefined || !isOne) return { kind: "probabilities", from: undefined };
    const parts = [first, ...others].map((other) => other!.logits);
    const joined = () => apply(node.op, parts, node.attrs);
    return probabilities({ ...first, logits: inPlaceOf(node, joined) });
  };
}

/** Without the axis that a softmax's are summed along its logits say nothing. */
function probabilities(from: Origin): Meaning {
  const known = from.by === "sigmoid" || from.axis !== undefined;
  return { kind: "probabilities", from: known ? from : undefined };
}

/** What nodes were found to mean: whoever asks again gets the same logits. */
const found = shared("meanings", () => new WeakMap<Node, { readonly meaning: Meaning }>());

/** What a tensor means: its op's row is asked, with what the inputs mean. Not recursive: graphs are deep. */
export function meaningOf(tensor: AnyTensor): Meaning {
  const stack = [tensor];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const node = asked(top);
    const open = node === undefined || found.has(node) ? [] : node.inputs.filter(isOpen);
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    stack.pop();
    if (node !== undefined && !found.has(node)) {
      found.set(node, { meaning: node.op.meaning(node, node.inputs.map(known)) });
    }
  }
  return known(tensor);
}

function isOpen(tensor: AnyTensor): boolean {
  const node = asked(tensor);
  return node !== undefined && !found.has(node);
}

function known(tensor: AnyTensor): Meaning {
  const node = asked(tensor);
  return node === undefined ? given(tensor) : found.get(node)?.meaning;
}

/** The node that may say what a tensor means: no product, and no part of a gradient. */
function asked({ source }: AnyTensor): Node | undefined {
  if (source.kind !== "node" || source.node.gradientOf !== undefined) return undefined;
  return source.node.op.meaning === ends ? undefined : source.node;
}

/** The logits, where they are known. */
export const logitsOf = (meaning: Meaning): Tensor | undefined =>
  meaning?.kind === "probabilities" ? meaning.from?.logits : undefined;

/** The same with other logits, if there are any. */
export function withLogits(meaning: Meaning, logits: Tensor | undefined): Meaning {
  if (logits === undefined || meaning?.kind !== "probabilities" || !meaning.from) return meaning;
  const { by, axis } = meaning.from;
  return { kind: "probabilities", from: { by, logits, axis } };
}

/** A name for all but the logits' values; empty where nothing is known. */
export function signature(meaning: Meaning): string {
  if (meaning?.kind !== "probabilities") return meaning?.by ?? "";
  return `of ${meaning.from?.by} ${meaning.from?.axis}`;
}

/** Probabilities that a loss was not computed from, but from the logits they were made of. */
const left = shared("probabilities left aside", () => new WeakMap<AnyTensor, Tensor>());

/** Takes the logits of probabilities, and leaves aside these and the ones that they were moved from. */
export function takeLogits(probabilities: AnyTensor, logits: Tensor): Tensor {
  const aside = [probabilities];
  for (let p = aside.pop(); p !== undefined; p = aside.pop()) {
    if (left.get(p) === logits || !meaningOf(p)) continue;
    left.set(p, logits);
    if (p.source.kind === "node") aside.push(...p.source.node.inputs);
  }
  return logits;
}

/** The logits that were taken in place of a tensor. */
export const takenInPlaceOf = (tensor: AnyTensor): Tensor | undefined => left.get(tensor);

/** What was known of a leaf when it was made. */
export const given = ({ source }: AnyTensor): Meaning =>
  source.kind === "data" || source.kind === "input" ? source.meaning : undefined;
