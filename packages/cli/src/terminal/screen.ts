import type { WriteStream } from "node:tty";
import pc from "picocolors";

/** Where people read: a terminal, or a file or pipe that gets plain lines. */
export interface Screen {
  readonly stream: NodeJS.WriteStream;
  readonly isTerminal: boolean;
  /** Whether 256 colors can be shown (NO_COLOR and FORCE_COLOR are heeded). */
  readonly hasGrays: boolean;
  readonly columns: number;
  readonly colors: ReturnType<typeof pc.createColors>;
  print(text?: string): void;
}

export function openScreen(stream: NodeJS.WriteStream): Screen {
  const isTerminal = stream.isTTY === true;
  const hasColors = (count: number) => isTerminal && (stream as WriteStream).hasColors(count);
  return {
    stream,
    isTerminal,
    hasGrays: hasColors(256),
    columns: (isTerminal && stream.columns) || 80,
    colors: pc.createColors(hasColors(16)),
    print: (text = "") => void stream.write(`${text}\n`),
  };
}
