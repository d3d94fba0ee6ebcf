import { ArgumentError } from "../errors.ts";
import { CHAIN, chain } from "../optimizers/chain.ts";
import { Optimizer } from "../optimizers/optimizer.ts";
import type { Transform } from "../optimizers/transform.ts";
import { transformRegistry } from "../optimizers/transforms/registry.ts";
import { show } from "../options/index.ts";
import { restoredRate } from "../schedules/restore.ts";
import { hasOwnOptimizer, type SavedTraining } from "../training/saved.ts";
import { isObject } from "./json.ts";
import { type Makers, Unknown } from "./registries.ts";

/** Chains in chains of a file. */
const DEEPEST = 16;

/** An optimizer, or a transform in a chain, by its name and its options. */
interface Saved {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Is it one's own, whatever ours are called? */
  readonly own: boolean;
}

/** The optimizer that a model was compiled with, or as it is at hand. */
export function savedOptimizer(training: SavedTraining, makers: Makers): Optimizer {
  const { optimizer: name, options, own, again } = training;
  return again?.() ?? optimizerFrom({ name, options, own: own === true }, makers, 0);
}

/** As `savedOptimizer`, for what it keeps; undefined of one's own that is not given. */
export function knownOptimizer(training: SavedTraining, makers: Makers): Optimizer | undefined {
  try {
    const options = { ...training.options, learningRate: 0 }; // its schedule need not be known
    return savedOptimizer({ ...training, options }, makers);
  } catch (error) {
    if (error instanceof Unknown && hasOwnOptimizer(training)) return undefined;
    throw error;
  }
}

function optimizerFrom({ name, options, own }: Saved, makers: Makers, depth: number): Optimizer {
  const learningRate = restoredRate(options.learningRate, makers.schedules);
  const { links, ...rest } = options;
  if (name === CHAIN && !own) {
    const made = chainOf(links, makers, depth);
    if (learningRate !== undefined) made.learningRate = learningRate as number;
    return made;
  }
  const made = makers.optimizers(name, { ...rest, learningRate }, { own });
  if (made instanceof Optimizer) return made;
  throw new ArgumentError(`expected an optimizer, got the transform ${show(name)}`);
}

function chainOf(links: unknown, makers: Makers, depth: number): Optimizer {
  if (!Array.isArray(links) || depth > DEEPEST)
    throw new ArgumentError(`expected the links of a chain, got ${show(links)}`);
  return chain(...links.map((link: unknown) => linkFrom(link, makers, depth)));
}

function linkFrom(link: unknown, makers: Makers, depth: number): Transform | Optimizer {
  if (!isObject(link) || typeof link.name !== "string" || !isObject(link.options))
    throw new ArgumentError(`expected a link of a chain, got ${show(link)}`);
  const { name, options } = link;
  const own = link.own === true;
  const isRated = "learningRate" in options || "links" in options;
  return isRated && !transformRegistry.has(name)
    ? optimizerFrom({ name, options, own }, makers, depth + 1)
    : makers.optimizers(name, options, { own });
}
