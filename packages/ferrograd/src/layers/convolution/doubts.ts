import { channelsLast } from "../../graph/ops/windows.ts";
import { showShape } from "../../values/shape.ts";
import type { Placed } from "../layer.ts";
import type { Spec } from "../symbolic.ts";

/** A sentence where images of a model seem to have their channels first. @internal */
export function firstDoubt({ name, inputSpecs }: Placed, inputs: readonly Spec[]): string[] {
  const { shape } = inputSpecs[0]!;
  const remedy = channelsLast(shape);
  const isInput = inputs.some((input) => `${input.shape}` === `${shape}`);
  if (remedy === "" || !isInput) return [];
  const [height, width, channels] = shape;
  return [
    `compile(): ${name} takes inputs ${showShape(shape)} as images ${height} high and ${width} wide with ${channels} channels${remedy}`,
  ];
}

/** A sentence where nothing but what is linear stands between a convolution and the next layer with weights. @internal */
export const joinedDoubt = ({ name }: Placed, joined: Placed | undefined): string[] =>
  joined === undefined
    ? []
    : [
        `compile(): ${name} then ${joined.name} without an activation between them compute what one linear layer can; ` +
          `give ${name} an activation, such as "relu"`,
      ];
