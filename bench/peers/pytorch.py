"""Answers lines of JSON with lines of JSON: sessions of the benchmarks, in PyTorch, on one thread."""

import base64
import json
import sys
import time

import numpy
import torch
from torch.nn import functional as F

torch.set_num_threads(1)
torch.manual_seed(0)

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": F.relu,
    "relu6": F.relu6,
    "leakyRelu": lambda x: F.leaky_relu(x, 0.01),
    "elu": F.elu,
    "selu": F.selu,
    "celu": F.celu,
    "gelu": F.gelu,
    "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
    "sigmoid": torch.sigmoid,
    "hardSigmoid": F.hardsigmoid,
    "tanh": torch.tanh,
    "hardTanh": F.hardtanh,
    "silu": F.silu,
    "hardSilu": F.hardswish,
    "mish": F.mish,
    "softplus": F.softplus,
    "softsign": F.softsign,
    "softShrink": F.softshrink,
    "hardShrink": F.hardshrink,
    "tanhShrink": F.tanhshrink,
    "logSigmoid": F.logsigmoid,
    "exponential": torch.exp,
}


def array(spec, name, *shape, dtype=numpy.float32):
    values = numpy.frombuffer(base64.b64decode(spec[name]["base64"]), dtype=dtype).copy()
    return torch.from_numpy(values.reshape(shape))


def layers(spec):
    units = spec["units"]
    out = []
    for i, text in enumerate(spec["weights"]):
        shape = (units[i // 2], units[i // 2 + 1]) if i % 2 == 0 else (units[i // 2 + 1],)
        out.append(array({"w": text}, "w", *shape))
    return out


def forward(weights, x):
    for i in range(0, len(weights), 2):
        x = torch.addmm(weights[i + 1], x, weights[i])
        if i + 2 < len(weights):
            x = torch.relu(x)
    return x


def train(spec):
    weights = [w.requires_grad_() for w in layers(spec)]
    x = array(spec, "x", spec["batchSize"], spec["units"][0])
    labels = array(spec, "labels", spec["batchSize"], dtype=numpy.int32).long()
    rate = spec["learningRate"]
    make = torch.optim.Adam if spec["optimizer"] == "adam" else torch.optim.SGD
    optimizer = make(weights, lr=rate, fused=True)

    def run():
        optimizer.zero_grad()
        loss = F.cross_entropy(forward(weights, x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return run, None


def predict(spec):
    weights = layers(spec)
    x = array(spec, "x", spec["batchSize"], spec["units"][0])

    def values():
        with torch.inference_mode():
            return [forward(weights, x)]

    return values, values


class Net:
    """A net of windows, with channels first; its weights are turned once."""

    def __init__(self, spec):
        self.weights = []
        self.layers = []
        texts = [array(w, "data", *w["shape"]) for w in spec["weights"]]
        sizes, channels = spec["inputShape"][:-1], spec["inputShape"][-1]
        for layer in spec["layers"]:
            kernel, bias = None, None
            if layer["kind"] in ("conv", "depthwise", "dense"):
                kernel, bias = texts.pop(0), texts.pop(0)
            f, kernel, sizes, channels = self.layer(layer, kernel, sizes, channels)
            self.layers.append((f, len(self.weights) if kernel is not None else None))
            if kernel is not None:
                self.weights += [kernel.contiguous(), bias]
        x = array(spec, "x", spec["batchSize"], *spec["inputShape"])
        self.x = x.movedim(-1, 1).contiguous()

    def layer(self, layer, kernel, sizes, channels):
        """What it does with x, kernel and bias; its kernel; what comes out of it."""
        kind, rank = layer["kind"], len(sizes)
        convolve = F.conv1d if rank == 1 else F.conv2d
        if kind == "conv":
            pad = layer["kernelSize"] // 2 if layer["padding"] == "same" else 0
            kernel = kernel.permute(rank + 1, rank, *range(rank))
            out = [n - layer["kernelSize"] + 1 + 2 * pad for n in sizes]
            return (lambda x, k, b: convolve(x, k, b, padding=pad)), kernel, out, layer["filters"]
        if kind == "depthwise":
            stride = layer["strides"]
            kernel = kernel.permute(rank, rank + 1, *range(rank))
            groups = channels
            if stride == 1:
                f = lambda x, k, b: convolve(x, k, b, padding=1, groups=groups)
            else:  # the zeros of "same" are behind
                f = lambda x, k, b: convolve(
                    F.pad(x, (0, 1) * rank), k, b, stride=stride, groups=groups
                )
            return f, kernel, [-(-n // stride) for n in sizes], channels
        if kind == "maxPool":
            pool = F.max_pool1d if rank == 1 else F.max_pool2d
            return (lambda x, k, b: pool(x, 2)), None, [n // 2 for n in sizes], channels
        if kind == "globalMean":
            axes = tuple(range(2, rank + 2))
            return (lambda x, k, b: x.mean(axes)), None, [], channels
        if rank > 0:
            kernel = kernel.view(*sizes, channels, -1).movedim(rank, 0).flatten(0, rank)
        f = lambda x, k, b: torch.addmm(b, x.flatten(1), k)
        return f, kernel, [], layer["units"]

    def forward(self):
        x = self.x
        for i, (f, at) in enumerate(self.layers):
            kernel, bias = self.weights[at : at + 2] if at is not None else (None, None)
            x = f(x, kernel, bias)
            if kernel is not None and i + 1 < len(self.layers):
                x = torch.relu(x)
        return x


def predictNet(spec):
    net = Net(spec)

    def values():
        with torch.inference_mode():
            return [net.forward()]

    return values, values


def trainNet(spec):
    net = Net(spec)
    weights = [w.requires_grad_() for w in net.weights]
    labels = array(spec, "labels", spec["batchSize"], dtype=numpy.int32).long()
    optimizer = torch.optim.Adam(weights, lr=spec["learningRate"], fused=True)

    def run():
        optimizer.zero_grad()
        loss = F.cross_entropy(net.forward(), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return run, None


def matmul(spec):
    m, n, k = spec["m"], spec["n"], spec["k"]
    a = array(spec, "a", *((k, m) if spec["transA"] else (m, k)))
    b = array(spec, "b", *((n, k) if spec["transB"] else (k, n)))
    a = a.T if spec["transA"] else a
    b = b.T if spec["transB"] else b

    def values():
        with torch.inference_mode():
            return [a @ b]

    return values, values


def activation(spec):
    f = ACTIVATIONS.get(spec["activation"])
    if f is None:
        return None
    shape = (spec["rows"], spec["columns"])
    x, dy = array(spec, "x", *shape), array(spec, "dy", *shape)

    def values():
        if spec["direction"] == "forward":
            with torch.inference_mode():
                return [f(x)]
        return torch.autograd.grad(f(x.requires_grad_()), [x], dy)

    return values, values


def dense(spec):
    f = ACTIVATIONS.get(spec["activation"])
    if f is None:
        return None
    inputs, units, batch = spec["inputs"], spec["units"], spec["batchSize"]
    x = array(spec, "x", batch, inputs).requires_grad_()
    kernel = array(spec, "kernel", inputs, units).requires_grad_()
    bias = array(spec, "bias", units).requires_grad_()
    dy = array(spec, "dy", batch, units)

    def values():
        y = f(torch.addmm(bias, x, kernel))
        return [y.detach(), *torch.autograd.grad(y, [x, kernel, bias], dy)]

    return values, values


AXES = {"all": (0, 1), "rows": (1,), "columns": (0,)}


def reduce(spec):
    x = array(spec, "x", spec["rows"], spec["columns"])
    formula, axes = spec["formula"], AXES[spec["over"]]

    def values():
        with torch.inference_mode():
            if formula == "sum":
                return [x.sum(axes)]
            if formula == "mean":
                return [x.mean(axes)]
            return [(x - x.mean(axes, keepdim=True)).square().mean(axes)]

    return values, values


def reduceNumpy(spec):
    x = array(spec, "x", spec["rows"], spec["columns"]).numpy()
    formula, axes = spec["formula"], AXES[spec["over"]]

    def results():
        if formula == "sum":
            return x.sum(axes)
        if formula == "mean":
            return x.mean(axes)
        return numpy.square(x - x.mean(axes, keepdims=True)).mean(axes)

    return results, lambda: [torch.as_tensor(results())]


KINDS = {f.__name__: f for f in (train, predict, trainNet, predictNet, matmul, activation, dense, reduce, reduceNumpy)}
sessions = {}


def answer(question):
    action, number = question["action"], question.get("id")
    if action == "load":
        return {"version": torch.__version__, "kinds": list(KINDS)}
    if action == "numpyVersion":
        return numpy.__version__
    if action == "open":
        session = KINDS[question["kind"]](question["spec"])
        if session is not None:
            sessions[number] = session
        return session is not None
    if action == "close":
        sessions.pop(number, None)
        return None
    run, values = sessions[number]
    if action == "run":
        return run()
    if action == "values":
        parts = [part.detach().contiguous().numpy().ravel() for part in values()]
        text = base64.b64encode(numpy.concatenate(parts).tobytes()).decode()
        return {"kind": "Float32Array", "base64": text}
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(question["calls"]):
        run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"wallMs": 1000 * wall, "cpuMs": 1000 * cpu}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
