/** browser-packages.mjs, or no-packages.mjs. */
declare module "peer-packages" {
  import type { Host } from "../types.ts";
  export const importPackage: Host["importPackage"];
  export const versionOf: NonNullable<Host["versionOf"]>;
}
