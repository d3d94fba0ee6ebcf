import { h, setText } from "@ferrograd/shared/dom.ts";
import type { Texts } from "../i18n/languages.ts";

const NEXT = ["ArrowRight", "PageDown"];
const BACK = ["ArrowLeft", "PageUp"];

/** Fields that use the arrow keys themselves. */
const usesArrows = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("input, select, textarea, [role=slider]") !== null;

/** One part of the page at a time, in large type. */
export function slides(
  texts: Texts,
  parts: readonly HTMLElement[],
  first: number,
  on: { turned(index: number): void; leave(): void },
  signal: AbortSignal,
) {
  let at = first;
  const count = h("span", { attrs: { role: "status" } });
  const turn = (to: number) => {
    at = Math.min(Math.max(to, 0), parts.length - 1);
    parts.forEach((part, i) => {
      part.hidden = i !== at;
    });
    setText(count, texts.slide(at + 1, parts.length));
    back.disabled = at === 0;
    next.disabled = at === parts.length - 1;
    scrollTo(0, 0);
    on.turned(at);
  };
  const button = (text: string, by: number) =>
    h("button", { type: "button", on: { click: () => turn(at + by) } }, text);
  const [back, next] = [button(texts.previous, -1), button(texts.next, 1)];
  const choose = (key: string) => {
    const options = parts[at]!.querySelectorAll<HTMLInputElement>(".question input");
    options[Number(key) - 1]?.click();
  };
  const commit = () => parts[at]!.querySelector<HTMLFormElement>(".question")?.requestSubmit();
  const press = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { key, target } = event;
    const free = !usesArrows(target);
    if (NEXT.includes(key) && free) turn(at + 1);
    else if (BACK.includes(key) && free) turn(at - 1);
    else if (key === "Escape") on.leave();
    else if (/^[1-9]$/.test(key)) choose(key);
    else if (key === "Enter" && target === document.body) commit();
    else return;
    event.preventDefault();
  };
  addEventListener("keydown", press, { signal });
  for (const part of parts) {
    part.addEventListener("submit", () => part.querySelector(".result")?.scrollIntoView());
  }
  const element = h(
    "footer",
    { className: "turn" },
    back,
    count,
    next,
    h("small", { className: "keys" }, texts.keys),
  );
  return { element, turn };
}
