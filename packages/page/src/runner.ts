import { emptyHistory, record } from "./history.ts";
import type { CsvFile, Frame, Reply, Request, RunInfo } from "./protocol.ts";
import type { Settings } from "./settings.ts";

/** What the page hears of its run. */
export interface RunEvents {
  /** The data are read and the network is built. */
  ready(): void;
  /** A frame is to be drawn, now. */
  draw(frame: Frame): void;
  /** The run stands still after this frame. */
  rest(frame: Frame): void;
  answer(answer: Extract<Reply, { type: "answer" }>["answer"]): void;
  failed(message: string): void;
  playing(playing: boolean): void;
}

/** The page's end of the worker: one run at a time, with its frames as fast as they are drawn. */
export class Runner {
  /** Counts runs: what comes late from an earlier one is dropped. */
  run = 0;
  info: RunInfo | undefined;
  /** Columns of the CSV file, known even where it cannot be learnt. */
  columns: readonly string[] | undefined;
  latest: Frame | undefined;
  history = emptyHistory();
  playing = false;
  /** A step failed: only a new run can go on. */
  broken = false;
  private drawing = false;
  private readonly worker: Worker;
  private readonly on: RunEvents;

  constructor(worker: Worker, on: RunEvents) {
    this.worker = worker;
    this.on = on;
    worker.onerror = ({ message }) => this.fail(message);
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.receive(data);
  }

  send(request: Request): void {
    this.worker.postMessage(request);
  }

  /** A new run, which plays at once if it goes to a promised step. */
  start(
    settings: Settings,
    csv: CsvFile | undefined,
    frameMs: number,
    until: number | undefined,
  ): void {
    this.clear();
    this.setPlaying(until !== undefined && until > 0);
    this.send({ type: "start", run: this.run, settings, csv, frameMs, until });
  }

  /** No run: its data are still to be given. */
  wait(): void {
    this.clear();
    this.columns = undefined;
    this.send({ type: "pause" });
    this.setPlaying(false);
  }

  toggle(): void {
    this.setPlaying(!this.playing);
    this.send({ type: this.playing ? "play" : "pause" });
  }

  step(): void {
    this.setPlaying(false);
    this.send({ type: "step" });
  }

  private clear(): void {
    this.run++;
    this.broken = false;
    this.info = undefined;
    this.latest = undefined;
    this.history = emptyHistory();
  }

  private setPlaying(playing: boolean): void {
    this.playing = playing;
    this.on.playing(playing);
  }

  private receive(reply: Reply): void {
    if (reply.run !== this.run) return;
    if (reply.type === "ready") {
      this.info = reply.info;
      this.columns = reply.info.columns;
      this.on.ready();
    } else if (reply.type === "frame") this.takeFrame(reply.frame);
    else if (reply.type === "answer") this.on.answer(reply.answer);
    else {
      this.columns = reply.columns ?? this.columns;
      this.fail(reply.message);
    }
  }

  private fail(message: string): void {
    this.broken = true;
    this.setPlaying(false);
    this.on.failed(message);
  }

  /** Draws a frame when the screen is next drawn, then asks for another. */
  private takeFrame(frame: Frame): void {
    this.latest = frame;
    record(this.history, frame);
    if (!frame.playing && frame.step > 0) {
      this.setPlaying(false);
      this.on.rest(frame);
    }
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      if (this.latest) this.on.draw(this.latest);
      this.send({ type: "shown" });
    });
  }
}
