import { describe, expect, it } from "vitest";
import {
  median,
  medians,
  most,
  type Outcome,
  outcomeOf,
  seedsFrom,
  spread,
} from "../../packages/lesson/src/experiment.ts";
import { EXPERIMENTS } from "../../packages/lesson/src/experiments/all.ts";

/** What readers are told: the verdict, which checks hold, the answer to the question. */
const told = ({ verdict, checks, answer }: Outcome) => ({
  verdict,
  checks: checks.map(({ says, holds }) => ({ says, holds })),
  answer,
});

const LONG = process.env.FERROGRAD_LONG === "1";
/** Those that take a second at most; all of them have their turn in the long run. */
const QUICK = "bd";
const chosen = EXPERIMENTS.filter(({ id }) => LONG || QUICK.includes(id));
/** Apart, so that no run has a seed in common with another. */
const seeds = LONG ? Array.from({ length: 20 }, (_, i) => 7 + 20 * i) : [7];

describe("what the lesson says", () => {
  it.each(chosen)("($id) $title: other seeds say the same", (experiment) => {
    const first = outcomeOf(experiment, 1);
    const of = experiment.seeds === 1 ? undefined : experiment.seeds;
    expect(first.checks[0]!.seeds?.[1]).toBe(of);
    const others = seeds.map((seed) => ({ seed, ...told(outcomeOf(experiment, seed)) }));
    expect(others).toEqual(seeds.map((seed) => ({ seed, ...told(first) })));
  });

  it("rests on five seeds or more where anything is trained", () => {
    const fewer = EXPERIMENTS.filter(({ seeds }) => seeds < 5).map(({ id }) => id);
    expect(fewer).toEqual(["b"]); // ranges: nothing is trained
  });
});

describe("what most seeds say", () => {
  it.each([
    [[1, 1, 1, 1, 1], true, 5],
    [[1, 0, 1, 0, 1], true, 3],
    [[0, 1, 0, 1, 0], false, 2],
    [[1, 0, 1, 0], false, 2],
    [[0, 0, 0], false, 0],
  ])("%j: %j", (runs, holds, count) => {
    const check = most("so it is", runs, (run) => run === 1);
    expect(check).toEqual({ says: "so it is", holds, seeds: [count, runs.length] });
  });

  it("medians, spreads and seeds", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(spread([5, 9, 1])).toEqual([5, 1, 9]);
    expect(
      medians([
        [1, 30],
        [2, 10],
        [9, 20],
      ]),
    ).toEqual([2, 20]);
    expect(seedsFrom(7, 5)).toEqual([7, 8, 9, 10, 11]);
  });
});
