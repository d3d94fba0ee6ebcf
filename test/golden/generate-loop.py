#!/usr/bin/env python3
"""Writes reference data for what goes around an optimizer's step: learning rates by the step.

    python generate-loop.py --out DIR

Writes schedules.json. Needs only torch; takes a second. All numbers are float64, printed so that they
read back unchanged. As in generate.py, one case per line.
"""

import argparse
import json
import os

import torch
from torch.optim import lr_scheduler as L

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


def write(path, notes, cases):
    lines = ",\n".join(json.dumps(case) for case in cases)
    head = json.dumps({"source": f"PyTorch {torch.__version__.split('+')[0]}, float64", "notes": notes})[:-1]
    with open(path, "w") as file:
        file.write(f'{head}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__)))
    out = parser.parse_args().out
    write(os.path.join(out, "schedules.json"), *schedules())
