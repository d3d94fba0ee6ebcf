// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/slim

export * from "ferrograd";

export type WasmSource = object;

export declare function init(source: WasmSource | PromiseLike<WasmSource>): Promise<void>;
