import type { Elapsed } from "../harness.ts";
import type { Engine, Host, KernelSession, LineProcess, Peer } from "../types.ts";

/** PyTorch in a process of its own, one thread; it takes the time itself, without the pipe between. */
export const pytorch: Peer = {
  name: "pytorch",
  installed: true,
  async load(host: Host): Promise<Engine | undefined> {
    const python = await host.spawnPython?.("pytorch.py");
    if (python === undefined) return undefined;
    const version = (await python.ask({ action: "version" })) as string;
    const open = (kind: string) => (spec: object) => openSession(python, kind, spec);
    return {
      version,
      train: open("train"),
      predict: open("predict"),
      matmul: open("matmul"),
      activation: open("activation"),
      dense: open("dense"),
    };
  },
};

let sessions = 0;

async function openSession(
  python: LineProcess,
  kind: string,
  spec: object,
): Promise<KernelSession | undefined> {
  const id = ++sessions;
  const packed = JSON.parse(JSON.stringify(spec, pack)) as object;
  if (!(await python.ask({ action: "open", id, kind, spec: packed }))) return undefined;
  return {
    run: async () => (await python.ask({ action: "run", id })) as number,
    time: async (iterations) => (await python.ask({ action: "time", id, iterations })) as Elapsed,
    async values() {
      const text = (await python.ask({ action: "values", id })) as string;
      return new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
    },
    dispose: () => void python.ask({ action: "close", id }),
  };
}

/** Arrays of numbers travel as base64. */
function pack(_key: string, value: unknown): unknown {
  if (!ArrayBuffer.isView(value)) return value;
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const texts: string[] = [];
  for (let i = 0; i < bytes.length; i += 8192) {
    texts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  }
  return btoa(texts.join(""));
}
