import type { Frame } from "./protocol.ts";

/** Loss and accuracy at the steps of frames. */
export interface History {
  readonly steps: number[];
  readonly loss: { readonly train: number[]; readonly test: number[] };
  readonly accuracy: { readonly train: number[]; readonly test: number[] };
}

/** Points of the curves that are kept; then every second one goes. */
const MOST_POINTS = 1500;

export const emptyHistory = (): History => ({
  steps: [],
  loss: { train: [], test: [] },
  accuracy: { train: [], test: [] },
});

/** Adds a frame's loss and accuracy. */
export function record({ steps, loss, accuracy }: History, frame: Frame): void {
  if (steps.at(-1) === frame.step) return;
  const columns = [steps, loss.train, loss.test, accuracy.train, accuracy.test];
  if (steps.length >= MOST_POINTS) for (const column of columns) thin(column);
  const { train, test } = frame;
  const row = [frame.step, train.loss, test.loss, train.accuracy, test.accuracy];
  columns.forEach((column, i) => column.push(row[i]!));
}

/** Keeps every second value, in place. */
function thin(values: number[]): void {
  for (let i = 0; 2 * i < values.length; i++) values[i] = values[2 * i]!;
  values.length = Math.ceil(values.length / 2);
}
