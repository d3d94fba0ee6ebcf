import { h, icon, setText } from "@ferrograd/shared/dom.ts";

export interface SliderOptions<T> {
  readonly name: string;
  /** From left to right. */
  readonly values: readonly T[];
  readonly value: T;
  readonly format: (value: T) => string;
  /** At every movement. */
  readonly change: (value: T) => void;
}

let made = 0;

/** A slider over a list of values, with its value beside its name. */
export function slider<T>({ name, values, value, format, change }: SliderOptions<T>) {
  const shown = h("span", { attrs: { "aria-hidden": "true" } }); // aria-valuetext says it
  const input = h("input", {
    type: "range",
    id: `live-${++made}`,
    min: "0",
    max: String(values.length - 1),
    step: "1",
    value: String(values.indexOf(value)),
  });
  const say = () => {
    const text = format(values[Number(input.value)]!);
    setText(shown, text);
    input.setAttribute("aria-valuetext", text);
  };
  input.addEventListener("input", () => {
    say();
    change(values[Number(input.value)]!);
  });
  say();
  return {
    element: h(
      "div",
      { className: "slider" },
      h("label", { htmlFor: input.id }, name),
      shown,
      input,
    ),
    /** Moves it as if by hand. */
    set(next: T): void {
      input.value = String(values.indexOf(next));
      input.dispatchEvent(new Event("input"));
    },
  };
}

/** A choice of one from a list. */
export function choice<T extends string>(
  name: string,
  values: readonly T[],
  value: T,
  change: (value: T) => void,
): HTMLElement {
  const select = h("select", {}, ...values.map((v) => h("option", { value: v }, v)));
  select.value = value;
  select.addEventListener("change", () => change(select.value as T));
  return h("label", { className: "choice" }, h("span", {}, name), select);
}

const ICONS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z",
  restart: "M8 3V.5L3.8 4 8 7.5V5a3.6 3.6 0 1 1-3.6 3.6H2.3A5.7 5.7 0 1 0 8 3z",
};

/** A button with a sign; `show` changes both text and sign. */
export function button(sign: keyof typeof ICONS, text: string, click: () => void) {
  const label = h("span", {}, text);
  const mark = icon(ICONS[sign]);
  const element = h("button", { type: "button", on: { click } }, mark, label);
  return {
    element,
    show(next: keyof typeof ICONS, said: string): void {
      mark.firstElementChild!.setAttribute("d", ICONS[next]);
      setText(label, said);
    },
  };
}

/** Buttons that stay side by side. */
export const buttons = (...children: readonly HTMLElement[]) =>
  h("div", { className: "buttons" }, ...children);

/** Controls in a row that wraps. */
export const row = (...children: readonly HTMLElement[]) =>
  h("div", { className: "live-controls" }, ...children);
