import { controls } from "./controls.ts";
import { h, nextTask, setText } from "./dom.ts";
import { acceptFiles } from "./drop.ts";
import { percent, whole } from "./format.ts";
import { header } from "./header.ts";
import { emptyHistory, record } from "./history.ts";
import { LANGUAGES, type Language, languageOf } from "./i18n/index.ts";
import type { Frame, Reply, Request, RunInfo } from "./protocol.ts";
import { defaults, type Promised, readHash, type Settings, writeHash } from "./settings.ts";
import { transport } from "./transport.ts";
import { COLUMNS } from "./views/index.ts";
import type { Context, View } from "./views/view.ts";

/** Least time between frames, ms; longer for those who asked for less motion. */
const FRAME_MS = 33;
const CALM_FRAME_MS = 700;

const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
const isDark = matchMedia("(prefers-color-scheme: dark)");

type Message = { readonly kind: "info" | "good" | "bad"; readonly text: string };

/** The page: settings in the address, a run in a worker, pictures of it. */
export class App {
  private readonly root: HTMLElement;
  private readonly worker: Worker;
  private language: Language;
  private settings: Settings;
  private promised: Promised | undefined;
  private csv: { readonly name: string; readonly text: string } | undefined;
  private run = 0;
  private info: RunInfo | undefined;
  private latest: Frame | undefined;
  private history = emptyHistory();
  private playing = false;
  /** A step failed: only a new run can go on. */
  private broken = false;
  private pixels: Float32Array | undefined;
  private drawing = false;
  private message: Message | undefined;
  private views: readonly View[] = [];
  private bar: ReturnType<typeof transport> | undefined;
  private status = h("p", { className: "status" });
  private panel: HTMLElement = h("div");
  private stage: HTMLElement = h("div");

  constructor(root: HTMLElement, worker: Worker) {
    this.root = root;
    this.worker = worker;
    this.language = languageOf(location.search);
    ({ settings: this.settings, promised: this.promised } = readHash(location.hash));
    worker.onerror = ({ message }) => this.fail(message);
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.receive(data);
    isDark.addEventListener("change", () => this.redraw());
    addEventListener("hashchange", () => this.follow());
    acceptFiles(root, (file) => void this.takeFile(file));
    this.mount();
    this.begin();
  }

  /** The address was changed by hand, or by a link to another state. */
  private follow(): void {
    ({ settings: this.settings, promised: this.promised } = readHash(location.hash));
    this.mount();
    this.begin();
  }

  private get texts() {
    return LANGUAGES[this.language].texts;
  }

  /** False while the file is still to be given. */
  private get hasData(): boolean {
    return this.settings.data !== "csv" || this.csv !== undefined;
  }

  private send(request: Request): void {
    this.worker.postMessage(request);
  }

  /** Starts a run with the settings as they are. */
  private begin(): void {
    const { settings, csv, promised } = this;
    this.run++;
    this.broken = false;
    this.info = undefined;
    this.latest = undefined;
    this.history = emptyHistory();
    this.setPlaying(promised !== undefined && promised.steps > 0);
    this.say(promised && { kind: "info", text: this.texts.reproducing(whole(promised.steps)) });
    if (!this.hasData) {
      this.send({ type: "pause" });
      this.setPlaying(false);
      this.say({ kind: "info", text: promised ? this.texts.needsFile : this.texts.dropNow });
      void this.mountRun();
      return;
    }
    const frameMs = isCalm.matches ? CALM_FRAME_MS : FRAME_MS;
    const until = promised?.steps;
    this.send({ type: "start", run: this.run, settings, csv, frameMs, until });
  }

  private receive(reply: Reply): void {
    if (reply.run !== this.run) return;
    if (reply.type === "ready") {
      this.info = reply.info;
      void this.mountRun();
    } else if (reply.type === "frame") this.takeFrame(reply.frame);
    else if (reply.type === "answer") {
      for (const view of this.views) view.answer?.(reply.answer);
    } else this.fail(reply.message);
  }

  private fail(message: string): void {
    this.broken = true;
    this.setPlaying(false);
    this.say({ kind: "bad", text: `${this.texts.failed} ${message}` });
    if (this.info === undefined) void this.mountRun();
  }

  /** Draws a frame when the screen is next drawn, then asks for another. */
  private takeFrame(frame: Frame): void {
    this.latest = frame;
    record(this.history, frame);
    if (!frame.playing && frame.step > 0) this.rest(frame);
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      this.draw();
      this.send({ type: "shown" });
    });
  }

  private draw(): void {
    const { latest } = this;
    if (latest === undefined) return;
    this.bar?.show(latest);
    for (const view of this.views) view.frame?.(latest);
  }

  /** The run stands still: it was paused, or is at the step that a link promised. */
  private rest(frame: Frame): void {
    this.setPlaying(false);
    const { promised, texts } = this;
    const steps = whole(frame.step);
    if (promised?.steps !== frame.step) {
      this.say({ kind: "info", text: texts.paused(steps, percent(frame.test.accuracy)) });
      this.writeAddress();
      return;
    }
    const same = promised.sha256 === frame.sha256;
    this.say({
      kind: same ? "good" : "bad",
      text: same ? texts.sameBits(steps) : texts.otherBits(steps),
    });
  }

  private toggle(): void {
    if (!this.hasData) return;
    if (this.broken) this.restart();
    this.setPlaying(!this.playing);
    this.send({ type: this.playing ? "play" : "pause" });
    if (this.playing) this.say(undefined);
  }

  private setPlaying(playing: boolean): void {
    this.playing = playing;
    this.bar?.playing(playing);
  }

  private step(): void {
    if (!this.hasData) return;
    if (this.broken) this.restart();
    this.setPlaying(false);
    this.send({ type: "step" });
  }

  private restart(): void {
    this.promised = undefined;
    this.begin();
    this.writeAddress();
  }

  private change<K extends keyof Settings>(key: K, value: Settings[K]): void {
    const { seed } = this.settings;
    this.settings =
      key === "data"
        ? { ...defaults(value as Settings["data"]), seed }
        : { ...this.settings, [key]: value };
    this.restart();
  }

  private setSpeed(speed: number): void {
    this.settings = { ...this.settings, speed };
    this.send({ type: "speed", stepsPerSecond: speed });
    this.writeAddress();
  }

  /** Settings, and the weights' hash where a run stands still, go into the address. */
  private writeAddress(): void {
    const { latest, language } = this;
    const promised = latest && latest.step > 0 && { steps: latest.step, sha256: latest.sha256 };
    const search = language === "en" ? "" : `?lang=${language}`;
    const address = `${location.pathname}${search}${writeHash(this.settings, promised || undefined)}`;
    history.replaceState(null, "", address);
  }

  private async copyLink(): Promise<void> {
    this.writeAddress();
    const { texts } = this;
    try {
      await navigator.clipboard.writeText(location.href);
      this.say({ kind: "good", text: texts.copied });
    } catch {
      this.say({ kind: "info", text: texts.notCopied });
    }
  }

  private say(message: Message | undefined): void {
    this.message = message;
    setText(this.status, message?.text ?? "");
    this.status.className = `status ${message?.kind ?? ""}`;
  }

  /** Shows an image to the network. */
  private look(pixels: Float32Array): void {
    this.pixels = pixels;
    for (const view of this.views) view.image?.(pixels);
    this.send({ type: "ask", pixels });
  }

  private redraw(): void {
    for (const view of this.views) view.redraw?.();
    this.draw();
  }

  private async takeFile(file: File): Promise<void> {
    this.csv = { name: file.name, text: await file.text() };
    if (this.settings.data === "csv") {
      this.begin();
      return;
    }
    this.change("data", "csv");
  }

  /** Changes the language; the run goes on. */
  private speak(language: Language): void {
    this.language = language;
    this.message = undefined;
    this.mount();
    this.writeAddress();
    document.getElementById("language")?.focus();
  }

  /** Builds the page around the run. */
  private mount(): void {
    const { texts } = this;
    document.documentElement.lang = this.language;
    document.title = `ferrograd: ${texts.title}`;
    this.bar = transport(texts, this.settings.speed, {
      toggle: () => this.toggle(),
      step: () => this.step(),
      restart: () => this.restart(),
      speed: (stepsPerSecond) => this.setSpeed(stepsPerSecond),
      copyLink: () => void this.copyLink(),
    });
    this.status = h("p", { attrs: { role: "status" } });
    this.panel = h("div", { className: "panel" });
    this.stage = h("div", { className: "stage" });
    this.root.replaceChildren(
      header(this.language, this.status, (language) => this.speak(language)),
      this.bar.element,
      h("main", {}, this.panel, this.stage),
      h("footer", {}, texts.footer),
      h("div", { className: "drop-sign", attrs: { "aria-hidden": "true" } }, texts.dropNow),
    );
    this.say(this.message);
    this.setPlaying(this.playing);
    if (this.latest) this.bar.show(this.latest);
    if (this.info !== undefined) void this.mountRun();
  }

  /** Builds the controls and the pictures that belong to the run's data, each in a task of its own. */
  private async mountRun(): Promise<void> {
    const { texts, settings, info, history, run } = this;
    const panel = controls(texts, settings, info, this.csv?.name ?? "", {
      change: (key, value) => this.change(key, value),
      file: (file) => void this.takeFile(file),
    });
    this.panel.replaceChildren(panel);
    const { stage } = this;
    const columns = COLUMNS.map(() => h("div", { className: "column-of-cards" }));
    stage.replaceChildren(...columns);
    this.views = [];
    if (info === undefined) return;
    const look = (pixels: Float32Array) => this.look(pixels);
    const context: Context = { texts, settings, info, history, look };
    for (const [i, makers] of COLUMNS.entries()) {
      for (const make of makers) {
        await nextTask();
        if (this.run !== run || this.stage !== stage) return;
        this.mountView(make(context), columns[i]!);
      }
    }
    if (info.image && info.test) {
      const size = info.image.width * info.image.height;
      this.look(this.pixels?.length === size ? this.pixels : info.test.x.slice(0, size));
    }
  }

  private mountView(view: View | undefined, column: HTMLElement): void {
    if (view === undefined) return;
    this.views = [...this.views, view];
    column.append(view.element);
    view.redraw?.();
    if (this.latest) view.frame?.(this.latest);
  }
}
