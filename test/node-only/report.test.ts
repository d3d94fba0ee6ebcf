import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { roundTicks } from "../../packages/cli/src/report/chart.ts";
import { bundledCommand } from "./cli-command.ts";
import { executablePath, open, violations } from "./web-browser.ts";
import { RULES, tryOutside } from "./web-outside.ts";

describe("the values beside a chart", () => {
  it.each([
    [{ least: 0.444, most: 0.993 }, [0.5, 0.6, 0.7, 0.8, 0.9]],
    [{ least: 0.0518, most: 1.96 }, [0.5, 1, 1.5]],
    [{ least: -3, most: 5 }, [-2, 0, 2, 4]],
    [{ least: 96_200, most: 724_000 }, [200_000, 400_000, 600_000]],
    [{ least: 0, most: 1 }, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])("of %j are round", (range, ticks) => {
    expect(roundTicks(range)).toEqual(ticks);
  });
});

describe.skipIf(executablePath === undefined)("the report in Chromium", () => {
  const { file, ferrograd } = bundledCommand();
  beforeAll(() => {
    ferrograd("train --dataset digits --epochs 3 --report digits.html".split(" "));
  });

  it.each([
    ["light", { colorScheme: "light" }],
    ["dark, on a phone", { colorScheme: "dark", viewport: { width: 360, height: 740 } }],
  ] as const)("%s: axe finds nothing serious, and it asks for nothing", async (_name, options) => {
    const address = pathToFileURL(file("digits.html")).href;
    const { close, page, errors, outside } = await open(address, options);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    expect([errors, outside()]).toEqual([[], []]);
    await close();
  });

  it("loads nothing from outside, whatever tries to, and runs no script", async () => {
    const { close, page } = await open(pathToFileURL(file("digits.html")).href);
    expect(await tryOutside(page)).toEqual({ reached: [], refused: RULES, ran: false });
    expect(await page.locator("img").first().evaluate(isDrawn)).toBe(true);
    await close();
  });
});

const isDrawn = (image: HTMLImageElement | SVGElement) =>
  image instanceof HTMLImageElement && image.complete && image.naturalWidth > 0;
