/** Files that people give to `loadModel` or `readSafetensors` by mistake, by what they begin with. */
const KINDS: readonly { readonly name: string; readonly begin: readonly number[] }[] = [
  { name: "an HDF5 file, as Keras writes .h5", begin: [0x89, 0x48, 0x44, 0x46] },
  { name: "a ZIP file, as Keras writes .keras and PyTorch .pt", begin: [0x50, 0x4b, 0x03, 0x04] },
  { name: "a NumPy file", begin: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] },
  { name: "a gzip file", begin: [0x1f, 0x8b] },
  { name: "a GGUF file, as llama.cpp reads", begin: [0x47, 0x47, 0x55, 0x46] },
  { name: "a PNG picture", begin: [0x89, 0x50, 0x4e, 0x47] },
  { name: "a JPEG picture", begin: [0xff, 0xd8, 0xff] },
  { name: "a PDF file", begin: [0x25, 0x50, 0x44, 0x46] },
  // Protocol 2 to 5 of pickle. Each by itself: what is spread would stay in every bundle.
  { name: "a Python pickle", begin: [0x80, 2] },
  { name: "a Python pickle", begin: [0x80, 3] },
  { name: "a Python pickle", begin: [0x80, 4] },
  { name: "a Python pickle", begin: [0x80, 5] },
];

/** What JSON begins with; a byte order mark may stand before it. */
const JSON_BEGIN = /^\uFEFF?\s*[{[]/;

/** ONNX is a message of protocol buffers: its first field is a small number, its second a short text or the graph. */
const isOnnx = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x08 && bytes[1]! > 0 && bytes[1]! < 0x20 && [0x12, 0x1a, 0x3a].includes(bytes[2]!);

/** What to do with weights of another program. */
export const OTHER_WEIGHTS =
  "of a model of another program write the weights as safetensors (in Python: safetensors.numpy.save_file), read them with readSafetensors(), " +
  "build the model in code and give them to setWeights()";

/** The name of another program's file, where its first bytes tell; undefined for what may be safetensors. */
export function foreignKind(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0 || hasHeader(bytes)) return undefined; // nothing, or a detached buffer
  const known = KINDS.find(({ begin }) => begin.every((byte, i) => bytes[i] === byte));
  if (known !== undefined) return known.name;
  if (isOnnx(bytes)) return "an ONNX file";
  const text = new TextDecoder().decode(bytes.subarray(0, 4096));
  if (!JSON_BEGIN.test(text)) return undefined;
  return text.includes('"modelTopology"') ? "a model of TensorFlow.js (model.json)" : "JSON";
}

/** The length of a safetensors header, which may be any two bytes, is below 2^32; "{" follows it. */
const hasHeader = (bytes: Uint8Array): boolean =>
  bytes[8] === 0x7b && bytes.subarray(4, 8).every((byte) => byte === 0);
