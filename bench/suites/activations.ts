import type { ActivationName } from "ferrograd";
import { activations as table } from "ferrograd/tables";
import { uniform } from "../random.ts";
import type { ActivationSpec, Case, KernelSession, Suite } from "../types.ts";

const COLUMNS = 1024;
const ROWS = 256;

function activationCase(
  activation: ActivationName,
  direction: "forward" | "backward",
): Case<KernelSession> {
  const size = ROWS * COLUMNS;
  const spec = (): ActivationSpec => ({
    ...{ activation, direction, rows: ROWS, columns: COLUMNS },
    x: uniform(1, size, 4),
    dy: uniform(2, size),
  });
  return {
    name: `${activation}/${direction}/${size / 1024}k`,
    api: "op",
    copies: "none",
    tolerance: 1e-3,
    open: (engine) => engine.activation?.(spec()),
    compares: "values",
  };
}

const NAMES = (Object.keys(table) as ActivationName[]).filter((name) => name !== "linear");

/** Every row of the table of activations; the names come from the table itself. */
export const activations: Suite = {
  name: "activations",
  notes: [
    "ms per 256 * 1024 elements, uniform in [-4, 4); in and out are resident, the first row is read back",
    "backward: dx from x and dy, with all that it needs; where the derivative is taken from y, that includes y",
  ],
  everywhere: ["relu/forward/256k", "tanh/forward/256k", "sigmoid/backward/256k"],
  cases: (["forward", "backward"] as const).flatMap((direction) =>
    NAMES.map((name) => activationCase(name, direction)),
  ),
};
