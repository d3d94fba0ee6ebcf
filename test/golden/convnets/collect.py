"""Collects the convolutional nets of the folders that make-keras.py, make-pytorch.py and make-tfjs.mjs have made
into ../convnets.json: weights before and after three steps, inputs, outputs.

    pip install h5py;  python collect.py FOLDER
"""
import io, json, os, struct, sys, zipfile
import h5py

root = sys.argv[1]
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "convnets.json")
dump = lambda shape, data: {"shape": list(shape), "data": [float(f"{float(v):.9g}") for v in data]}
cases = []

def add(name, weights, expected, outputs, after):
    training = expected["training"]
    cases.append({"name": name, "weights": weights, "x": expected["inputs"][0], "y": expected[outputs][0],
                  "training": None if "none" in training else {
                      "targets": training["targets"][0], "losses": training["losses"],
                      "weights": after(training), "y": training[outputs][0]}})

def floats(data):
    return struct.unpack("<%df" % (len(data) // 4), data)

for name in ["conv1d", "conv2d", "depthwise-separable"]:
    expected = json.load(open(f"{root}/keras/{name}.json"))
    saved = h5py.File(io.BytesIO(zipfile.ZipFile(f"{root}/keras/{name}.keras").read("model.weights.h5")))
    weights, counts = {}, {}
    for w in expected["weights"]:
        layer = w["path"].rsplit("/", 1)[0]
        place = counts[layer] = counts.get(layer, -1) + 1
        values = saved[f"layers/{layer}/vars/{place}"][()]
        assert list(values.shape) == w["shape"], w
        weights[w["path"]] = dump(values.shape, values.ravel())
    add(f"keras/{name}", weights, expected, "predictions", lambda t: {w["path"]: dump(w["shape"], w["data"]) for w in t["weights"]})

for name in ["conv1d", "conv2d", "conv-dilated", "depthwise-separable"]:
    expected = json.load(open(f"{root}/tfjs/{name}/expected.json"))
    model = json.load(open(f"{root}/tfjs/{name}/model.json"))
    weights = {}
    for group in model["weightsManifest"]:
        data = b"".join(open(f"{root}/tfjs/{name}/{path}", "rb").read() for path in group["paths"])
        for w in group["weights"]:
            count = 1
            for size in w["shape"]:
                count *= size
            weights[w["name"]] = dump(w["shape"], floats(data[: 4 * count]))
            data = data[4 * count :]
    add(f"tfjs/{name}", weights, expected, "predictions",
        lambda t: {n: dump(w["shape"], w["data"]) for n, w in zip(expected["weightNames"], t["weights"])})

for name in ["conv1d", "conv2d", "depthwise"]:
    expected = json.load(open(f"{root}/pytorch/{name}.json"))
    data = open(f"{root}/pytorch/{name}.safetensors", "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header, body = json.loads(data[8 : 8 + size]), data[8 + size :]
    weights = {n: dump(w["shape"], floats(body[slice(*w["data_offsets"])])) for n, w in header.items() if n != "__metadata__" and w["dtype"] == "F32"}
    add(f"pytorch/{name}", weights, expected, "outputs",
        lambda t: {n: w for n, w in t["state_dict"].items() if not n.endswith("num_batches_tracked")})

with open(out, "w") as file:
    file.write('{ "cases": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n] }\n")
