import type { ColumnReport } from "ferrograd/csv";
import { choiceSentence, type Tried } from "../choice.ts";
import type { ColumnEffect } from "../explain.ts";
import type { Results } from "../results.ts";
import { scoreClasses } from "../scores/classes.ts";
import { scoreNumbers } from "../scores/numbers.ts";
import { short } from "../terminal/results.ts";
import { barsChart, responseChart } from "./chart.ts";
import { type Html, html } from "./html.ts";

const decimals = (value: number | undefined): string => value?.toFixed(2) ?? "-";
const SHOWN = 8;
const MOST_COLUMNS = 200;

const scrolled = (label: string, table: Html): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table}</div>`;

/** What the scores are beside what needs no model; precision, recall and F1 of each class. */
export function scoresOf(results: Results, said: readonly string[]): Html {
  const verdicts =
    said.length === 0
      ? html``
      : html`<ul class="findings">${said.map((sentence) => html`<li class="warning">${sentence}</li>`)}</ul>`;
  if (results.kind === "numbers") {
    const { mae, rmseOfMean, interval } = scoreNumbers(results);
    const between = interval
      ? `95 % between ${short(interval[0])} and ${short(interval[1])}. `
      : "";
    return html`<p>${between}RMSE of always answering the mean: ${short(rmseOfMean)}; mean absolute error ${short(mae)}.</p>${verdicts}`;
  }
  const { base, balancedAccuracy, classes, interval } = scoreClasses(results);
  const between = interval
    ? `95 % between ${decimals(interval[0])} and ${decimals(interval[1])}. `
    : "";
  const rows = classes.map(
    ({ name, precision, recall, f1, count }) =>
      html`<tr><th scope="row">${name}</th><td>${decimals(precision)}</td><td>${decimals(recall)}</td><td>${decimals(f1)}</td><td>${count}</td></tr>`,
  );
  return html`<p>${between}Always answering ${base.name}: ${decimals(base.share)}; balanced accuracy ${decimals(balancedAccuracy)}.</p>${verdicts}
<h2>Classes</h2>
${scrolled("Scores of each class", html`<table class="columns"><thead><tr><td></td><th scope="col">precision</th><th scope="col">recall</th><th scope="col">F1</th><th scope="col">rows</th></tr></thead><tbody>${rows}</tbody></table>`)}`;
}

/** What was tried on rows held out, and which of it answers. */
export function choiceOf(tried: readonly Tried[]): Html {
  const rows = tried.map(
    ({ name, loss, above, error, kept }) =>
      html`<tr><th scope="row">${name}</th><td>${short(loss)}</td><td>${above === 0 ? "the best" : `${short(above)} ± ${short(error)}`}</td><td>${kept ? "answers" : ""}</td></tr>`,
  );
  return html`<h2>What answers</h2>
<p>${choiceSentence(tried)}.</p>
${scrolled("What was tried", html`<table class="columns"><thead><tr><th scope="col">tried</th><th scope="col">held-out loss</th><th scope="col">above the best</th><td></td></tr></thead><tbody>${rows}</tbody></table>`)}`;
}

/** What each column was taken as. */
export function columnsTable(columns: readonly ColumnReport[]): Html {
  const rows = columns
    .slice(0, MOST_COLUMNS)
    .map(({ name, use, says, missing, example, why = "" }) => {
      const taken = use === "target" ? `the target, ${says}` : says;
      return html`<tr><th scope="row">${name}</th><td>${taken}</td><td>${missing === 0 ? "" : missing}</td><td>${example.slice(0, 60)}</td><td>${why}</td></tr>`;
    });
  const more = columns.length - rows.length;
  return html`<h2>Columns</h2>
${scrolled("Columns", html`<table class="columns text"><thead><tr><th scope="col">column</th><th scope="col">taken as</th><th scope="col">missing</th><th scope="col">example</th><th scope="col">why</th></tr></thead><tbody>${rows}</tbody></table>`)}
${more > 0 ? html`<p>and ${more} more</p>` : html``}`;
}

/** What the answers have to do with the columns. */
export function effectsOf(effects: readonly ColumnEffect[], isClass: boolean): Html {
  if (effects.length === 0) return html``;
  const shown = effects.slice(0, SHOWN);
  const lost = isClass ? "the accuracy loses" : "the RMSE rises by, as a share of it,";
  const charts = shown.map(({ name, response }) => responseChart(name, response));
  return html`<h2>Importance</h2>
<p>What ${lost} when the values of a column are shuffled among the test rows.</p>
${barsChart(
  "Importance of the columns",
  shown.map(({ name, importance }) => ({ name, value: importance })),
)}
<h2>Response</h2>
<p>The mean answer when a column has one value in all rows; what goes together in the data may not be so.</p>
<div class="row">${charts}</div>`;
}
