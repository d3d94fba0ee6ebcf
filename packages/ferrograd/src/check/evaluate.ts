import { topological } from "../compile/order.ts";
import { askedBy, InternalError } from "../errors.ts";
import { toTensor } from "../graph/leaf.ts";
import { allOps } from "../graph/ops/all.ts";
import type { AnyTensor, Node } from "../graph/tensor.ts";
import { alongReferences } from "./along.ts";
import { convolutionReferences } from "./convolution.ts";
import { elementwiseReferences } from "./elementwise.ts";
import { indexingReferences } from "./indexing.ts";
import { matmulReferences } from "./matmul.ts";
import { momentsReferences } from "./moments.ts";
import { poolReferences } from "./pool.ts";
import { randomReferences } from "./random.ts";
import type { References } from "./reference.ts";
import { shapeReferences } from "./shape.ts";
import { softmaxReferences } from "./softmax.ts";

const references: References = {
  ...elementwiseReferences,
  ...matmulReferences,
  ...convolutionReferences,
  ...shapeReferences,
  ...softmaxReferences,
  ...indexingReferences,
  ...randomReferences,
  ...alongReferences,
  ...poolReferences,
  ...momentsReferences,
};

/** Names of ops that have no reference: none. @internal */
export const missingReferences = (): string[] =>
  allOps.map(({ name }) => name).filter((name) => !(name in references));

/** The graph under a tensor, to be evaluated in float64 as often as wanted. @internal */
export class Reference64 {
  private readonly root: AnyTensor;
  private readonly order: readonly Node[];

  constructor(root: AnyTensor) {
    this.root = root;
    this.order = topological([root]);
  }

  /** The root's values; `given` replaces the values of any tensors of the graph. */
  evaluate(given: ReadonlyMap<AnyTensor, Float64Array> = new Map()): Float64Array {
    const known = new Map(given);
    const find = (tensor: AnyTensor): Float64Array => {
      const data = known.get(tensor) ?? Float64Array.from(tensor.values());
      known.set(tensor, data);
      return data;
    };
    for (const { op, inputs, attrs, outputs } of this.order) {
      const reference = references[op.name];
      if (reference === undefined) throw new InternalError(`no reference of ${op.name}`);
      const values = inputs.map((x) => ({ shape: x.shape, data: find(x) }));
      const results = reference(values, attrs as never, outputs);
      outputs.forEach((output, i) => {
        if (!given.has(output)) known.set(output, results[i]!);
      });
    }
    return find(this.root);
  }
}

/**
 * The values of a tensor computed in float64 by naive loops instead of by the core: what its
 * `data()` should be close to. Ask before `data()`, which makes the tensor a leaf.
 *
 * @example
 * const y = tanh(matmul(x, w));
 * const exact = evaluateF64(y); // Float64Array
 */
export function evaluateF64(tensor: AnyTensor): Float64Array {
  const where = "evaluateF64()";
  return askedBy(where, () => new Reference64(toTensor(where, tensor)).evaluate());
}
