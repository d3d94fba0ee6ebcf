"""Makes pytorch.json: nets of PyTorch with their state_dict, outputs and the effect of three steps of SGD at 0.05 on the mean
squared error over the whole batch.

    pip install torch==2.15.0;  python generate-pytorch.py > pytorch.json
"""
import json

import torch
from torch import nn

torch.set_num_threads(1)


def numbers(values):
    return [float(f"{float(v):.9g}") for v in values]


def dump(tensor):
    return {"shape": list(tensor.shape), "data": numbers(tensor.detach().float().flatten())}


def state(model):
    return {name: dump(v) for name, v in model.state_dict().items() if v.dtype == torch.float32}


class TwoInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.p, self.q, self.out = nn.Linear(4, 5), nn.Linear(3, 5), nn.Linear(15, 2)

    def forward(self, a, b):
        p, q = torch.tanh(self.p(a)), torch.relu(self.q(b))
        return self.out(torch.cat([p + q, p * q, torch.maximum(p, q)], -1))


FUNCTIONS = [
    nn.ReLU(), nn.LeakyReLU(0.2), nn.ELU(), nn.SELU(), nn.CELU(), nn.GELU(), nn.GELU(approximate="tanh"), nn.SiLU(), nn.Mish(),
    nn.Softplus(), nn.Softsign(), nn.Tanh(), nn.Sigmoid(), nn.Hardsigmoid(), nn.Hardswish(), nn.ReLU6(), nn.LogSigmoid(),
    nn.PReLU(3),
]


class Activations(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.fs, self.out = nn.Linear(4, 3), nn.ModuleList(FUNCTIONS), nn.Linear(3 * len(FUNCTIONS), 2)

    def forward(self, x):
        h = self.linear(x)
        return self.out(torch.cat([f(h) for f in self.fs], -1))


def batchnorm():
    return nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.0), nn.Linear(8, 3))


def layernorm():
    return nn.Sequential(nn.Linear(5, 6), nn.GELU(), nn.LayerNorm(6), nn.Linear(6, 2))


# Name, seed, what makes the net, shapes of the inputs.
CASES = [
    ("activations", 0, Activations, [(5, 4)]),
    ("mlp-batchnorm", 1, batchnorm, [(7, 6)]),
    ("layernorm", 9, layernorm, [(4, 5)]),
    ("two-inputs", 11, TwoInputs, [(4, 4), (4, 3)]),
]

lines = []
for name, seed, make, shapes in CASES:
    torch.manual_seed(seed)
    model = make().eval()
    for module in model.modules():
        if getattr(module, "running_var", None) is not None:
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 1.5)
    x = [torch.rand(shape) * 2 - 1 for shape in shapes]
    y = model(*x)
    target = torch.rand_like(y)
    made = {"weights": state(model), "inputs": [dump(v) for v in x], "predictions": [dump(y)]}
    model.train()
    optimizer, losses = torch.optim.SGD(model.parameters(), 0.05), []
    for _ in range(3):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(*x), target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    made["training"] = {
        "targets": [dump(target)], "losses": numbers(losses), "weights": state(model),
        "predictions": [dump(model.eval()(*x))],
    }
    lines.append(f"    {json.dumps(name)}: {json.dumps(made, separators=(',', ':'))}")
print('{\n  "source": "PyTorch 2.15.0",\n  "made by": "generate-pytorch.py",\n  "cases": {\n' + ",\n".join(lines) + "\n  }\n}")
