import { dirname, join } from "node:path";
import { cacheFolder } from "./paths.mjs";
import { ask, capture, npm, step, which } from "./run.mjs";

const EXE = process.platform === "win32" ? ".exe" : "";
const TOOLS = [
  {
    name: "wasm-pack",
    program: "wasm-pack",
    version: "0.15.0",
    seconds: 140,
    locked: true,
    onNpm: true,
  },
  // The version is the crate's. Its lock file names a version that is no longer served, so it resolves afresh.
  { name: "wasm-bindgen-cli", program: "wasm-bindgen", version: "0.2.130", seconds: 110 },
];

/** The folder of the first of these programs that runs and is the pinned version. */
function folderOf(tool, programs) {
  const isPinned = (file) => ask(file, ["--version"])?.split(" ").includes(tool.version);
  const program = programs.find((file) => file && isPinned(file));
  return program && dirname(program);
}

/** npm's wasm-pack is a script that downloads a binary; where it cannot, the caller compiles one. */
function installFromNpm(tool, folder) {
  try {
    npm([
      "install",
      "--prefix",
      folder,
      "--no-save",
      "--ignore-scripts",
      `${tool.name}@${tool.version}`,
    ]);
    const script = join(folder, "node_modules", tool.name, "install.js");
    capture(process.execPath, [script], { timeout: 60_000 });
  } catch {
    console.error("  not available here");
  }
}

function ensure(tool) {
  const folder = join(cacheFolder(), "tools", `${tool.name}-${tool.version}`);
  const compiled = join(folder, "bin", tool.program + EXE);
  const prebuilt = join(folder, "node_modules", tool.name, "binary", tool.program + EXE);
  const find = () => folderOf(tool, [which(tool.program), compiled, prebuilt]);

  const found = find();
  if (found) return found;
  if (tool.onNpm) {
    step(`${tool.name} from npm`, 5, () => installFromNpm(tool, folder));
    const downloaded = find();
    if (downloaded) return downloaded;
  }
  step(`cargo install ${tool.name}`, tool.seconds, () => {
    const args = ["install", tool.name, "--version", tool.version, "--root", folder];
    capture("cargo", tool.locked ? [...args, "--locked"] : args);
  });
  return dirname(compiled);
}

/** wasm-pack and wasm-bindgen in the pinned versions, as folders for PATH. */
export function wasmTools() {
  return TOOLS.map(ensure);
}
