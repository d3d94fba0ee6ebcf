import type { Suite } from "../types.ts";
import { trainCase } from "./train.ts";

/** The net of a teaching page: small enough that what surrounds the arithmetic decides. */
export const playground: Suite = {
  name: "playground",
  notes: [
    "ms per training step of 10 points: forward, softmax cross-entropy, backward, SGD, the loss read back",
    "ours after unrollPrograms() of ferrograd/unroll, like the page; the losses of the first 2100 steps are compared, so those of the unrolled program too, or as many as a library takes half a second for",
    "object-loop: objects for nodes and links, one sample at a time, as teaching pages are written; our own code",
  ],
  everywhere: ["2-8-8-2/b10/sgd"],
  cases: [trainCase("2-8-8-2/b10/sgd", "model", "in", [2, 8, 8, 2], 10, "sgd", 2100)],
};
