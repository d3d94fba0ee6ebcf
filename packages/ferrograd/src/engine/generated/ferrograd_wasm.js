/* @ts-self-types="./ferrograd_wasm.d.ts" */

/**
 * @param {number} handle
 * @returns {number}
 */
export function address(handle) {
    const ret = wasm.address(handle);
    return ret;
}

/**
 * @param {number} words
 * @returns {number}
 */
export function alloc(words) {
    const ret = wasm.alloc(words);
    return ret;
}

/**
 * Where the bases of a program's segments stand, in pairs of address and words; 0 where one is missing.
 * @param {number} program
 * @returns {number}
 */
export function bases(program) {
    const ret = wasm.bases(program);
    return ret >>> 0;
}

/**
 * @param {number} program
 * @param {number} segment
 * @param {number} handle
 * @returns {number}
 */
export function bind(program, segment, handle) {
    const ret = wasm.bind(program, segment, handle);
    return ret >>> 0;
}

/**
 * Address of the counts of positive elements of each column, then of negative ones.
 * @param {number} handle
 * @param {number} offset
 * @param {number} words
 * @param {number} units
 * @returns {number}
 */
export function columnSigns(handle, offset, words, units) {
    const ret = wasm.columnSigns(handle, offset, words, units);
    return ret;
}

/**
 * Fills a block with random numbers, as the op does at step 0.
 * @param {number} handle
 * @param {number} dist
 * @param {number} p0
 * @param {number} p1
 * @param {number} seed_low
 * @param {number} seed_high
 * @param {number} stream
 */
export function draw(handle, dist, p0, p1, seed_low, seed_high, stream) {
    wasm.draw(handle, dist, p0, p1, seed_low, seed_high, stream);
}

/**
 * Index of the first NaN or infinity among `words` floats of a block.
 * @param {number} handle
 * @param {number} offset
 * @param {number} words
 * @returns {number}
 */
export function firstNonFinite(handle, offset, words) {
    const ret = wasm.firstNonFinite(handle, offset, words);
    return ret;
}

/**
 * Address of the counts of the bins.
 * @param {number} handle
 * @param {number} offset
 * @param {number} words
 * @param {number} min
 * @param {number} scale
 * @param {number} bins
 * @returns {number}
 */
export function histogram(handle, offset, words, min, scale, bins) {
    const ret = wasm.histogram(handle, offset, words, min, scale, bins);
    return ret;
}

/**
 * Address of the words that were kept last.
 * @returns {number}
 */
export function kept() {
    const ret = wasm.kept();
    return ret;
}

/**
 * @returns {number}
 */
export function liveWords() {
    const ret = wasm.liveWords();
    return ret;
}

/**
 * Loads the program that was put there; where it is refused, what it was refused for is kept: address
 * and length of a text, and the op.
 * @returns {number}
 */
export function load() {
    const ret = wasm.load();
    return ret;
}

/**
 * @returns {number}
 */
export function numericsVersion() {
    const ret = wasm.numericsVersion();
    return ret >>> 0;
}

/**
 * @param {number} handle
 * @param {number} offset
 * @param {number} words
 * @param {number} units
 * @returns {number}
 */
export function oneSigned(handle, offset, words, units) {
    const ret = wasm.oneSigned(handle, offset, words, units);
    return ret;
}

/**
 * @returns {number}
 */
export function opTableHash() {
    const ret = wasm.opTableHash();
    return ret >>> 0;
}

/**
 * As `run`, of one op.
 * @param {number} program
 * @param {number} op
 * @returns {number}
 */
export function perform(program, op) {
    const ret = wasm.perform(program, op);
    return ret >>> 0;
}

/**
 * @param {number} handle
 */
export function release(handle) {
    wasm.release(handle);
}

/**
 * Address of room for the words of a program.
 * @param {number} words
 * @returns {number}
 */
export function room(words) {
    const ret = wasm.room(words);
    return ret;
}

/**
 * 0, or a status code; then code, op, operand, element and value are kept.
 * @param {number} program
 * @returns {number}
 */
export function run(program) {
    const ret = wasm.run(program);
    return ret >>> 0;
}

/**
 * @returns {number}
 */
export function scratchWords() {
    const ret = wasm.scratchWords();
    return ret;
}

/**
 * Address of the sums of squares and of elements as f64, zeros, non-finite ones, then min and max as f32.
 * @param {number} handle
 * @param {number} offset
 * @param {number} words
 * @returns {number}
 */
export function survey(handle, offset, words) {
    const ret = wasm.survey(handle, offset, words);
    return ret;
}

/**
 * @param {number} program
 * @returns {number}
 */
export function trace(program) {
    const ret = wasm.trace(program);
    return ret >>> 0;
}

/**
 * @param {number} program
 */
export function unload(program) {
    wasm.unload(program);
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbindgen_init_externref_table: function() {
            const table = wasm.__wbindgen_externrefs;
            table.set(0, undefined);
            table.set(1024, undefined);
            table.set(1025, null);
            table.set(1026, true);
            table.set(1027, false);
        },
    };
    return {
        __proto__: null,
        "./ferrograd_wasm_bg.js": import0,
    };
}

let wasmModule, wasmInstance, wasm;
function __wbg_finalize_init(instance, module) {
    wasmInstance = instance;
    wasm = instance.exports;
    wasmModule = module;
    wasm.__wbindgen_start();
    return wasm;
}

async function __wbg_load(module, imports) {
    if (typeof Response === 'function' && module instanceof Response) {
        if (!module.ok) {
            throw new Error(`failed to fetch Wasm: ${module.status} ${module.statusText} fetching '${module.url}'`);
        }

        if (typeof WebAssembly.instantiateStreaming === 'function') {
            try {
                return await WebAssembly.instantiateStreaming(module, imports);
            } catch (e) {
                const validResponse = expectedResponseType(module.type);

                if (validResponse && module.headers.get('Content-Type') !== 'application/wasm') {
                    console.warn("`WebAssembly.instantiateStreaming` failed because your server does not serve Wasm with `application/wasm` MIME type. Falling back to `WebAssembly.instantiate` which is slower. Original error:\n", e);

                } else { throw e; }
            }
        }

        const bytes = await module.arrayBuffer();
        return await WebAssembly.instantiate(bytes, imports);
    } else {
        const instance = await WebAssembly.instantiate(module, imports);

        if (instance instanceof WebAssembly.Instance) {
            return { instance, module };
        } else {
            return instance;
        }
    }

    function expectedResponseType(type) {
        switch (type) {
            case 'basic': case 'cors': case 'default': return true;
        }
        return false;
    }
}

function initSync(module) {
    if (wasm !== undefined) return wasm;


    if (module !== undefined) {
        if (Object.getPrototypeOf(module) === Object.prototype) {
            ({module} = module)
        } else {
            console.warn('using deprecated parameters for `initSync()`; pass a single object instead')
        }
    }

    const imports = __wbg_get_imports();
    if (!(module instanceof WebAssembly.Module)) {
        module = new WebAssembly.Module(module);
    }
    const instance = new WebAssembly.Instance(module, imports);
    return __wbg_finalize_init(instance, module);
}

let __wbg_init_promise;
async function __wbg_init(module_or_path) {
    if (wasm !== undefined) return wasm;
    if (__wbg_init_promise === undefined) {
        __wbg_init_promise = __wbg_init_once(module_or_path);
        __wbg_init_promise.catch(() => { __wbg_init_promise = undefined; });
    }
    return __wbg_init_promise;
}

async function __wbg_init_once(module_or_path) {

    if (module_or_path !== undefined) {
        if (Object.getPrototypeOf(module_or_path) === Object.prototype) {
            ({module_or_path} = module_or_path)
        } else {
            console.warn('using deprecated parameters for the initialization function; pass a single object instead')
        }
    }


    const imports = __wbg_get_imports();

    if (typeof module_or_path === 'string' || (typeof Request === 'function' && module_or_path instanceof Request) || (typeof URL === 'function' && module_or_path instanceof URL)) {
        module_or_path = fetch(module_or_path);
    }

    const { instance, module } = await __wbg_load(await module_or_path, imports);

    return __wbg_finalize_init(instance, module);
}

export { initSync, __wbg_init as default };
