import { guardOutput, wasPrinted } from "./output.ts";
import { runProgram } from "./program.ts";

guardOutput();
process.exitCode = await runProgram(process.argv.slice(2));
process.on("exit", () => {
  if (process.exitCode === 0 && !wasPrinted()) process.exitCode = 1;
});
