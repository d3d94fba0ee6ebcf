import type { NetLayer, NetSpec } from "../types.ts";
import { channelsFirst, type Part, partsOf } from "./nets.ts";
import { floatValues, node, type OnnxFormat } from "./onnx-model.ts";

/** The op of a layer, and what it says beside its weights. */
function opOf(
  layer: NetLayer,
  { sizes, channels }: Part,
): readonly [op: string, attributes: object] {
  const each = (value: number) => sizes.map(() => value);
  switch (layer.kind) {
    case "conv":
      return ["Conv", layer.padding === "same" ? { auto_pad: "SAME_UPPER" } : {}];
    case "depthwise":
      return ["Conv", { auto_pad: "SAME_UPPER", group: channels, strides: each(layer.strides) }];
    case "maxPool":
      return ["MaxPool", { kernel_shape: each(2), strides: each(2) }];
    case "globalMean":
      return ["GlobalAveragePool", {}];
    case "dense":
      return ["Gemm", {}];
  }
}

/** From x with its channels first to y. */
export function netGraph(spec: NetSpec) {
  return (onnx: OnnxFormat): { node: object[]; initializer: object[] } => {
    const parts = partsOf(spec);
    const nodes: object[] = [];
    let last = "x";
    const push = (op: string, inputs: readonly string[], attributes: object, end = false) => {
      const output = end ? "y" : `h${nodes.length}`;
      nodes.push(node(onnx, op, [last, ...inputs], output, attributes));
      last = output;
    };
    const initializer = parts.flatMap((part, i) => {
      const { layer, kernel, bias, relu } = part;
      const weighs = kernel.data.length > 0;
      if (layer.kind === "dense" && parts[i - 1].layer.kind !== "dense") push("Flatten", [], {});
      const end = i === parts.length - 1;
      const [op, attributes] = opOf(layer, part);
      push(op, weighs ? [`w${i}`, `b${i}`] : [], attributes, end && !relu);
      if (relu) push("Relu", [], {}, end);
      if (!weighs) return [];
      const { data, shape } = channelsFirst(part);
      return [floatValues(`w${i}`, data, shape), floatValues(`b${i}`, bias.data, bias.shape)];
    });
    return { node: nodes, initializer };
  };
}
