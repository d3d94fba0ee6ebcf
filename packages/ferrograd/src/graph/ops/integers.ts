import { type IntegerName, write } from "../../engine/ops.generated.ts";
import { INT } from "../../values/dtype.ts";
import { sizeOf } from "../../values/shape.ts";
import { ends } from "../meaning.ts";
import type { OpDef } from "../op.ts";

/** 1 where a comparison of integers of one shape, else 0; integers themselves. */
export const integersOp: OpDef<{ integer: IntegerName }> = {
  name: "integers",
  infer: ([a]) => [{ shape: a!.shape, dtype: INT }],
  meaning: ends,
  gradient: () => [null, null],
  emit: ({ w, attrs, inputs, outputs, outputSpecs }) =>
    write.integers(w, {
      ...attrs,
      n: sizeOf(outputSpecs[0]!.shape),
      a: inputs[0]!,
      b: inputs[1]!,
      y: outputs[0]!,
    }),
};
