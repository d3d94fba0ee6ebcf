import { shared } from "../copies/shared.ts";
import type { Variable } from "../graph/leaf.ts";
import type { AnyLayer } from "../layers/layer.ts";
import { weakly } from "../platform/collected.ts";
import type { Progresses } from "../training/progress.ts";
import type { DType } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";

/** The models that a layer is part of, by what they know of their training; one that was dropped counts no longer. */
const owners = shared(
  "owners",
  () => new WeakMap<AnyLayer, Set<Pick<WeakRef<Progresses>, "deref">>>(),
);

const ownersOf = (layer: AnyLayer): Progresses[] =>
  [...(owners.get(layer) ?? [])].flatMap((owner) => owner.deref() ?? []);

const put = (layer: AnyLayer, models: readonly Progresses[]): void =>
  void owners.set(layer, new Set(models.map(weakly)));

/** Says that a model has these layers. */
export function join(layers: Iterable<AnyLayer>, model: Progresses): void {
  for (const layer of new Set(layers)) put(layer, [...ownersOf(layer), model]);
}

/**
 * Says that a model is gone, and disposes what no other has: the variables of layers that were its own,
 * with the state that optimizers hold for them.
 */
export function leave(layers: Iterable<AnyLayer>, model: Progresses): void {
  const own: Variable<Shape, DType>[] = [];
  for (const layer of new Set(layers)) {
    const others = ownersOf(layer).filter((other) => other !== model);
    put(layer, others);
    if (others.length === 0) own.push(...layer.own.map(({ variable }) => variable));
    else others[0]!.inherit(model);
  }
  model.forget(own);
  for (const variable of own) variable.dispose();
}
