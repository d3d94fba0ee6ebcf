import { h, setText } from "@ferrograd/shared/dom.ts";
import { whole } from "@ferrograd/shared/format.ts";
import { ACTIVATION_NAMES } from "@ferrograd/shared/names.ts";
import type { Texts } from "./i18n/languages.ts";
import type { RunInfo } from "./protocol.ts";
import {
  BATCH_SIZES,
  DATA_NAMES,
  INITIALIZER_NAMES,
  LEARNING_RATES,
  MAX_DEPTH,
  MAX_WIDTH,
  OPTIMIZER_NAMES,
  parseSetting,
  type Settings,
} from "./settings.ts";

/** What the controls do. */
export interface ControlEvents {
  change<K extends keyof Settings>(key: K, value: Settings[K]): void;
  file(file: File): void;
}

/** What the controls say of the data. */
export interface DataFacts {
  readonly info: RunInfo | undefined;
  /** Columns of the CSV file. */
  readonly columns: readonly string[] | undefined;
  readonly fileName: string;
}

/** The column of settings; a change of any of them is told at once. */
export function controls(
  texts: Texts,
  settings: Settings,
  { info, columns = [], fileName }: DataFacts,
  on: ControlEvents,
) {
  const change = (key: keyof Settings, control: HTMLInputElement | HTMLSelectElement) => {
    const value = parseSetting(key, control.value);
    if (value === undefined) control.value = String(settings[key]);
    else on.change(key, value);
  };
  const field = (
    key: keyof Settings & keyof Texts,
    control: HTMLInputElement | HTMLSelectElement,
  ) => {
    control.id = `setting-${key}`;
    control.addEventListener("change", () => change(key, control));
    return h("label", {}, h("span", {}, texts[key] as string), control);
  };
  const choice = (
    key: keyof Settings & keyof Texts,
    values: readonly (string | number)[],
    name: (value: string) => string = (value) => value,
  ) => {
    const all = values.includes(settings[key]) ? values : [...values, settings[key]];
    const options = all.map((value) => h("option", { value: String(value) }, name(String(value))));
    const select = h("select", {}, ...options);
    select.value = String(settings[key]);
    return field(key, select);
  };
  const number = (key: keyof Settings & keyof Texts, min: number, max: number) =>
    field(
      key,
      h("input", {
        type: "number",
        min: String(min),
        max: String(max),
        step: "1",
        value: String(settings[key]),
      }),
    );
  const group = (title: string, ...fields: readonly HTMLElement[]) =>
    h("fieldset", {}, h("legend", {}, title), ...fields);

  const isFile = settings.data === "csv";
  const isToy = !isFile && settings.data !== "digits";
  const facts = h("p", { className: "hint" });
  if (info) {
    setText(
      facts,
      texts.facts(whole(info.trainRows), whole(info.testRows), whole(info.parameters)),
    );
  }
  return h(
    "form",
    {
      className: "controls card",
      attrs: { "aria-label": texts.controls },
      on: { submit: (event: SubmitEvent) => event.preventDefault() },
    },
    group(
      texts.dataSection,
      choice("data", DATA_NAMES, (name) => texts.dataNames[name as Settings["data"]]),
      ...(isToy ? [number("noise", 0, 50)] : []),
      ...(isFile ? [fileField(texts, fileName, on)] : []),
      ...(isFile && columns.length > 0 ? [target(columns)] : []),
    ),
    group(
      texts.networkSection,
      number("depth", 0, MAX_DEPTH),
      number("width", 1, MAX_WIDTH),
      choice("activation", ACTIVATION_NAMES),
      choice("initializer", INITIALIZER_NAMES, (name) =>
        name === "auto" ? texts.automatic : name,
      ),
    ),
    group(
      texts.trainingSection,
      choice("optimizer", OPTIMIZER_NAMES),
      choice("learningRate", LEARNING_RATES),
      choice("batchSize", BATCH_SIZES),
      number("seed", 0, Number.MAX_SAFE_INTEGER),
    ),
    facts,
  );

  function target(names: readonly string[]) {
    const select = h("select", {}, ...names.map((name) => h("option", { value: name }, name)));
    select.value = names.includes(settings.target) ? settings.target : names.at(-1)!;
    return field("target", select);
  }
}

function fileField(texts: Texts, name: string, on: ControlEvents): HTMLElement {
  const input = h("input", { id: "csv-file", type: "file", accept: ".csv,.tsv,.txt,text/csv" });
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) on.file(file);
  });
  return h(
    "div",
    {},
    h("label", { className: "file" }, h("span", {}, texts.chooseFile), input),
    h("p", { className: "file-name" }, name),
    h("p", { className: "hint" }, texts.dropHint),
  );
}
