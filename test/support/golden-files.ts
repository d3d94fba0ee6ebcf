import { expect } from "vitest";

/** The bytes of a file that was imported as a data URL. */
export function bytesOf(dataUrl: string | undefined): Uint8Array {
  const [head, base64] = dataUrl!.split(",");
  expect(head).toMatch(/^data:.*;base64$/);
  return Uint8Array.from(atob(base64!), (char) => char.charCodeAt(0));
}

/** The names of the files of a folder, without their ends, in order. */
export const namesOf = (files: Record<string, unknown>): string[] =>
  Object.keys(files)
    .map((path) => /([^/]+)\.safetensors$/.exec(path)![1]!)
    .sort();
