import { uniform } from "../random.ts";
import type { Case, ChainSpec, KernelSession, Suite } from "../types.ts";

const COLUMNS = 1024;
const ROWS = 256;

function chainCase(formula: ChainSpec["formula"], form: ChainSpec["form"]): Case<KernelSession> {
  const size = ROWS * COLUMNS;
  const spec = (): ChainSpec => ({
    ...{ formula, form, rows: ROWS, columns: COLUMNS },
    x: uniform(1, size, 4),
  });
  return {
    name: `${formula}/${form}/${size / 1024}k`,
    api: "op",
    copies: "none",
    tolerance: 1e-5,
    open: (engine) => engine.chain?.(spec()),
    compares: "values",
  };
}

/** What users compose of elementwise operations: as one chain, one by one, and as the built-in row. */
export const chains: Suite = {
  name: "chains",
  notes: [
    "ms per 256 * 1024 elements, forward; in and out are resident, the first row is read back",
    "sigmoid is 1 / (1 + e^-x), silu x sigmoid(x), cubic ((x / 10 + 0.2) x - 0.3) x + 0.4",
    "one-by-one: every intermediate result is read as well, so that none can be joined to the next",
  ],
  cases: [
    chainCase("sigmoid", "row"),
    chainCase("sigmoid", "composed"),
    chainCase("sigmoid", "one-by-one"),
    chainCase("silu", "composed"),
    chainCase("silu", "one-by-one"),
    chainCase("cubic", "composed"),
    chainCase("cubic", "one-by-one"),
  ],
};
