import { dense, sequential } from "ferrograd";
import { breastCancer, digits, iris, wine } from "ferrograd/datasets";
import { diagnose } from "ferrograd/diagnostics";
import { expect, test } from "vitest";
import { isOurs } from "./support/shares.ts";

const seeds = Array.from({ length: import.meta.env.FERROGRAD_LONG ? 20 : 2 }, (_, seed) => seed);

test.each(Object.entries({ iris, wine, breastCancer, digits }))(
  "default networks on %s: no warning, before and after training",
  (name, load) => {
    const { train } = load();
    const classes = new Set(train.y.data).size;
    for (const [i, activation] of (["relu", "leakyRelu", "tanh", "sigmoid"] as const).entries()) {
      for (const seed of seeds) {
        if (!isOurs(i + seed)) continue;
        const layers = [dense(64, { activation }), dense(32, { activation }), dense(classes)];
        using model = sequential(layers, { inputShape: train.x.shape.slice(1), seed }).compile({
          optimizer: "adam",
          loss: "sparseCategoricalCrossentropy",
        });
        for (const epochs of [0, name === "digits" ? 4 : 30]) {
          if (epochs > 0) model.fitSync(train, { epochs });
          const { findings } = diagnose(model, train);
          const loud = findings.filter(({ severity }) => severity !== "info");
          expect(loud.map(({ sentence }) => sentence)).toEqual([]);
        }
      }
    }
  },
);
