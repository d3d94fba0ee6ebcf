import { h, icon, setText } from "@ferrograd/shared/dom.ts";
import { whole } from "@ferrograd/shared/format.ts";
import type { Texts } from "./i18n/languages.ts";
import type { Frame } from "./protocol.ts";
import { parseSetting, SPEEDS } from "./settings.ts";

/** What the buttons do. */
export interface TransportEvents {
  toggle(): void;
  step(): void;
  restart(): void;
  speed(stepsPerSecond: number): void;
  copyLink(): void;
}

/** Paths on a square of 16 units. */
const ICONS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z",
  step: "M3 2.5v11l7-5.5zM11 2.5h2.5v11H11z",
  restart: "M8 2a6 6 0 1 0 6 6h-2a4 4 0 1 1-1.2-2.8L8.5 7.5H14V2l-1.8 1.8A6 6 0 0 0 8 2z",
  link: "M6.5 9.5a3 3 0 0 1 0-4.2l2-2a3 3 0 0 1 4.2 4.2l-1 1-1.2-1.2 1-1a1.3 1.3 0 0 0-1.8-1.8l-2 2a1.3 1.3 0 0 0 0 1.8zM9.5 6.5a3 3 0 0 1 0 4.2l-2 2a3 3 0 0 1-4.2-4.2l1-1 1.2 1.2-1 1a1.3 1.3 0 0 0 1.8 1.8l2-2a1.3 1.3 0 0 0 0-1.8z",
};

/** Play, step and restart, the count of steps, and the hash of the weights. */
export function transport(texts: Texts, speed: number, on: TransportEvents) {
  const button = (text: string, path: string, click: () => void, className = "") => {
    const label = h("span", {}, text);
    const mark = icon(path);
    return {
      label,
      mark,
      element: h("button", { type: "button", className, on: { click } }, mark, label),
    };
  };
  const play = button(texts.play, ICONS.play, () => on.toggle(), "primary");
  const step = button(texts.step, ICONS.step, () => on.step());
  const restart = button(texts.restart, ICONS.restart, () => on.restart());
  const link = button(texts.copyLink, ICONS.link, () => on.copyLink());
  const count = h("span", { className: "count" });
  const rate = h("span", { className: "rate" });
  const hash = h("code", { className: "hash", title: texts.weightsHash });
  const speeds = SPEEDS.includes(speed) ? SPEEDS : [speed, ...SPEEDS];
  const select = h(
    "select",
    { id: "setting-speed" },
    ...speeds.map((value) =>
      h(
        "option",
        { value: String(value) },
        value === 0 ? texts.fastest : texts.stepsPerSecond(whole(value)),
      ),
    ),
  );
  select.value = String(speed);
  select.addEventListener("change", () => on.speed(parseSetting("speed", select.value)!));
  return {
    element: h(
      "div",
      { className: "transport", attrs: { role: "region", "aria-label": texts.trainingSection } },
      play.element,
      step.element,
      restart.element,
      h("label", {}, h("span", { className: "speed-name" }, texts.speed), select),
      h("div", { className: "state" }, count, rate),
      h("span", { className: "sha" }, h("small", {}, "SHA-256 "), hash),
      link.element,
    ),
    show(frame: Frame): void {
      setText(count, texts.counted(whole(frame.step), whole(frame.epoch)));
      setText(
        rate,
        frame.playing && frame.stepsPerSecond > 0
          ? texts.stepsPerSecond(whole(frame.stepsPerSecond))
          : "",
      );
      setText(hash, frame.sha256.slice(0, 16));
      hash.title = `${texts.weightsHash}: ${frame.sha256}`;
    },
    playing(playing: boolean): void {
      setText(play.label, playing ? texts.pause : texts.play);
      play.mark.firstElementChild!.setAttribute("d", playing ? ICONS.pause : ICONS.play);
    },
  };
}
