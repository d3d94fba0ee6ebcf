/** The default peer once more, over the relaxed module: bundled by relaxed-bundle.mjs. */
declare module "ferrograd-relaxed" {
  export const ferrograd: import("../types.ts").Peer;
}
