import { h } from "@ferrograd/shared/dom.ts";
import { PARTS } from "../live/all.ts";
import type { LiveContext, LivePart } from "../live/part.ts";
import type { Context } from "./context.ts";

/** Least time between pictures for those who asked for less motion, ms. */
const CALM_MS = 700;

const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
const isDark = matchMedia("(prefers-color-scheme: dark)");

const nextFrame = (): Promise<void> =>
  new Promise((resolve) => {
    if (isCalm.matches) setTimeout(resolve, CALM_MS);
    else requestAnimationFrame(() => resolve());
  });

function liveContext({ live, runner, signal }: Context): LiveContext {
  return {
    texts: live,
    run: (task, input) => runner.run(task, input, signal),
    nextFrame,
    reducedMotion: isCalm.matches,
    onTheme: (draw) => isDark.addEventListener("change", draw, { signal }),
    signal,
  };
}

/** The part, mounted when it comes near the screen. */
function mounted(part: LivePart, context: Context): HTMLElement {
  const root = h("div", { className: "live-root" });
  const title = h("h3", {}, h("small", {}, context.texts.live), context.live.titles[part.id]);
  const element = h("section", { className: `live live-${part.id}` }, title, root);
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      part.mount(root, liveContext(context));
    },
    { rootMargin: "400px" },
  );
  observer.observe(element);
  context.signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  return element;
}

/** The live parts of an experiment. */
export const liveParts = (section: string, context: Context): HTMLElement[] =>
  PARTS.filter((part) => part.section === section).map((part) => mounted(part, context));
