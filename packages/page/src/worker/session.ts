import type { Answer, Frame, Request, RunInfo, ShownRows } from "../protocol.ts";
import { loadData, type Source } from "./data.ts";
import { buildNetwork, type Network } from "./network.ts";
import { Observer } from "./observer.ts";

type Start = Extract<Request, { type: "start" }>;

/** Whom a session tells. */
export interface Listener {
  frame(frame: Frame): void;
  answer(answer: Answer): void;
}

/** `fit` goes on until it is stopped. */
const FOREVER = 1e9;
/** Longest wait while keeping to a speed, ms. */
const TICK = 16;
const IMAGES = 60;

/** One run: a network, its data, and a `fit` that waits for play, step and the page. */
export class Session {
  readonly info: RunInfo;
  private readonly network: Network;
  private readonly source: Source;
  private readonly observer: Observer;
  private readonly listener: Listener;
  private readonly start: Start;
  private readonly batches: number;
  private stepsPerSecond: number;
  private playing = false;
  private singleSteps = 0;
  private step = 0;
  /** Frames that the page has not drawn yet. */
  private pending = false;
  private lastFrame = Number.NEGATIVE_INFINITY;
  private paced = { step: 0, time: 0 };
  private rate = { step: 0, time: 0, value: 0 };
  private resume: (() => void) | undefined;
  private pixels: Float32Array | undefined;
  private disposed = false;

  constructor(start: Start, listener: Listener) {
    const { settings } = start;
    this.start = start;
    this.listener = listener;
    this.stepsPerSecond = settings.speed;
    this.source = loadData(settings, start.csv);
    const { train } = this.source;
    const inputs = train.x.shape[1]!;
    this.network = buildNetwork(settings, inputs, train.classNames!.length);
    this.info = describe(this.source, this.network);
    this.observer = new Observer(this.network, this.source, this.info.reach);
    this.batches = Math.ceil(train.length / settings.batchSize);
  }

  /** Trains until disposed; rejects when a step fails. */
  async run(): Promise<void> {
    const { model } = this.network;
    const { settings, until } = this.start;
    if (until !== undefined && until > 0) this.play();
    this.show();
    await this.gate();
    try {
      if (this.disposed) return;
      await model.fit(this.source.train, {
        epochs: FOREVER,
        batchSize: settings.batchSize,
        seed: settings.seed,
        callbacks: { onBatchEnd: (step) => this.afterStep(step) },
      });
    } finally {
      this.disposed = true;
      this.observer.dispose();
      model.dispose();
    }
  }

  play(): void {
    this.playing = true;
    const time = performance.now();
    this.paced = { step: this.step, time };
    this.rate = { step: this.step, time, value: 0 };
    this.go();
  }

  pause(): void {
    this.playing = false;
  }

  single(): void {
    this.playing = false;
    this.singleSteps++;
    this.go();
  }

  speed(stepsPerSecond: number): void {
    this.stepsPerSecond = stepsPerSecond;
    this.paced = { step: this.step, time: performance.now() };
  }

  ask(pixels: Float32Array): void {
    if (this.disposed) return;
    this.pixels = pixels;
    this.listener.answer(this.observer.answer(pixels));
  }

  shown(): void {
    this.pending = false;
  }

  dispose(): void {
    this.disposed = true;
    this.network.model.stop();
    this.go();
  }

  private go(): void {
    this.resume?.();
    this.resume = undefined;
  }

  /** Waits where the run should wait; `fit` waits for it. */
  private afterStep(step: number): Promise<void> | undefined {
    this.step = step;
    if (this.disposed) return undefined;
    if (step === this.start.until) this.playing = false;
    if (!this.playing) {
      this.show();
      return this.gate();
    }
    const now = performance.now();
    if (!this.pending && now - this.lastFrame >= this.start.frameMs) this.show();
    return this.pace(now);
  }

  /** Resolves when another step may run. */
  private async gate(): Promise<void> {
    while (!this.disposed && !this.playing) {
      if (this.singleSteps > 0) {
        this.singleSteps--;
        return;
      }
      await new Promise<void>((resolve) => {
        this.resume = resolve;
      });
    }
  }

  /** Waits while the run is ahead of its speed; on the way to a promised step there is none. */
  private pace(now: number): Promise<void> | undefined {
    const { until = 0 } = this.start;
    if (this.stepsPerSecond === 0 || this.step < until) return undefined;
    const due = this.paced.time + ((this.step - this.paced.step) * 1000) / this.stepsPerSecond;
    if (due <= now) {
      // What a slow machine could not keep up with is not caught up later.
      if (now - due > 4 * TICK) this.paced = { step: this.step, time: now };
      return undefined;
    }
    return this.sleep(due - now);
  }

  /** In short waits, so that pause and step answer at once. */
  private async sleep(ms: number): Promise<void> {
    const end = performance.now() + ms;
    for (
      let left = ms;
      left > 0 && this.playing && !this.disposed;
      left = end - performance.now()
    ) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(left, TICK)));
    }
    if (this.playing || this.disposed) return;
    this.show();
    await this.gate();
  }

  private show(): void {
    const now = performance.now();
    this.measureRate(now);
    this.lastFrame = now;
    this.pending = true;
    this.listener.frame({
      step: this.step,
      epoch: Math.floor(this.step / this.batches),
      playing: this.playing,
      stepsPerSecond: this.rate.value,
      ...this.observer.observe(),
    });
    if (this.pixels !== undefined) this.ask(this.pixels);
  }

  /** Over half a second at least. */
  private measureRate(now: number): void {
    const seconds = (now - this.rate.time) / 1000;
    if (seconds < 0.5) return;
    this.rate = { step: this.step, time: now, value: (this.step - this.rate.step) / seconds };
  }
}

/** What the page needs to know of the run. */
function describe({ train, test, image, columns }: Source, { widths, model }: Network): RunInfo {
  const flat = widths[0] === 2;
  const shown = (rows: Source["train"], count: number): ShownRows => {
    const { x, y } = rows.take(Math.min(rows.length, count));
    return { x: x.data.slice(), labels: Int32Array.from(y.data) };
  };
  const reach = Math.max(...[train, test].flatMap(({ x }) => x.data.reduce(largest, 0)));
  return {
    widths,
    parameters: model.parameterCount,
    classNames: train.classNames!,
    featureNames: train.featureNames,
    trainRows: train.length,
    testRows: test.length,
    columns,
    image,
    reach: flat ? reach * 1.1 : undefined,
    train: flat ? shown(train, 1000) : undefined,
    test: flat ? shown(test, 1000) : shown(test, IMAGES),
  };
}

const largest = (soFar: number, value: number): number => Math.max(soFar, Math.abs(value));
