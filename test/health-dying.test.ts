import { adam, dense, sequential } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { diagnose } from "ferrograd/diagnostics";
import { expect, test } from "vitest";

const { train } = digits();

/** Units of the first layer whose z is at most 0 on every row, from plain arrays. */
function offUnits([kernel, bias]: Float32Array[], units: number): number[] {
  const width = train.x.shape[1]!;
  return Array.from({ length: units }, (_, unit) => unit).filter((unit) => {
    for (let row = 0; row < train.length; row++) {
      let z = bias![unit]!;
      for (let i = 0; i < width; i++)
        z += train.x.data[row * width + i]! * kernel![i * units + unit]!;
      if (z > 0) return false;
    }
    return true;
  });
}

test.each([3e-2, 1e-1])(
  "units of a relu network die at learning rate %f, of a leakyRelu none",
  (learningRate) => {
    for (const activation of ["relu", "leakyRelu"] as const) {
      const layers = [...Array.from({ length: 3 }, () => dense(64, { activation })), dense(10)];
      using model = sequential(layers, { inputShape: [64], seed: 1 }).compile({
        optimizer: adam({ learningRate }),
        loss: "sparseCategoricalCrossentropy",
      });
      model.fitSync(train, { epochs: 10 });
      const { layers: found, findings } = diagnose(model, train, { probeRows: train.length });
      const codes = findings
        .map(({ code }) => code)
        .filter((code) => code === "dead" || code === "dying");
      if (activation === "leakyRelu") expect(codes).toEqual([]);
      else {
        expect(codes).not.toEqual([]);
        expect(found[0]!.dead.units).toEqual(offUnits(model.getWeights(), 64));
      }
    }
  },
);
