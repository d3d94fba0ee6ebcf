import { h } from "@ferrograd/shared/dom.ts";
import { percent } from "@ferrograd/shared/format.ts";
import { ACTIVATION_NAMES } from "@ferrograd/shared/names.ts";
import type { ActivationName } from "ferrograd";
import { type DuelFrame, STEPS_PER_EPOCH } from "./frames/duel.ts";
import { choice, row, slider } from "./kit/controls.ts";
import { lines } from "./kit/lines.ts";
import { numbers, readings } from "./kit/numbers.ts";
import { player } from "./kit/pace.ts";
import { figures, plot, ticks } from "./kit/plot.ts";
import type { LiveContext, LivePart } from "./part.ts";

const RATES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];
const DEPTHS = [1, 2, 3, 4, 6, 8, 10];
const EPOCHS = 12;
const STEPS = EPOCHS * STEPS_PER_EPOCH;
/** Divides an epoch, so that every frame has as many. */
const STEPS_PER_FRAME = 3;
const CALM_STEPS = 15;
/** Losses above this leave the picture: chance is 2.3. */
const WORST = 3;
const SEED = 1;

type Names = readonly [ActivationName, ActivationName];

export const duelPart: LivePart = {
  id: "duel",
  section: "i",
  mount(root, context) {
    const { texts } = context;
    const t = texts.duel;
    let wish = { names: ["sigmoid", "relu"] as Names, depth: 4, learningRate: 0.003 };
    const view = pictures(context, () => wish.names);
    const stepsPerFrame = context.reducedMotion ? CALM_STEPS : STEPS_PER_FRAME;
    const training = player<DuelFrame>({
      context,
      root,
      run: () => context.run("duel", { ...wish, seed: SEED, epochs: EPOCHS, stepsPerFrame }),
      show: view.show,
      clear: view.clear,
    });
    const change = (part: Partial<typeof wish>) => {
      wish = { ...wish, ...part };
      training.restart();
    };
    const first = choice(t.first, ACTIVATION_NAMES, wish.names[0], (name) =>
      change({ names: [name, wish.names[1]] }),
    );
    const second = choice(t.second, ACTIVATION_NAMES, wish.names[1], (name) =>
      change({ names: [wish.names[0], name] }),
    );
    const layers = slider({
      name: t.depth,
      values: DEPTHS,
      value: wish.depth,
      format: String,
      change: (depth) => change({ depth }),
    });
    const rate = slider({
      name: texts.learningRate,
      values: RATES,
      value: wish.learningRate,
      format: figures,
      change: (learningRate) => change({ learningRate }),
    });
    root.append(
      h("p", { className: "hint" }, t.hint),
      row(first, second, layers.element, rate.element, training.element),
      ...view.elements,
    );
    view.clear();
  },
};

function pictures({ texts }: LiveContext, names: () => Names) {
  const t = texts.duel;
  const loss = plot({ label: t.chartLabel(texts.loss), aspect: 1.7 });
  const accuracy = plot({ label: t.chartLabel(texts.accuracy), aspect: 1.7 });
  const sides = (["one", "two"] as const).map((kind) => {
    const read = readings([texts.accuracy, texts.loss, t.stepTime]);
    const title = h("h4", { className: kind });
    return { read, title, element: h("div", { className: `side ${kind}` }, title, read.element) };
  });
  const columns = ["A", "B"].flatMap((side) => [
    `${side}: ${texts.loss}`,
    `${side}: ${texts.accuracy}`,
  ]);
  const table = numbers(t.table, [texts.step, ...columns]);
  let frames: DuelFrame[] = [];
  const draw = () => {
    const steps = frames.map(({ step }) => step);
    const x = { from: 0, to: STEPS, ticks: ticks(0, STEPS, 6), name: t.axisStep };
    const of = (read: (side: DuelFrame["sides"][number]) => number) =>
      (["one", "two"] as const).map((kind, i) => ({
        kind,
        values: frames.map((frame) => read(frame.sides[i]!)),
      }));
    const worst = of((side) => Math.min(side.loss, WORST));
    loss.draw(
      lines(x, { from: 0, to: WORST, ticks: [0, 1, 2, 3], name: texts.loss }, steps, worst),
    );
    const marks = { ticks: [0, 0.25, 0.5, 0.75, 1], format: (v: number) => `${100 * v} %` };
    const shares = { from: 0, to: 1, name: texts.accuracy, ...marks };
    accuracy.draw(
      lines(
        x,
        shares,
        steps,
        of((side) => side.accuracy),
      ),
    );
    const whole = frames.filter(({ step }) => step % STEPS_PER_EPOCH === 0);
    table.show(
      whole.map(({ step, sides }) => [
        String(step),
        ...sides.flatMap((side) => [figures(side.loss), percent(side.accuracy)]),
      ]),
    );
  };
  return {
    elements: [
      h("div", { className: "pictures two" }, ...sides.map(({ element }) => element)),
      h(
        "div",
        { className: "pictures two" },
        h("figure", {}, loss.element),
        h("figure", {}, accuracy.element),
      ),
      table.element,
    ],
    show(frame: DuelFrame): void {
      frames.push(frame);
      draw();
      sides.forEach(({ read }, i) => {
        const { accuracy, loss, stepTime } = frame.sides[i]!;
        const time = t.microseconds(String(Math.round(stepTime)));
        read.show([percent(accuracy), figures(loss), time]);
      });
    },
    clear(): void {
      frames = [];
      draw();
      sides.forEach(({ title, read }, i) => {
        title.textContent = `${"AB"[i]} · ${names()[i]}`;
        read.show(["–", "–", "–"]);
      });
    },
  };
}
