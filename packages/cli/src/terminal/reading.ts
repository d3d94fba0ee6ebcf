import { SingleBar } from "cli-progress";
import type { Watch } from "../table/load.ts";
import { formatSeconds } from "./progress.ts";

/** Smaller files are read before a bar could be seen. */
const LARGE = 20_000_000;

/** A bar with the time left while a large file is read, where standard error is a terminal. */
export function openReading(
  size: number | undefined,
  stream: NodeJS.WriteStream = process.stderr,
): Watch {
  if (size === undefined || size < LARGE || stream.isTTY !== true) {
    return () => ({ at() {}, end() {} });
  }
  return (step) => {
    const bar = new SingleBar({
      stream,
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
        // A file that grows has more than it had.
        const left = formatSeconds((seconds * Math.max(0, size - bytes)) / bytes);
        bar.update(Math.min(bytes, size), { left });
      },
      end: () => bar.stop(),
    };
  };
}
