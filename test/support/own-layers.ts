/** Layers of one's own as files of graphs name them; those of golden/format-2/generate.mjs. */
import { add, gather, layer, mean, mul, sub, type Variable } from "ferrograd";

/** Rows of a table that trains: int32 (…) → (…, width). */
export function embedding(options: { count: number; width: number; name?: string }) {
  const { count, width, name } = options;
  let table: Variable; // (count, width)
  return layer({
    type: "embedding",
    name,
    config: { count, width },
    build(_inputShape, add) {
      table = add("table", [count, width], "uniform");
    },
    call: (indices) => gather(table, indices),
  });
}

/** Less the mean of the batch while training, less a running one else. */
export function centered(options: { name?: string }) {
  let running: Variable; // (features)
  return layer({
    type: "centered",
    name: options.name,
    config: {},
    build(inputShape, add) {
      running = add("mean", [inputShape.at(-1)!], "zeros", { trainable: false });
    },
    call(x, { training, update }) {
      if (!training) return sub(x, running);
      const now = mean(x, { axis: 0 });
      update(running, (before) => add(mul(before, 0.9), mul(now, 0.1)));
      return sub(x, now);
    },
  });
}

/** The sum of two. */
export const sum = (options: { name?: string }) =>
  layer({
    type: "sum",
    name: options.name,
    config: {},
    inputs: "list",
    call: ([a, b]) => add(a!, b!),
  });
