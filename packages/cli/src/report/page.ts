import type { ImageSize } from "../datasets.ts";
import { firstPicture, type NetworkSettings } from "../network.ts";
import type { ClassResults, NumberResults } from "../results.ts";
import type { TrainingNotes } from "../saved.ts";
import { mostConfused } from "../scores/classes.ts";
import { scoreNumbers } from "../scores/numbers.ts";
import { verdictsOf } from "../scores/verdict.ts";
import type { Source } from "../source.ts";
import { confusionMatrix } from "../terminal/confusion.ts";
import { findMistakes } from "../terminal/mistakes.ts";
import { short, worstErrors } from "../terminal/results.ts";
import type { Training } from "../testing.ts";
import { bitmap, diverging, pictureOf } from "./bitmap.ts";
import { lineChart, scatterChart } from "./chart.ts";
import { healthOf } from "./health.ts";
import { type Html, html } from "./html.ts";
import { STYLE } from "./style.ts";
import { choiceOf, columnsTable, effectsOf, scoresOf } from "./table.ts";

const MISTAKES_SHOWN = 24;
const UNITS_SHOWN = 64;
const FEATURES_SHOWN = 100;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** The report of a training as one HTML page that needs no other file and no script. */
export function reportPage(source: Source, training: Training, notes: TrainingNotes): string {
  const { results, effects, settings } = training;
  const said = verdictsOf(source, training);
  const score =
    results.kind === "classes"
      ? html`test accuracy <b>${results.accuracy.toFixed(4)}</b>`
      : html`test RMSE <b>${short(scoreNumbers(results).rmse)}</b>, R² <b>${scoreNumbers(results).r2?.toFixed(4) ?? "-"}</b>`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${source.name}: report of a training</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${source.name}</h1>
<p class="score">${score}, network ${notes.network!.toString()}, seed ${notes.seed!.toString()}</p>
${scoresOf(results, said)}
${training.tried ? choiceOf(training.tried) : html``}
${curves(training)}
${results.kind === "classes" ? classes(results, source) : numbers(results, source)}
${source.table ? effectsOf(effects ?? [], results.kind === "classes") : html``}
${source.table ? columnsTable(source.table.columns) : html``}
${weights(source, training, settings)}
${healthOf(training.diagnosis)}
${settingsOf(notes)}
</main>
</body>
</html>
`;
  return page.text;
}

/** Loss and metrics over the epochs, beside their values on the validation rows. */
function curves({ epochs }: Training): Html {
  if (epochs.length === 0) return html``;
  const names = Object.keys(epochs[0]!).filter((name) => !name.startsWith("val_"));
  const charts = names.map((name) =>
    lineChart(
      name,
      [name, `val_${name}`]
        .filter((key) => key in epochs[0]!)
        .map((key) => ({ name: key, values: epochs.map((logs) => logs[key]!) })),
    ),
  );
  return html`<h2>Training</h2><div class="row">${charts}</div>`;
}

function classes(results: ClassResults, { split, image, table }: Source): Html {
  const { names, truth, predictions } = results;
  const matrix = confusionMatrix(truth, predictions.labels, names.length);
  const places = mostConfused(matrix);
  const rows = places.map((i) => {
    const total = matrix[i]!.reduce((sum, n) => sum + n, 0);
    const cells = places.map((j) => {
      const n = matrix[i]![j]!;
      const kind = i === j ? "right" : "wrong";
      return n === 0
        ? html`<td class="none">·</td>`
        : html`<td class="${kind}" style="--share:${(n / total).toFixed(3)}">${n}</td>`;
    });
    return html`<tr><th scope="row">${names[i]!}</th>${cells}</tr>`;
  });
  const heads = places.map((i) => html`<th scope="col">${names[i]!}</th>`);
  const which =
    places.length < names.length
      ? `; the ${places.length} classes of ${names.length} that are most confused`
      : "";
  const mistakes = findMistakes(truth, predictions, MISTAKES_SHOWN);
  const width = split.test.x.data.length / split.test.length;
  const worst = mistakes.worst.map((mistake) => {
    const values = split.test.x.data.subarray(mistake.row * width, (mistake.row + 1) * width);
    const shown = image
      ? picture(values, image)
      : html`<small>row ${table?.testRows[mistake.row] ?? mistake.row}</small>`;
    return html`<div class="card">${shown}<div><span class="good">${names[mistake.truth]!} ${percent(mistake.truthProbability)}</span><br><span class="bad">${names[mistake.predicted]!} ${percent(mistake.predictedProbability)}</span></div></div>`;
  });
  return html`<h2>Confusion matrix</h2>
<p>Rows are true classes, columns what the model said of ${truth.length} test rows${which}.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix"><table class="matrix"><thead><tr><td></td>${heads}</tr></thead><tbody>${rows}</tbody></table></div>
<h2>Worst mistakes</h2>
${mistakes.count === 0 ? html`<p>None.</p>` : html`<p>${worst.length} of ${mistakes.count}: the true class with its probability, then what the model said.</p><div class="cards">${worst}</div>`}`;
}

function numbers(results: NumberResults, { table }: Source): Html {
  const rows = worstErrors(results, MISTAKES_SHOWN).map(
    ({ row, truth, predicted, error }) =>
      html`<tr><td>${table?.testRows[row] ?? row}</td><td>${short(truth)}</td><td>${short(predicted)}</td><td class="bad">${short(error)}</td></tr>`,
  );
  return html`<h2>Predictions</h2>
<div class="row">${scatterChart("Predicted over true values", results.truth, results.predicted)}</div>
<h2>Worst mistakes</h2>
<table><thead><tr><th scope="col">row</th><th scope="col">true</th><th>said</th><th>error</th></tr></thead><tbody>${rows}</tbody></table>`;
}

const picture = (values: ArrayLike<number>, size: ImageSize): Html =>
  html`<img alt="" src="${pictureOf(values, size)}">`;

/** The features whose weights are the largest, in their order; all where they are few. */
function strongest(kernel: Float32Array, features: number): number[] {
  const units = kernel.length / features;
  const sizes = Array.from({ length: features }, (_, row) =>
    kernel.subarray(row * units, (row + 1) * units).reduce((sum, w) => sum + w * w, 0),
  );
  return sizes
    .map((_, row) => row)
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b)
    .slice(0, FEATURES_SHOWN)
    .sort((a, b) => a - b);
}

/** What each unit of the first layer looks at: blue pulls it down, red up. */
function weights({ split }: Source, { model, levels }: Training, settings: NetworkSettings): Html {
  const image = firstPicture(settings);
  const kernel = model.getWeights()[0]!; // (features, units)
  const features = image ? image.width * image.height * (image.channels ?? 1) : levels[0];
  const units = kernel.length / features;
  const most = kernel.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  if (image === undefined) {
    const rows = strongest(kernel, features);
    const src = bitmap(units, rows.length, (x, y) =>
      diverging(kernel[rows[y]! * units + x]!, most),
    );
    const own = split.train.featureNames;
    const names = own
      ? rows.map((row) => html`<span title="${own[row]!}">${own[row]!}</span>`)
      : [];
    const which =
      rows.length < features
        ? `a row for each of the ${rows.length} features of ${features} that weigh most`
        : "a row for each feature";
    return html`<h2>First layer</h2><p>A column for each of ${units} units, ${which}: red adds, blue takes away.</p><div class="heat" style="--rows:${rows.length}"><div>${names}</div><img alt="weights of the first layer" src="${src}"></div>`;
  }
  const { width, height, channels = 1 } = image;
  const shown = Array.from({ length: Math.min(units, UNITS_SHOWN) }, (_, unit) => {
    const mean = (pixel: number) => {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += kernel[(pixel * channels + c) * units + unit]!;
      return sum / channels;
    };
    const values = Array.from({ length: width * height }, (_, pixel) => mean(pixel));
    const own = values.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
    const src = bitmap(width, height, (x, y) => diverging(values[y * width + x]!, own));
    return html`<img alt="weights of unit ${unit}" src="${src}">`;
  });
  return html`<h2>First layer</h2><p>Weights of ${shown.length} of ${units} units: red pixels add, blue ones take away.</p><div class="units">${shown}</div>`;
}

function settingsOf(notes: TrainingNotes): Html {
  const rows = Object.entries(notes).map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td>${String(value)}</td></tr>`,
  );
  return html`<h2>Settings</h2><div class="scroll" tabindex="0" role="region" aria-label="Settings"><table class="settings"><tbody>${rows}</tbody></table></div>`;
}
