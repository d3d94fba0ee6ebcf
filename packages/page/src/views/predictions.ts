import { card, h, setText } from "@ferrograd/shared/dom.ts";
import { drawInk, inkPicture } from "./ink.ts";
import type { View, ViewFactory } from "./view.ts";

/** Images that the network has not trained on, with what it takes them for. */
export const predictions: ViewFactory = (context): View | undefined => {
  const { texts, info } = context;
  const { image, test, classNames } = info;
  if (image === undefined || test === undefined) return undefined;
  const size = image.width * image.height;
  const items = Array.from(test.labels, (label, row) => {
    const pixels = test.x.slice(row * size, (row + 1) * size);
    const canvas = inkPicture(image);
    drawInk(canvas, pixels);
    const said = h("span", { className: "said" }, "?");
    const button = h(
      "button",
      { type: "button", on: { click: () => context.look(pixels) } },
      canvas,
      said,
    );
    return { button, said, truth: classNames[label]!, label, predicted: -1 };
  });
  return {
    element: card(
      texts.predictions,
      "predictions",
      h("p", { className: "hint" }, texts.predictionsHint),
      h("div", { className: "images" }, ...items.map(({ button }) => button)),
    ),
    frame({ predicted }) {
      items.forEach((item, row) => {
        if (item.predicted === predicted[row]) return;
        item.predicted = predicted[row]!;
        const right = item.predicted === item.label;
        const name = classNames[item.predicted]!;
        setText(item.said, `${name} ${right ? "✓" : "✗"}`);
        item.button.className = right ? "right" : "wrong";
        item.button.setAttribute("aria-label", texts.imageLabel(item.truth, name));
      });
    },
  };
};
