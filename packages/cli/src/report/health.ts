import type { Diagnosis, Finding, Histogram, LayerHealth } from "ferrograd/diagnostics";
import { brief, byCode, HEALTH_COLUMNS, histogramsOf, others } from "../health.ts";
import { type Html, html } from "./html.ts";

const HEIGHT = 40;
const BAR = 4;

/** What the activations do to the network: a table, findings, histograms. */
export function healthOf({ layers, findings }: Diagnosis): Html {
  const heads = HEALTH_COLUMNS.map(
    ({ name, means }) => html`<th scope="col" title="${means}">${name}</th>`,
  );
  const rows = layers.map((layer) => {
    const cells = HEALTH_COLUMNS.map((column) => html`<td>${column.text(layer)}</td>`);
    return html`<tr><th scope="row">${layer.name}</th>${cells}</tr>`;
  });
  const meanings = HEALTH_COLUMNS.map(({ name, means }) => `${name}: ${means}`).join("; ");
  return html`<h2>Health</h2>
<p>The trained network on rows that it learned from. ${meanings}.</p>
<div class="scroll" role="region" aria-label="health of each layer" tabindex="0"><table class="health"><thead><tr><th scope="col">layer</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>
<h3>Findings</h3>
${findings.length === 0 ? html`<p>None.</p>` : html`<ul class="findings">${byCode(findings).map(item)}</ul>`}
<h3>Distributions</h3>
<p>z is what an activation f gets, f(z) what it gives; ${layers[0]?.histograms.activations.counts.length ?? 0} bins each, from the least value to the largest.</p>
<div class="scroll" role="region" aria-label="histograms of each layer" tabindex="0"><table class="bins"><tbody>${layers.map(histograms)}</tbody></table></div>`;
}

function item(group: readonly [Finding, ...Finding[]]): Html {
  const { severity, code, sentence } = group[0];
  return html`<li class="${severity}"><b>${severity}: ${code}</b><br>${sentence}${others(group)}</li>`;
}

function histograms(layer: LayerHealth): Html {
  const cells = histogramsOf(layer).map(
    ([name, histogram]) => html`<td>${name}${bars(`${name} of ${layer.name}`, histogram)}</td>`,
  );
  const aligned = layer.activation === "linear" ? html`<td></td>` : html``; // y stands under f(z)
  return html`<tr><th scope="row">${layer.name}</th>${aligned}${cells}</tr>`;
}

function bars(name: string, { min, max, counts }: Histogram): Html {
  const most = Math.max(1, ...counts);
  const label = `${name}: ${counts.length} bins from ${brief(min)} to ${brief(max)}, most ${most}`;
  const shapes = counts.flatMap((count, i) => {
    if (count === 0) return [];
    const height = Math.max(1, (count / most) * HEIGHT).toFixed(1);
    return [html`<path class="bar" d="M${i * BAR} ${HEIGHT}v-${height}h${BAR - 0.5}v${height}z"/>`];
  });
  return html`<svg viewBox="0 0 ${counts.length * BAR} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}"><path class="grid" d="M0 ${HEIGHT}H${counts.length * BAR}"/>${shapes}</svg><small><span>${brief(min)}</span><span>${brief(max)}</span></small>`;
}
