/* tslint:disable */
/* eslint-disable */

export function address(handle: number): number;

export function alloc(words: number): number;

/**
 * Where the bases of a program's segments stand, in pairs of address and words; 0 where one is missing.
 */
export function bases(program: number): number;

export function bind(program: number, segment: number, handle: number): number;

/**
 * Address of the counts of positive elements of each column, then of negative ones.
 */
export function columnSigns(handle: number, offset: number, words: number, units: number): number;

/**
 * Fills a block with random numbers, as the op does at step 0.
 */
export function draw(handle: number, dist: number, p0: number, p1: number, seed_low: number, seed_high: number, stream: number): void;

/**
 * Index of the first NaN or infinity among `words` floats of a block.
 */
export function firstNonFinite(handle: number, offset: number, words: number): number;

/**
 * Address of the counts of the bins.
 */
export function histogram(handle: number, offset: number, words: number, min: number, scale: number, bins: number): number;

/**
 * Address of the words that were kept last.
 */
export function kept(): number;

export function liveWords(): number;

/**
 * Loads the program that was put there; where it is refused, what it was refused for is kept: address
 * and length of a text, and the op.
 */
export function load(): number;

export function numericsVersion(): number;

export function oneSigned(handle: number, offset: number, words: number, units: number): number;

export function opTableHash(): number;

/**
 * As `run`, of one op.
 */
export function perform(program: number, op: number): number;

export function release(handle: number): void;

/**
 * Address of room for the words of a program.
 */
export function room(words: number): number;

/**
 * 0, or a status code; then code, op, operand, element and value are kept.
 */
export function run(program: number): number;

export function scratchWords(): number;

/**
 * Address of a random order of 0..count; -1 where memory is out.
 */
export function shuffled(count: number, seed_low: number, seed_high: number, stream: number, step: number): number;

/**
 * Address of the sums of squares and of elements as f64, zeros, non-finite ones, then min and max as f32.
 */
export function survey(handle: number, offset: number, words: number): number;

export function trace(program: number): number;

export function unload(program: number): void;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly address: (a: number) => number;
    readonly alloc: (a: number) => number;
    readonly bases: (a: number) => number;
    readonly bind: (a: number, b: number, c: number) => number;
    readonly columnSigns: (a: number, b: number, c: number, d: number) => number;
    readonly draw: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => void;
    readonly firstNonFinite: (a: number, b: number, c: number) => number;
    readonly histogram: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
    readonly kept: () => number;
    readonly liveWords: () => number;
    readonly load: () => number;
    readonly numericsVersion: () => number;
    readonly oneSigned: (a: number, b: number, c: number, d: number) => number;
    readonly opTableHash: () => number;
    readonly perform: (a: number, b: number) => number;
    readonly release: (a: number) => void;
    readonly room: (a: number) => number;
    readonly run: (a: number) => number;
    readonly scratchWords: () => number;
    readonly shuffled: (a: number, b: number, c: number, d: number, e: number) => number;
    readonly survey: (a: number, b: number, c: number) => number;
    readonly trace: (a: number) => number;
    readonly unload: (a: number) => void;
    readonly __wbindgen_externrefs: WebAssembly.Table;
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
