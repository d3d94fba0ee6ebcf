import { runningNumerics } from "../engine/numerics.ts";
import { FerrogradError, FormatError } from "../errors.ts";
import type { SafetensorsFile } from "../io/safetensors.ts";
import type { Slot } from "../optimizers/spec.ts";
import { type Named, slotKey } from "../optimizers/state.ts";
import type { OtherNumerics, SavedProgress, SavedTraining } from "../training/saved.ts";
import type { Shape } from "../values/shape.ts";
import type { Makers } from "./registries.ts";
import { knownOptimizer } from "./saved-optimizer.ts";
import { STATE, tensorFor } from "./schema.ts";

/** Options come from a file, so what the layers refuse is the file's fault. */
export function asFormatError<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof FerrogradError) || error instanceof FormatError) throw error;
    throw new FormatError(`loadModel(): architecture: ${error.message}`);
  }
}

/**
 * How far training had come, where a file tells; its tensors join `known`. The optimizer that the file
 * names has the slots; in the first files of losses of one's own, which name none, the tensors tell.
 */
export function readProgress(
  file: SafetensorsFile,
  training: SavedTraining | undefined,
  numerics: number,
  named: readonly Named[],
  known: Set<string>,
  makers: Makers,
): { readonly saved: SavedProgress; readonly step: Int32Array } | undefined {
  if (!file.tensors.has(`${STATE}step`)) return undefined;
  const take = (name: string, dtype: "F32" | "I32", shape: Shape, least?: number) => {
    known.add(name);
    return tensorFor(file, name, dtype, shape, least).data;
  };
  const optimizer = training && asFormatError(() => knownOptimizer(training, makers));
  const inFile = optimizer === undefined ? slotsIn(file, named) : [];
  const slotsOf = (one: Named): readonly Slot[] => {
    const { variable } = one;
    if (optimizer !== undefined) return asFormatError(() => optimizer.spec.slots(variable));
    return inFile.map((name) => {
      const { shape = variable.shape } = file.tensors.get(`${STATE}${slotKey(name, one)}`) ?? {};
      return { name, shape };
    });
  };
  const step = take("step", "I32", [1], 0) as Int32Array;
  const steps = take(`${STATE}step`, "I32", [1], 0)[0] as number;
  const values = new Map<string, Float32Array>();
  for (const one of named) {
    for (const { name, shape, least } of slotsOf(one)) {
      const key = slotKey(name, one);
      if (!one.variable.trainable && !file.tensors.has(`${STATE}${key}`)) continue; // it was frozen all along
      values.set(key, take(`${STATE}${key}`, "F32", shape, least) as Float32Array);
    }
  }
  const { optimizer: name, epochs = 0 } = training ?? {};
  const slots = named.slice(0, 1).flatMap((first) => slotsOf(first).map((slot) => slot.name));
  const from = otherNumerics(numerics);
  return { step, saved: { name, slots, steps, values, epochs, training, from } };
}

function otherNumerics(numerics: number): OtherNumerics | undefined {
  const running = runningNumerics();
  if (numerics === running) return undefined;
  const warning =
    `fit(): expected to go on from a file of numerics version ${running}, got one of ${numerics}: ` +
    "the numbers are not quite those of one training; where they must be, train with the version that saved it";
  return { numerics, warning };
}

/** Slots that the tensors of a file are named after, in their order. */
function slotsIn(file: SafetensorsFile, [first]: readonly Named[]): string[] {
  const end = `/${first?.name}`;
  return [...file.tensors.keys()]
    .filter((name) => name.startsWith(STATE) && name.endsWith(end))
    .map((name) => name.slice(STATE.length, -end.length));
}
