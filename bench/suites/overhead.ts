import type { Case, KernelSession, Suite } from "../types.ts";

function overheadCase(ops: number): Case<KernelSession> {
  return {
    name: `${ops} ops`,
    api: "jit",
    copies: "none",
    tolerance: 1e-4,
    open: (engine) => engine.tinyOps?.(ops),
    compares: "values",
  };
}

/** What is left when the arithmetic is next to nothing. */
export const overhead: Suite = {
  name: "overhead",
  notes: ["ms per program of so many products of 2x2 matrices, one after the other; resident"],
  everywhere: ["100 ops"],
  cases: [overheadCase(1), overheadCase(10), overheadCase(100)],
};
