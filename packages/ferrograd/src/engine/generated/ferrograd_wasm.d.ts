/* tslint:disable */
/* eslint-disable */

export class RawEngine {
    free(): void;
    [Symbol.dispose](): void;
    address(handle: number): number | undefined;
    alloc(words: number): number | undefined;
    bind(program: number, segment: number, handle: number): boolean;
    columnSigns(handle: number, offset: number, words: number, units: number): Uint32Array;
    /**
     * Index of the first NaN or infinity among `words` floats of a block.
     */
    firstNonFinite(handle: number, offset: number, words: number): number | undefined;
    histogram(handle: number, offset: number, words: number, min: number, scale: number, bins: number): Uint32Array;
    liveWords(): number;
    load(words: Uint32Array | number[]): number;
    constructor();
    oneSigned(handle: number, offset: number, words: number, units: number): number;
    release(handle: number): boolean;
    /**
     * 0, or a status code whose details `status` holds.
     */
    run(program: number): number;
    scratchWords(): number;
    /**
     * Code, op, operand, element, value of the last run that failed.
     */
    status(): Uint32Array;
    /**
     * The sums of squares and of elements as f64, zeros, non-finite ones, then min and max as f32.
     */
    survey(handle: number, offset: number, words: number): Uint32Array;
    trace(program: number): number;
    unload(program: number): void;
}

export function opTableHash(): number;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_rawengine_free: (a: number, b: number) => void;
    readonly opTableHash: () => number;
    readonly rawengine_address: (a: number, b: number) => number;
    readonly rawengine_alloc: (a: number, b: number) => number;
    readonly rawengine_bind: (a: number, b: number, c: number, d: number) => number;
    readonly rawengine_columnSigns: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly rawengine_firstNonFinite: (a: number, b: number, c: number, d: number) => number;
    readonly rawengine_histogram: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => [number, number];
    readonly rawengine_liveWords: (a: number) => number;
    readonly rawengine_load: (a: number, b: number, c: number) => [number, number, number];
    readonly rawengine_new: () => number;
    readonly rawengine_oneSigned: (a: number, b: number, c: number, d: number, e: number) => number;
    readonly rawengine_release: (a: number, b: number) => number;
    readonly rawengine_run: (a: number, b: number) => number;
    readonly rawengine_scratchWords: (a: number) => number;
    readonly rawengine_status: (a: number) => [number, number];
    readonly rawengine_survey: (a: number, b: number, c: number, d: number) => [number, number];
    readonly rawengine_trace: (a: number, b: number) => number;
    readonly rawengine_unload: (a: number, b: number) => void;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
