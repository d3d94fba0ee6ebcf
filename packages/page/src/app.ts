import { card, h, setText } from "@ferrograd/shared/dom.ts";
import { percent, whole } from "@ferrograd/shared/format.ts";
import { type Language, languageOf } from "@ferrograd/shared/language.ts";
import { controls } from "./controls.ts";
import { acceptFiles, readText } from "./files.ts";
import { header } from "./header.ts";
import { LANGUAGES } from "./i18n/languages.ts";
import type { CsvFile, Frame } from "./protocol.ts";
import { Runner } from "./runner.ts";
import { defaults, type Promised, readHash, type Settings, writeHash } from "./settings.ts";
import { Stage } from "./stage.ts";
import { transport } from "./transport.ts";

/** Least time between frames, ms; longer for those who asked for less motion. */
const FRAME_MS = 33;
const CALM_FRAME_MS = 700;

const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
const isDark = matchMedia("(prefers-color-scheme: dark)");

type Message = { readonly kind: "info" | "good" | "bad"; readonly text: string };

/** The page: settings in the address, a run in a worker, pictures of it. */
export class App {
  private readonly root: HTMLElement;
  private readonly runner: Runner;
  private language: Language;
  private settings: Settings;
  private promised: Promised | undefined;
  private csv: CsvFile | undefined;
  private pixels: Float32Array | undefined;
  private message: Message | undefined;
  private bar: ReturnType<typeof transport> | undefined;
  private status = h("p", { className: "status" });
  private panel: HTMLElement = h("div");
  private stage = new Stage();

  constructor(root: HTMLElement, worker: Worker) {
    this.root = root;
    this.language = languageOf(location.search);
    ({ settings: this.settings, promised: this.promised } = readHash(location.hash));
    this.runner = new Runner(worker, {
      ready: () => this.mountRun(),
      draw: (frame) => this.draw(frame),
      rest: (frame) => this.rest(frame),
      answer: (answer) => this.stage.answer(answer),
      failed: (message) => this.fail(message),
      playing: (playing) => this.bar?.playing(playing),
    });
    isDark.addEventListener("change", () => this.stage.redraw());
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

  /** Starts a run with the settings as they are. */
  private begin(): void {
    const { settings, csv, promised, texts } = this;
    if (!this.hasData) {
      this.runner.wait();
      this.say({ kind: "info", text: promised ? texts.needsFile : texts.dropNow });
      this.mountRun();
      return;
    }
    this.say(promised && { kind: "info", text: texts.reproducing(whole(promised.steps)) });
    const frameMs = isCalm.matches ? CALM_FRAME_MS : FRAME_MS;
    this.runner.start(settings, csv, frameMs, promised?.steps);
  }

  private fail(message: string): void {
    const { texts, runner } = this;
    const isUnread = runner.info === undefined;
    const hint = isUnread && runner.columns !== undefined ? `. ${texts.otherColumn}` : "";
    this.say({ kind: "bad", text: `${texts.failed} ${message}${hint}` });
    if (isUnread) this.mountRun();
  }

  private draw(frame: Frame): void {
    this.bar?.show(frame);
    this.stage.frame(frame);
  }

  /** The run stands still: it was paused, or is at the step that a link promised. */
  private rest(frame: Frame): void {
    const { promised, texts } = this;
    this.bar?.show(frame); // Not with the pictures: count and hash are those of the message and the address.
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

  /** A run to play or step; without its file, people are led to where it is chosen. */
  private canRun(): boolean {
    if (!this.hasData) document.getElementById("csv-file")?.focus();
    else if (this.runner.broken) this.restart();
    return this.hasData;
  }

  private toggle(): void {
    if (!this.canRun()) return;
    this.runner.toggle();
    if (this.runner.playing) this.say(undefined);
  }

  private step(): void {
    if (this.canRun()) this.runner.step();
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
    this.runner.send({ type: "speed", stepsPerSecond: speed });
    this.writeAddress();
  }

  /** Settings, and the weights' hash where a run stands still, go into the address. */
  private writeAddress(): void {
    const { language, runner } = this;
    const { latest } = runner;
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
    this.stage.image(pixels);
    this.runner.send({ type: "ask", pixels });
  }

  private async takeFile(file: File): Promise<void> {
    const text = await readText(file);
    if (text === undefined) {
      this.say({ kind: "bad", text: this.texts.notUtf8(file.name) });
      return;
    }
    this.csv = { name: file.name, text };
    if (this.settings.data !== "csv") this.change("data", "csv");
    else this.begin();
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
    const { texts, runner } = this;
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
    this.stage = new Stage();
    this.root.replaceChildren(
      header(this.language, this.status, (language) => this.speak(language)),
      this.bar.element,
      h("main", {}, this.panel, this.stage.element),
      h("footer", {}, texts.footer),
      h("div", { className: "drop-sign", attrs: { "aria-hidden": "true" } }, texts.dropNow),
    );
    this.say(this.message);
    this.bar.playing(runner.playing);
    if (runner.latest) this.bar.show(runner.latest);
    if (runner.info !== undefined) this.mountRun();
  }

  /** Builds the controls and the pictures that belong to the run's data. */
  private mountRun(): void {
    const { texts, settings, runner } = this;
    const { info, history, run, columns, latest } = runner;
    const facts = { info, columns, fileName: this.csv?.name ?? "" };
    this.panel.replaceChildren(
      controls(texts, settings, facts, {
        change: (key, value) => this.change(key, value),
        file: (file) => void this.takeFile(file),
      }),
    );
    const stage = new Stage();
    this.stage.element.replaceWith(stage.element);
    this.stage = stage;
    if (info === undefined) {
      if (!this.hasData) stage.element.append(card(texts.chooseFile, "empty", texts.dropHint));
      return;
    }
    if (latest) stage.frame(latest);
    const look = (pixels: Float32Array) => this.look(pixels);
    const stale = () => this.stage !== stage || runner.run !== run;
    void stage.build({ texts, settings, info, history, look }, stale).then(() => {
      if (!stale()) this.showFirstImage();
    });
  }

  /** The image that is being looked at, or the first one of the test. */
  private showFirstImage(): void {
    const { image, test } = this.runner.info ?? {};
    if (!image || !test) return;
    const size = image.width * image.height;
    this.look(this.pixels?.length === size ? this.pixels : test.x.slice(0, size));
  }
}
