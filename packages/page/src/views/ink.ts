import { h } from "@ferrograd/shared/dom.ts";

/** A picture that its surroundings name. */
export const inkPicture = ({
  width,
  height,
}: {
  readonly width: number;
  readonly height: number;
}) => h("canvas", { width, height, className: "ink", attrs: { "aria-hidden": "true" } });

/** Gray levels 0..1 as black ink, whose color the style sheet turns over in the dark. */
export function drawInk(canvas: HTMLCanvasElement, pixels: Float32Array): void {
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(canvas.width, canvas.height);
  pixels.forEach((value, i) => {
    image.data[4 * i + 3] = value * 255;
  });
  context.putImageData(image, 0, 0);
}
