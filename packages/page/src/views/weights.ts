import { setSigned } from "@ferrograd/shared/color.ts";
import { card, h, picture } from "@ferrograd/shared/dom.ts";
import type { View, ViewFactory } from "./view.ts";

const COLUMNS = 16;
const GAP = 1;

/** The first layer's kernel: for images one picture per unit, else the matrix itself. */
export const weights: ViewFactory = ({ texts, info }): View | undefined => {
  const [inputs, units] = [info.widths[0]!, info.widths[1]!];
  if (info.reach !== undefined) return undefined;
  const { place, width, height } = info.image
    ? tiles(info.image, units)
    : {
        place: (input: number, unit: number) => ({ x: unit, y: input }),
        width: units,
        height: inputs,
      };
  const canvas = picture(width, height, texts.weightsLabel(units), "pixels");
  const context = canvas.getContext("2d")!;
  return {
    element: card(
      texts.weights,
      "weights",
      h(
        "p",
        { className: "hint" },
        info.image ? texts.weightsHint : texts.matrixHint(info.featureNames ?? []),
      ),
      canvas,
    ),
    frame({ kernels: [kernel] }) {
      const image = context.createImageData(width, height);
      const scale = 1 / largest(kernel!);
      for (let input = 0; input < inputs; input++) {
        for (let unit = 0; unit < units; unit++) {
          const { x, y } = place(input, unit);
          setSigned(image.data, y * width + x, kernel![input * units + unit]! * scale);
        }
      }
      context.putImageData(image, 0, 0);
    },
  };
};

/** Where each weight stands when every unit is a picture of the inputs' form. */
function tiles(image: { readonly width: number; readonly height: number }, units: number) {
  const columns = Math.min(COLUMNS, units);
  const [stepX, stepY] = [image.width + GAP, image.height + GAP];
  return {
    width: columns * stepX - GAP,
    height: Math.ceil(units / columns) * stepY - GAP,
    place: (input: number, unit: number) => ({
      x: (unit % columns) * stepX + (input % image.width),
      y: Math.floor(unit / columns) * stepY + Math.floor(input / image.width),
    }),
  };
}

/** Largest magnitude, with a floor that leaves zeros invisible. */
function largest(values: Float32Array): number {
  let found = 1e-3;
  for (const value of values) found = Math.max(found, Math.abs(value));
  return found;
}
