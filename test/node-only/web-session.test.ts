import { afterEach, describe, expect, it, vi } from "vitest";
import { defaults } from "../../packages/page/src/settings.ts";
import { Session } from "../../packages/page/src/worker/session.ts";

afterEach(() => void vi.restoreAllMocks());

describe("the run behind the page", () => {
  it.each([33, 700])("shows a frame every %i ms, when the last has been drawn", async (frameMs) => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now++);
    const times: number[] = [];
    const session = new Session(
      {
        type: "start",
        run: 1,
        settings: { ...defaults("circles"), speed: 0 },
        csv: undefined,
        frameMs,
        until: undefined,
      },
      {
        frame() {
          times.push(now);
          if (times.length === 6) session.dispose();
          else session.shown();
        },
        answer() {},
      },
    );
    const run = session.run();
    session.play();
    await run;
    const between = times.slice(1).map((time, i) => time - times[i]!);
    expect(between).toHaveLength(5);
    for (const ms of between.slice(1)) {
      expect(ms).toBeGreaterThanOrEqual(frameMs);
      expect(ms).toBeLessThan(frameMs + 10);
    }
  });
});
