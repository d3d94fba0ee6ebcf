#!/usr/bin/env python3
"""Writes reference data for what goes around an optimizer's step: learning rates by the step, and what changes gradients
and weights.

    python generate-loop.py --out DIR

Writes schedules.json and transforms.json. Needs only torch; takes a second. All numbers are float64, printed so that they
read back unchanged. As in generate.py, one case per line.
"""

import argparse
import json
import os

import torch
from torch.optim import lr_scheduler as L
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

torch.set_default_dtype(torch.float64)
STEPS = 130


def rates(lr, make):
    """The rate of each step, the first before any."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = make(optimizer)
    seen = []
    for _ in range(STEPS):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return seen


def warmed(optimizer):
    up = L.LinearLR(optimizer, start_factor=0.1, total_iters=20)
    down = L.CosineAnnealingLR(optimizer, T_max=120)
    return L.SequentialLR(optimizer, [up, down], milestones=[20])


def schedules():
    cycle = {"max_lr": 0.3, "total_steps": STEPS}
    table = [
        ("StepLR", {"step_size": 30, "gamma": 0.3}, 0.1),
        ("MultiStepLR", {"milestones": [20, 75], "gamma": 0.1}, 0.1),
        ("ExponentialLR", {"gamma": 0.97}, 0.1),
        ("PolynomialLR", {"total_iters": 100, "power": 2.0}, 0.1),
        ("CosineAnnealingLR", {"T_max": 129, "eta_min": 0.005}, 0.1),
        ("CosineAnnealingWarmRestarts", {"T_0": 10, "T_mult": 2}, 0.1),
        ("OneCycleLR", cycle, 0.1),
        ("OneCycleLR", {**cycle, "anneal_strategy": "linear", "pct_start": 0.4, "div_factor": 10}, 0.1),
        ("OneCycleLR", {**cycle, "three_phase": True, "final_div_factor": 100}, 0.1),
    ]
    cases = [
        {"name": name, "lr": lr, "options": options, "rates": rates(lr, lambda o: getattr(L, name)(o, **options))}
        for name, options, lr in table
    ]
    sequence = {"name": "SequentialLR", "lr": 0.2, "options": {"start_factor": 0.1, "total_iters": 20, "T_max": 120}}
    cases.append({**sequence, "rates": rates(0.2, warmed)})
    notes = ["`rates` of a case holds the rate of each step from the first. SequentialLR is LinearLR, then CosineAnnealingLR."]
    return notes, cases


def transforms():
    """Two parameters with given gradients, whatever they are; both after each step."""
    generator = torch.Generator().manual_seed(1)
    shapes = {"kernel": 5, "bias": 3}
    f32 = lambda t: t.float().double()
    initial = {name: f32(torch.randn(n, generator=generator)) for name, n in shapes.items()}
    sizes = torch.tensor([0.1, 3.0, 0.5, 1.0])
    gradients = [
        {name: f32(torch.randn(n, generator=generator) * sizes[t % 4]) for name, n in shapes.items()} for t in range(24)
    ]

    def run(name, make, every=1, clip=None, average=None):
        parameters = torch.nn.ParameterDict({name: torch.nn.Parameter(value.clone()) for name, value in initial.items()})
        optimizer = make(parameters)
        averaged = None
        if average is not None:
            averaged = AveragedModel(parameters, multi_avg_fn=get_ema_multi_avg_fn(average))
            averaged.update_parameters(parameters)  # the first one copies
        seen = {name: [] for name in shapes}
        for t, row in enumerate(gradients):
            for name, value in row.items():
                before = parameters[name].grad
                parameters[name].grad = value / every + (0 if before is None else before)
            if (t + 1) % every == 0:
                if clip is not None:
                    torch.nn.utils.clip_grad_norm_(parameters.values(), clip)
                optimizer.step()
                optimizer.zero_grad()
                if averaged is not None:
                    averaged.update_parameters(parameters)
            for name in shapes:
                shown = parameters[name] if averaged is None else averaged.module[name]
                seen[name].append(shown.detach().tolist())
        return seen

    O = torch.optim
    groups = lambda p: O.AdamW([
        {"params": [p["kernel"]], "weight_decay": 0.3}, {"params": [p["bias"]], "weight_decay": 0.0, "lr": 0.01},
    ], lr=0.05)
    table = {
        "decay and rates by parameter": dict(make=groups),
        "clip by global norm, momentum": dict(make=lambda p: O.SGD(p.values(), lr=0.1, momentum=0.9), clip=1.0),
        "accumulation of 3, adam": dict(make=lambda p: O.Adam(p.values(), lr=0.05), every=3),
        "accumulation of 2, clip, adamw": dict(make=lambda p: O.AdamW(p.values(), lr=0.05, weight_decay=0.1), every=2, clip=0.5),
        "average of 0.9, rmsprop": dict(make=lambda p: O.RMSprop(p.values(), lr=0.05), average=0.9),
    }
    cases = [{"name": name, "params": run(name, **options)} for name, options in table.items()]
    table = f32(torch.randn(6, 3, generator=generator))
    embedding = torch.nn.Parameter(table.clone())
    optimizer = O.SparseAdam([embedding], lr=0.05)
    lazy = {"initial": table.tolist(), "rows": [], "gradients": [], "params": []}
    for t in range(12):
        rows = [t % 6, (t * t + 1) % 5]
        rows = rows if rows[0] != rows[1] else rows[:1]
        values = f32(torch.randn(len(rows), 3, generator=generator))
        embedding.grad = torch.sparse_coo_tensor([rows], values, (6, 3), check_invariants=True)
        optimizer.step()
        lazy["rows"].append(rows)
        lazy["gradients"].append(values.tolist())
        lazy["params"].append(embedding.detach().flatten().tolist())
    lists = lambda row: {name: value.tolist() for name, value in row.items()}
    given = {"initial": lists(initial), "gradients": [lists(row) for row in gradients], "lazy": lazy}
    notes = ["Start from `initial`, take `gradients` in order. `params` of a case: each parameter after each step; of the average, its average. `lazy`: SparseAdam of a table, with gradients of some rows in each step."]
    return notes, cases, given


def write(path, notes, cases, given={}):
    lines = ",\n".join(json.dumps(case) for case in cases)
    head = json.dumps({"source": f"PyTorch {torch.__version__.split('+')[0]}, float64", "notes": notes, **given})[:-1]
    with open(path, "w") as file:
        file.write(f'{head}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__)))
    out = parser.parse_args().out
    write(os.path.join(out, "schedules.json"), *schedules())
    write(os.path.join(out, "transforms.json"), *transforms())
