import { styleColor } from "@ferrograd/shared/color.ts";

const KEPT = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "stroke-linecap",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "paint-order",
];
const SCALE = 2;
const MARGIN = 20;

/** A copy that carries the style sheet's colors and fonts itself. */
function standalone(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const copies = copy.querySelectorAll("*");
  svg.querySelectorAll("*").forEach((original, i) => {
    const style = getComputedStyle(original);
    const text = KEPT.map((name) => `${name}: ${style.getPropertyValue(name)}`).join(";");
    copies[i]!.setAttribute("style", text);
  });
  return copy;
}

async function imageOf(svg: SVGSVGElement): Promise<HTMLImageElement> {
  const text = new XMLSerializer().serializeToString(standalone(svg));
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const image = new Image();
  image.src = url;
  await image.decode().finally(() => URL.revokeObjectURL(url));
  return image;
}

/** Saves a chart with its title as a picture, at twice its size. */
export async function savePng(svg: SVGSVGElement, title: string, name: string): Promise<void> {
  const image = await imageOf(svg);
  const style = getComputedStyle(svg);
  const em = Number.parseFloat(style.fontSize);
  const [width, height] = [svg.width.baseVal.value, svg.height.baseVal.value];
  const canvas = document.createElement("canvas");
  canvas.width = (width + 2 * MARGIN) * SCALE;
  canvas.height = (height + 2 * MARGIN + 2 * em) * SCALE;
  const context = canvas.getContext("2d")!;
  context.scale(SCALE, SCALE);
  context.fillStyle = styleColor("--card");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = style.color;
  context.font = `600 ${em}px ${style.fontFamily}`;
  context.fillText(title, MARGIN, MARGIN + em, width);
  context.drawImage(image, MARGIN, MARGIN + 2 * em, width, height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob!);
  link.download = `${name}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
