import { choiceSentence, type Tried } from "../choice.ts";
import type { Screen } from "./screen.ts";
import { textTable } from "./text-table.ts";

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** What was tried on rows held out, and which of it answers. */
export function printChoice({ print, colors }: Screen, tried: readonly Tried[]): void {
  const rows = tried.map(({ name, loss, above, error, kept }) => [
    { text: name, paint: kept ? colors.bold : colors.dim },
    short(loss),
    above === 0 ? "the best" : `${short(above)} ± ${short(error)}`,
    kept ? "answers" : "",
  ]);
  const head = ["tried", "held-out loss", "above the best", ""];
  print(textTable({ head, rows, align: ["left", "right", "right", "left"] }));
  print(`what answers: ${choiceSentence(tried)}`);
  print();
}
