import { SingleBar } from "cli-progress";
import type { Screen } from "./screen.ts";

/** Losses and metrics by name. */
export type Logs = Readonly<Record<string, number>>;

export interface Length {
  readonly epochs: number;
  /** Batches of an epoch. */
  readonly batches: number;
}

export interface Progress {
  /** After batch `step` of the whole training, from 1. Absent where nothing would show it. */
  batchEnd?(step: number, logs: Logs): void;
  /** After epoch `epoch`, from 1. */
  epochEnd(epoch: number, logs: Logs): void;
  stop(): void;
}

const decimals = (value: number | undefined): string => value?.toFixed(4) ?? "-";

/** Seconds as `0.04 s`, `1.5 s`, `12 s` or `2 min 05 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** One line per epoch, the last of them a bar on a terminal, where epochs too short to read get no line. */
export function openProgress(screen: Screen, length: Length): Progress {
  return screen.isTerminal ? openBar(screen, length) : openLines(screen, length);
}

/** What is known after an epoch. */
function epochLine(epoch: number, epochs: number, logs: Logs): string {
  const values = Object.entries(logs).map(([name, value]) => `${name} ${decimals(value)}`);
  const state = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  return [state, ...values].join("  ");
}

const CLEAR_LINE = "\r\x1b[2K";
/** The bar goes back to where the cursor was last saved when it stops. */
const SAVE_CURSOR = "\x1b7";
/** Epochs that take less than this get no line of their own above the bar, ms. */
const READABLE = 250;

/** What is done within this time is mostly compiled, and says nothing of the pace, ms. */
const WARM = 1000;

/** Predicts the time left from the pace so far. */
function stopwatch(total: number) {
  let [start, before] = [performance.now(), 0];
  return (done: number) => {
    const ms = performance.now() - start;
    if (done > before && (before > 0 || ms >= WARM || done === total)) {
      return formatSeconds(((ms / 1000) * (total - done)) / (done - before));
    }
    if (done > before) [start, before] = [start + ms, done];
    return "-";
  };
}

function openBar({ stream, colors, columns }: Screen, { epochs, batches }: Length): Progress {
  const total = epochs * batches;
  const text = "{state}  {scores}  {left} left";
  const bar = new SingleBar({
    stream,
    format: `${colors.cyan("{bar}")} ${text}`,
    barsize: Math.max(4, Math.min(30, columns - 71)),
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
  });
  const timeLeft = stopwatch(total);
  const payload = (step: number, { loss, accuracy }: Logs, left: string) => ({
    state: `epoch ${Math.ceil(step / batches)}/${epochs} batch ${((step - 1) % batches) + 1}/${batches}`,
    scores: `loss ${decimals(loss)}${accuracy === undefined ? "" : `  accuracy ${decimals(accuracy)}`}`,
    left,
  });
  const show = (step: number, logs: Logs) => bar.update(step, payload(step, logs, timeLeft(step)));
  bar.start(total, 0, payload(1, {}, "-"));
  const start = performance.now();
  return {
    batchEnd: show,
    epochEnd(epoch, logs) {
      if (performance.now() - start >= READABLE * epoch) {
        const line = epochLine(epoch, epochs, logs).slice(0, columns);
        stream.write(`${CLEAR_LINE}${line}\n${SAVE_CURSOR}`);
      }
      show(epoch * batches, logs);
    },
    stop: () => bar.stop(),
  };
}

/** Lines that a file or a pipe gets of an ordinary training; of a longer one not each epoch has one, but the first do. */
const MOST_LINES = 50;
const FIRST_LINES = 5;

function openLines({ print }: Screen, { epochs }: Length): Progress {
  const timeLeft = stopwatch(epochs);
  const every = Math.ceil(epochs / MOST_LINES);
  return {
    epochEnd(epoch, logs) {
      if (epoch % every !== 0 && epoch > FIRST_LINES && epoch !== epochs) return;
      print(`${epochLine(epoch, epochs, logs)}  ${timeLeft(epoch)} left`);
    },
    stop() {},
  };
}
