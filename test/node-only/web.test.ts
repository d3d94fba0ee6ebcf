import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addresses,
  button,
  circle,
  draw,
  eventually,
  executablePath,
  hash,
  IN_MOTION,
  mainThreadTasks,
  open,
  start,
  status,
  steps,
  stop,
  testAccuracy,
  violations,
} from "./web-browser.ts";
import { RULES, tryOutside } from "./web-outside.ts";

describe.skipIf(executablePath === undefined)("the page in Chromium", () => {
  beforeAll(start);
  afterAll(stop);

  it.each(["http", "file"] as const)(
    "%s: trains digits, answers a stroke, gives a link that repeats the run",
    async (kind) => {
      // At a pace, so that the reader, who takes the same steps at full speed, comes after in less time.
      const { close, page, errors, outside } = await open(
        `${addresses[kind]}#data=digits&width=32&learningRate=0.01&speed=1000`,
      );
      await button(page, "Play").click();
      await eventually(() => testAccuracy(page)).toBeGreaterThanOrEqual(95);
      await draw(page, circle);
      await eventually(() => page.locator(".verdict").textContent()).toContain("reads as 0");
      await button(page, "Pause").click();
      await eventually(() => status(page).textContent()).toContain("Paused at step");

      const [reached, sha256] = [await steps(page), await hash(page)];
      expect(page.url()).toContain(`steps=${reached}&sha256=${sha256}`);
      const reader = await open(page.url());
      await eventually(() => status(reader.page).textContent()).toContain("Same bits");
      await eventually(() => steps(reader.page)).toBe(reached);
      expect(await hash(reader.page)).toBe(sha256);

      for (const seen of [{ errors, outside }, reader]) {
        expect(seen.errors).toEqual([]);
        expect(seen.outside()).toEqual([]);
      }
      await Promise.all([close(), reader.close()]);
    },
  );

  it("loads nothing from outside, whatever tries to, and runs no script but its own", async () => {
    const { close, page, errors } = await open(addresses.file);
    expect(await tryOutside(page)).toEqual({ reached: [], refused: RULES, ran: false });
    expect(errors.length).toBeGreaterThanOrEqual(RULES.length); // a line in the console for each
    await button(page, "Step").click();
    await eventually(() => steps(page)).toBe(1);
    // The same attempts, where there is no policy, get through.
    const { reached, refused, ran } = await tryOutside(page, "bare");
    expect([reached.length, refused, ran]).toEqual([9, [], true]);
    await close();
  });

  it("a link with another hash is told apart", async () => {
    const link = `${addresses.file}#data=xor&steps=20&sha256=${"0".repeat(64)}`;
    const { close, page } = await open(link);
    await eventually(() => status(page).textContent()).toContain("Other bits");
    await close();
  });

  it("steps one by one, and from the start again to the same bits", async () => {
    const { close, page, errors } = await open(`${addresses.file}#data=spirals&seed=7`);
    const walk = async () => {
      for (const step of [1, 2, 3]) {
        await button(page, "Step").click();
        await eventually(() => steps(page)).toBe(step);
      }
      return hash(page);
    };
    const first = await walk();
    await button(page, "Restart").click();
    await eventually(() => steps(page)).toBe(0);
    expect(await walk()).toBe(first);
    await page.getByLabel("Seed").fill("8");
    await page.getByLabel("Seed").press("Enter");
    await eventually(() => steps(page)).toBe(0);
    expect(page.url()).toContain("seed=8");
    expect(await walk()).not.toBe(first);
    expect(errors).toEqual([]);
    await close();
  });

  it.each(["digits", "spirals"])(
    "%s: no task over 50 ms while it trains",
    { retry: 2 },
    async (data) => {
      const { close, page, longTasks } = await open("about:blank", IN_MOTION);
      let observed: number[] = [];
      // Other programs on the machine stretch tasks; only the thread's own time counts.
      const own = await mainThreadTasks(page, async () => {
        await page.goto(`${addresses.file}#data=${data}&speed=1000`);
        await button(page, "Play").click();
        await eventually(() => steps(page)).toBeGreaterThan(500);
        observed = await longTasks();
      });
      expect(own.length).toBeGreaterThan(observed.length);
      expect(own.filter((ms) => ms > 50)).toEqual([]);
      await close();
    },
  );

  it("asks for the file that a link or a choice of data needs", async () => {
    const { close, page } = await open(`${addresses.file}#data=circles`);
    await page.getByRole("combobox", { name: "Data" }).selectOption("csv");
    await eventually(() => status(page).textContent()).toContain("Drop the CSV file here");
    await button(page, "Play").click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("csv-file");
    await page.goto(`${addresses.file}#data=csv&steps=3&sha256=${"0".repeat(64)}`);
    await eventually(() => status(page).textContent()).toContain("that this link was made with");
    await close();
  });

  it("learns a CSV file and says what is wrong with another", async () => {
    const { close, page, errors, outside } = await open(`${addresses.file}#data=csv&speed=0`);
    const rows = Array.from(
      { length: 120 },
      (_, i) => `${i % 12},${i % 7},${i % 12 > 5 ? "big" : "small"}`,
    );
    const file = (text: string) => ({
      name: "sizes.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(text),
    });
    const input = page.getByLabel("Choose a CSV file");
    await input.setInputFiles(file(["a,b,size", ...rows].join("\n")));
    await eventually(() => page.locator(".panel").textContent()).toContain(
      "96 rows to train, 24 to test",
    );
    await button(page, "Play").click();
    await eventually(() => testAccuracy(page)).toBe(100);
    expect(await page.locator(".legend").textContent()).toBe("bigsmall");
    await input.setInputFiles(file("a,b,size\n1,2\n"));
    await eventually(() => status(page).textContent()).toContain(
      "sizes.csv: row 2: expected 3 values",
    );
    expect([errors, outside()]).toEqual([[], []]);
    await close();
  });

  it("takes a dropped file, and another column where the last cannot be learnt", async () => {
    const { close, page, errors, outside } = await open(`${addresses.file}#data=digits`);
    const drop = (bytes: number[]) =>
      page.evaluate((values) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([Uint8Array.from(values)], "kinds.csv"));
        dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
      }, bytes);
    await drop([0x61, 0x0a, 0xe4]);
    await eventually(() => status(page).textContent()).toContain("kinds.csv is not text in UTF-8");
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 2 ? "big" : "small"},${i % 2}.${i}`);
    await drop([...Buffer.from(["kind,size", ...rows].join("\n"))]);
    await eventually(() => status(page).textContent()).toContain('kinds.csv: column "size"');
    await eventually(() => status(page).textContent()).toContain("choose a column that has them");
    await page.getByLabel("Column to learn").selectOption("kind");
    await eventually(() => page.locator(".panel").textContent()).toContain(
      "48 rows to train, 12 to test",
    );
    expect([errors, outside()]).toEqual([[], []]);
    await close();
  });

  it("says that a learning rate is too high", async () => {
    const { close, page, errors } = await open(
      `${addresses.file}#data=digits&activation=linear&optimizer=sgd&learningRate=1000&speed=0`,
    );
    await button(page, "Play").click();
    await eventually(() => status(page).textContent()).toContain("learning rate");
    expect(await button(page, "Play").count()).toBe(1);
    await page.getByLabel("Learning rate").selectOption("0.01");
    await button(page, "Play").click();
    await eventually(() => testAccuracy(page)).toBeGreaterThan(80);
    expect(errors).toEqual([]);
    await close();
  });

  it("works from the keyboard, the pad too", async () => {
    const { close, page } = await open(
      `${addresses.file}#data=digits&speed=0&steps=300&sha256=${"0".repeat(64)}`,
    );
    await eventually(() => status(page).textContent()).toContain("bits");
    await page.locator(".sheet").focus();
    for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Space");
    for (let i = 0; i < 16; i++) await page.keyboard.press("ArrowDown");
    await eventually(() => page.locator(".verdict").textContent()).toContain("reads as 1");
    await button(page, "Step").focus();
    await page.keyboard.press("Enter");
    await eventually(() => steps(page)).toBe(301);
    await close();
  });

  it("speaks Korean, and changes language without losing the run", async () => {
    const { close, page } = await open(`${addresses.file}?lang=ko#data=circles&speed=300`);
    expect(await page.locator("html").getAttribute("lang")).toBe("ko");
    await button(page, "한 단계").click();
    await eventually(() => page.locator(".count").textContent()).toContain("1단계");
    const before = await hash(page);
    await page.getByLabel("언어").selectOption("en");
    await eventually(() => page.locator(".count").textContent()).toContain("step 1 ");
    expect(await hash(page)).toBe(before);
    expect(page.url()).not.toContain("lang=ko");
    await close();
  });

  it("asks for fewer frames where less motion is wanted", async () => {
    for (const [reducedMotion, frameMs] of [
      ["no-preference", 33],
      ["reduce", 700],
    ] as const) {
      const { close, page } = await open("about:blank", { reducedMotion, ofItsOwn: true });
      await page.addInitScript(() => {
        const asked: number[] = [];
        const { postMessage } = Worker.prototype;
        Worker.prototype.postMessage = function (request, ...others: never[]) {
          if (request.type === "start") asked.push(request.frameMs);
          postMessage.call(this, request, ...others);
        };
        Object.assign(globalThis, { asked });
      });
      await page.goto(`${addresses.file}#data=circles`);
      await button(page, "Step").click();
      await eventually(() => steps(page)).toBe(1);
      expect(await page.evaluate("asked")).toEqual([frameMs]);
      await close();
    }
  });

  it.each([
    ["digits, light", "#data=digits", { colorScheme: "light" }],
    ["digits, dark", "#data=digits", { colorScheme: "dark" }],
    ["spirals, dark, Korean", "?lang=ko#data=spirals", { colorScheme: "dark" }],
    ["spirals, phone", "#data=spirals", { viewport: { width: 360, height: 740 } }],
    ["digits, phone", "#data=digits", { viewport: { width: 360, height: 740 } }],
  ] as const)(
    "%s: axe finds nothing serious, and the width is enough",
    async (_name, address, options) => {
      const { close, page } = await open(`${addresses.file}${address}`, options);
      for (let i = 0; i < 3; i++) await page.locator(".transport button").nth(1).click();
      await eventually(() => page.locator(".count").textContent()).toContain("3");
      await eventually(() => page.locator(".chart .test .value").nth(1).textContent()).toContain(
        "%",
      );
      expect(await violations(page)).toEqual([]);
      const { scroll, width } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth,
        width: innerWidth,
      }));
      expect(scroll).toBeLessThanOrEqual(width);
      for (const square of await page.locator(".square").all()) {
        expect((await square.boundingBox())!.width).toBeGreaterThan(250);
      }
      await close();
    },
  );
});
