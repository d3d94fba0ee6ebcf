import { SingleBar } from "cli-progress";
import type { Watch } from "../table/load.ts";
import { formatSeconds } from "./progress.ts";

/** Smaller files are read before a bar could be seen. */
const LARGE = 20_000_000;

/** A bar with the time left while a large file is read, where standard error is a terminal. */
export function openReading(size: number | undefined): Watch {
  if (size === undefined || size < LARGE || process.stderr.isTTY !== true) {
    return () => ({ at() {}, end() {} });
  }
  return (step) => {
    const bar = new SingleBar({
      stream: process.stderr,
      format: `{bar} ${step}  {percentage} %  {left} left`,
      barsize: 30,
      barCompleteChar: "█",
      barIncompleteChar: "░",
      hideCursor: true,
      clearOnComplete: true,
    });
    const start = performance.now();
    bar.start(size, 0, { left: "-" });
    return {
      at(bytes) {
        const seconds = (performance.now() - start) / 1000;
        bar.update(bytes, { left: formatSeconds((seconds * (size - bytes)) / bytes) });
      },
      end: () => bar.stop(),
    };
  };
}
