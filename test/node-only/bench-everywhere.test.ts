import { describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/lib/paths.mjs";

type Talk = (
  name: string,
  program: string,
  args: readonly string[],
  tell: (line: string) => void,
) => Promise<unknown>;
const { talk } = (await import(`${ROOT}/bench/everywhere.mjs`)) as { talk: Talk };

const program = (script: string) => [
  "-e",
  `const say = (m, then) => process.stdout.write(m, then);${script}`,
];

describe("a runtime in a process of its own", () => {
  it("tells its lines, then what it measured, however long that is", async () => {
    const told: string[] = [];
    const measured = { rows: "r".repeat(1_000_000) };
    const args = program(`
      say('{"line":"one"}\\n{"line":"two"}\\n');
      say('{"measured":{"rows":"' + "r".repeat(1e6) + '"}}\\n', () => process.exit(0));`);
    const heard = await talk("node", process.execPath, args, (line) => told.push(line));
    expect([told, heard]).toEqual([["one", "two"], measured]);
  });

  it.each([
    [
      "ends in the middle of a line",
      `say('{"measured":{"ro')`,
      /node: expected a line of JSON, got \{"measured":\{"ro/,
    ],
    ["measured nothing", "process.exitCode = 3", /node: the benchmarks failed \(3\)/],
  ])("fails by name where it %s", async (_what, script, message) => {
    await expect(talk("node", process.execPath, program(script), () => {})).rejects.toThrow(
      message,
    );
  });
});
