/* @ts-self-types="./ferrograd_wasm.d.ts" */

export class RawEngine {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        RawEngineFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_rawengine_free(ptr, 0);
    }
    /**
     * @param {number} handle
     * @returns {number | undefined}
     */
    address(handle) {
        const ret = wasm.rawengine_address(this.__wbg_ptr, handle);
        return ret === Number.MAX_SAFE_INTEGER ? undefined : ret;
    }
    /**
     * @param {number} words
     * @returns {number | undefined}
     */
    alloc(words) {
        const ret = wasm.rawengine_alloc(this.__wbg_ptr, words);
        return ret === Number.MAX_SAFE_INTEGER ? undefined : ret;
    }
    /**
     * @param {number} program
     * @param {number} segment
     * @param {number} handle
     * @returns {boolean}
     */
    bind(program, segment, handle) {
        const ret = wasm.rawengine_bind(this.__wbg_ptr, program, segment, handle);
        return ret !== 0;
    }
    /**
     * @param {number} handle
     * @param {number} offset
     * @param {number} words
     * @param {number} units
     * @returns {Uint32Array}
     */
    columnSigns(handle, offset, words, units) {
        const ret = wasm.rawengine_columnSigns(this.__wbg_ptr, handle, offset, words, units);
        var v1 = getArrayU32FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        return v1;
    }
    /**
     * Index of the first NaN or infinity among `words` floats of a block.
     * @param {number} handle
     * @param {number} offset
     * @param {number} words
     * @returns {number | undefined}
     */
    firstNonFinite(handle, offset, words) {
        const ret = wasm.rawengine_firstNonFinite(this.__wbg_ptr, handle, offset, words);
        return ret === Number.MAX_SAFE_INTEGER ? undefined : ret;
    }
    /**
     * @param {number} handle
     * @param {number} offset
     * @param {number} words
     * @param {number} min
     * @param {number} scale
     * @param {number} bins
     * @returns {Uint32Array}
     */
    histogram(handle, offset, words, min, scale, bins) {
        const ret = wasm.rawengine_histogram(this.__wbg_ptr, handle, offset, words, min, scale, bins);
        var v1 = getArrayU32FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        return v1;
    }
    /**
     * @returns {number}
     */
    liveWords() {
        const ret = wasm.rawengine_liveWords(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * @param {Uint32Array | number[]} words
     * @returns {number}
     */
    load(words) {
        const ptr0 = passArray32ToWasm0(words, wasm.__wbindgen_malloc);
        const len0 = WASM_VECTOR_LEN;
        const ret = wasm.rawengine_load(this.__wbg_ptr, ptr0, len0);
        if (ret[2]) {
            throw takeFromExternrefTable0(ret[1]);
        }
        return ret[0] >>> 0;
    }
    constructor() {
        const ret = wasm.rawengine_new();
        this.__wbg_ptr = ret;
        RawEngineFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * @param {number} handle
     * @param {number} offset
     * @param {number} words
     * @param {number} units
     * @returns {number}
     */
    oneSigned(handle, offset, words, units) {
        const ret = wasm.rawengine_oneSigned(this.__wbg_ptr, handle, offset, words, units);
        return ret;
    }
    /**
     * @param {number} handle
     * @returns {boolean}
     */
    release(handle) {
        const ret = wasm.rawengine_release(this.__wbg_ptr, handle);
        return ret !== 0;
    }
    /**
     * 0, or a status code whose details `status` holds.
     * @param {number} program
     * @returns {number}
     */
    run(program) {
        const ret = wasm.rawengine_run(this.__wbg_ptr, program);
        return ret >>> 0;
    }
    /**
     * @returns {number}
     */
    scratchWords() {
        const ret = wasm.rawengine_scratchWords(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Code, op, operand, element, value of the last run that failed.
     * @returns {Uint32Array}
     */
    status() {
        const ret = wasm.rawengine_status(this.__wbg_ptr);
        var v1 = getArrayU32FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        return v1;
    }
    /**
     * The sums of squares and of elements as f64, zeros, non-finite ones, then min and max as f32.
     * @param {number} handle
     * @param {number} offset
     * @param {number} words
     * @returns {Uint32Array}
     */
    survey(handle, offset, words) {
        const ret = wasm.rawengine_survey(this.__wbg_ptr, handle, offset, words);
        var v1 = getArrayU32FromWasm0(ret[0], ret[1]).slice();
        wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
        return v1;
    }
    /**
     * @param {number} program
     * @returns {number}
     */
    trace(program) {
        const ret = wasm.rawengine_trace(this.__wbg_ptr, program);
        return ret >>> 0;
    }
    /**
     * @param {number} program
     */
    unload(program) {
        wasm.rawengine_unload(this.__wbg_ptr, program);
    }
}
if (Symbol.dispose) RawEngine.prototype[Symbol.dispose] = RawEngine.prototype.free;

/**
 * @returns {number}
 */
export function opTableHash() {
    const ret = wasm.opTableHash();
    return ret >>> 0;
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_Error_208446807d0d1e30: function(arg0, arg1) {
            const ret = Error(getStringFromWasm0(arg0, arg1));
            return ret;
        },
        __wbg___wbindgen_throw_4c88d8bf264fd984: function(arg0, arg1) {
            throw new Error(getStringFromWasm0(arg0, arg1));
        },
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

const RawEngineFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_rawengine_free(ptr, 1));

function getArrayU32FromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return getUint32ArrayMemory0().subarray(ptr / 4, ptr / 4 + len);
}

function getStringFromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}

let cachedUint32ArrayMemory0 = null;
function getUint32ArrayMemory0() {
    if (cachedUint32ArrayMemory0 === null || cachedUint32ArrayMemory0.byteLength === 0) {
        cachedUint32ArrayMemory0 = new Uint32Array(wasm.memory.buffer);
    }
    return cachedUint32ArrayMemory0;
}

let cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
    if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) {
        cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
    }
    return cachedUint8ArrayMemory0;
}

function passArray32ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 4, 4) >>> 0;
    getUint32ArrayMemory0().set(arg, ptr / 4);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

function takeFromExternrefTable0(idx) {
    const value = wasm.__wbindgen_externrefs.get(idx);
    wasm.__externref_table_dealloc(idx);
    return value;
}

let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
cachedTextDecoder.decode();
const MAX_SAFARI_DECODE_BYTES = 2146435072;
let numBytesDecoded = 0;
function decodeText(bytes) {
    numBytesDecoded += bytes.length;
    if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
        cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
        cachedTextDecoder.decode();
        numBytesDecoded = bytes.length;
    }
    return cachedTextDecoder.decode(bytes);
}

let WASM_VECTOR_LEN = 0;

let wasmModule, wasmInstance, wasm;
function __wbg_finalize_init(instance, module) {
    wasmInstance = instance;
    wasm = instance.exports;
    wasmModule = module;
    cachedUint32ArrayMemory0 = null;
    cachedUint8ArrayMemory0 = null;
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
