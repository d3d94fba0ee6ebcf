#!/usr/bin/env python3
"""Writes reference data for losses with weights, focal losses, quantiles, variances, distances and overlaps.

    python generate-losses.py --out DIR

Writes losses-more.json. Needs only torch and numpy; takes a second. Inputs are float32 values; all else is float64. Where
PyTorch has the loss it is PyTorch's, else its formula. Each case has the loss of every row (or the mean), the gradient of
the mean by the prediction, and the gradient of sum(v * that gradient), which is a second derivative.
"""

import argparse
import json
import math
import os

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
SEED = 20


def as_f32(x):
    return torch.as_tensor(np.asarray(x, dtype=np.float32)).double()


def plain(t):
    return {"shape": list(t.shape), "data": [float("%.9g" % v) for v in t.detach().double().reshape(-1).tolist()]}


def exact(t):
    return {"shape": list(t.shape), "data": [v if t.dtype == torch.int64 else float(np.float32(v)) for v in t.reshape(-1).tolist()]}


def focal_bits(x, t, gamma=2.0, alpha=None):
    """torchvision's sigmoid_focal_loss."""
    p = torch.sigmoid(x)
    ce = F.binary_cross_entropy_with_logits(x, t, reduction="none")
    loss = ce * (1 - (p * t + (1 - p) * (1 - t))) ** gamma
    return loss if alpha is None else (alpha * t + (1 - alpha) * (1 - t)) * loss


def focal_rows(x, t, gamma=2.0, alpha=1.0):
    """The formula of Keras's CategoricalFocalCrossentropy, on logits."""
    logs = F.log_softmax(x, dim=-1)
    return (torch.as_tensor(alpha) * (1 - logs.exp()) ** gamma * t * -logs).sum(-1)


def smooth(t, s):
    return t * (1 - s) + s / t.shape[-1]


def pinball(p, t, q):
    q = torch.as_tensor(q)
    return torch.maximum(q * (t - p), (q - 1) * (t - p)).mean(-1)


def gaussian(p, t, from_log, full):
    n = t.shape[-1]
    mean, second = p[..., :n], p[..., n:]
    return F.gaussian_nll_loss(mean, t, second.exp() if from_log else second, full=full, reduction="none").mean(-1)


def distances(x):
    return torch.sqrt(torch.clamp(((x[:, None] - x[None]) ** 2).sum(-1), min=1e-12))


def hard(x, y, margin):
    d, rows = distances(x), len(y)
    out = []
    for a in range(rows):
        own = [d[a, p] for p in range(rows) if p != a and y[p] == y[a]]
        other = [d[a, n] for n in range(rows) if y[n] != y[a]]
        out.append(F.relu(max(own) - min(other) + margin) if own and other else torch.zeros(()))
    return torch.stack(out)


def semi_hard(x, y, margin):
    d, rows = distances(x), len(y)
    out = []
    for a in range(rows):
        total = torch.zeros(())
        other = [d[a, n] for n in range(rows) if y[n] != y[a]]
        for p in range(rows):
            if p == a or y[p] != y[a] or not other:
                continue
            further = [v for v in other if v > d[a, p]]
            total = total + F.relu(d[a, p] - (min(further) if further else max(other)) + margin)
        out.append(total)
    return torch.stack(out)


def tversky(p, t, alpha, beta):
    p, t = p.flatten(1), t.flatten(1)
    i = (p * t).sum(1)
    return 1 - i / (i + alpha * (p * (1 - t)).sum(1) + beta * (t * (1 - p)).sum(1))


def cases():
    g = np.random.default_rng(SEED)
    normal = lambda *shape, scale=1.0: as_f32(g.normal(size=shape) * scale)
    uniform = lambda low, high, *shape: as_f32(g.uniform(low, high, size=shape))
    out = []

    def add(name, options, pred, target, rows, mean=None):
        """rows(p) gives the loss of each row; mean(p) that of all where it is no plain mean."""
        p = pred.clone().requires_grad_()
        each = rows(p)
        whole = mean(p) if mean else each.mean()
        (grad,) = torch.autograd.grad(whole, p, create_graph=True)
        v = uniform(0.5, 1.5, *pred.shape)
        (second,) = torch.autograd.grad((grad * v).sum(), p) if grad.requires_grad else (torch.zeros_like(pred),)
        out.append({"name": name, "options": options, "prediction": exact(pred), "target": exact(target), "rows": plain(each),
                    "mean": float("%.9g" % whole.item()), "grad": plain(grad), "v": exact(v), "second": plain(second)})

    # Weights of classes and of positives.
    x, y, w = normal(6, 4, scale=2), torch.as_tensor([0, 3, 1, 1, 2, 0]), [1.0, 2.5, 0.0, 4.0]
    for s in (0.0, 0.125):
        options = {"classWeights": w, **({"labelSmoothing": s} if s else {})}
        kw = {"weight": torch.as_tensor(w), "label_smoothing": s}
        add("sparseCategoricalCrossentropy", options, x, y, lambda p: F.cross_entropy(p, y, reduction="none", **kw),
            lambda p: F.cross_entropy(p, y, **kw))
    part = torch.as_tensor([0, -1, 1, 1, -1, 3])
    kw = {"weight": torch.as_tensor(w), "ignore_index": -1}
    add("sparseCategoricalCrossentropy", {"classWeights": w, "ignoreIndex": -1}, x, part,
        lambda p: F.cross_entropy(p, part, reduction="none", **kw), lambda p: F.cross_entropy(p, part, **kw))
    soft = as_f32(F.softmax(normal(6, 4), dim=-1))
    weigh = torch.as_tensor(w)
    rows = lambda p: F.cross_entropy(p, soft, weight=weigh, reduction="none")
    # PyTorch divides by the number of rows where targets are probabilities; here it is by their weights.
    add("categoricalCrossentropy", {"classWeights": w}, x, soft, rows, lambda p: rows(p).sum() / (soft * weigh).sum())
    bits = as_f32((normal(5, 3) > 0.3).double().numpy())
    z = normal(5, 3, scale=3)
    for pos in (3.0, [0.5, 2.0, 5.0]):
        bce = lambda p: F.binary_cross_entropy_with_logits(p, bits, pos_weight=torch.as_tensor(pos), reduction="none").mean(-1)
        add("binaryCrossentropy", {"posWeight": pos}, z, bits, bce)

    # Focal losses.
    for options in ({}, {"gamma": 0.5, "alpha": 0.25}, {"gamma": 3}, {"labelSmoothing": 0.125}):
        s = options.get("labelSmoothing", 0)
        t = bits * (1 - s) + s / 2
        add("binaryFocalCrossentropy", options, z, bits,
            lambda p: focal_bits(p, t, options.get("gamma", 2.0), options.get("alpha")).mean(-1))
    one = F.one_hot(y, 4).double()
    for options in ({}, {"gamma": 0.5, "alpha": [0.25, 1, 0.5, 2]}, {"labelSmoothing": 0.125, "alpha": 0.25}):
        kw = {"gamma": options.get("gamma", 2.0), "alpha": options.get("alpha", 1.0)}
        t = smooth(one, options.get("labelSmoothing", 0))
        add("categoricalFocalCrossentropy", options, x, one, lambda p: focal_rows(p, t, **kw))
        add("sparseCategoricalFocalCrossentropy", options, x, y, lambda p: focal_rows(p, t, **kw))

    # Amounts.
    p, t = normal(5, 3, scale=3), normal(5, 3, scale=3)
    add("meanAbsolutePercentageError", {}, p, t, lambda p: (100 * (t - p).abs() / t.abs()).mean(-1))
    lp, lt = uniform(0, 9, 5, 3), uniform(0, 9, 5, 3)
    add("meanSquaredLogarithmicError", {}, lp, lt, lambda p: ((torch.log1p(p) - torch.log1p(lt)) ** 2).mean(-1))
    for q in (0.9, [0.125, 0.5, 0.75]):
        add("pinball", {"quantile": q}, p, t, lambda p: pinball(p, t, q))
    wide = torch.cat([normal(5, 2, scale=2), uniform(0.2, 3, 5, 2)], 1)
    gt = normal(5, 2, scale=2)
    add("gaussianNegativeLogLikelihood", {}, wide, gt, lambda p: gaussian(p, gt, True, False))
    add("gaussianNegativeLogLikelihood", {"fromLog": False, "full": True}, wide, gt, lambda p: gaussian(p, gt, False, True))

    # Distances.
    d, alike = uniform(0, 2, 6, 1), as_f32([[1], [0], [1], [0], [0], [1]])
    add("contrastive", {"margin": 1.25}, d, alike, lambda p: (alike * p**2 + (1 - alike) * F.relu(1.25 - p) ** 2).mean(-1))
    e, of = normal(9, 3), torch.as_tensor([0, 1, 2, 0, 1, 0, 2, 2, 5])
    pairs = sum(int(of[a] == of[b]) for a in range(9) for b in range(9) if a != b)
    add("triplet", {"margin": 0.5}, e, of, lambda p: semi_hard(p, of, 0.5), lambda p: semi_hard(p, of, 0.5).sum() / pairs)
    add("triplet", {"margin": 0.5, "mining": "hard"}, e, of, lambda p: hard(p, of, 0.5), lambda p: hard(p, of, 0.5).sum() / 8)

    # Overlaps.
    prob, truth = uniform(0.05, 0.95, 4, 3, 2), as_f32((normal(4, 3, 2) > 0).double().numpy())
    add("tversky", {"alpha": 0.25, "beta": 0.75}, prob, truth, lambda p: tversky(p, truth, 0.25, 0.75))
    add("dice", {}, prob, truth, lambda p: tversky(p, truth, 0.5, 0.5))
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    out = parser.parse_args().out
    notes = ["rows: the loss of each row; mean: what a model trains; grad: of mean by prediction; second: of sum(v * grad)."]
    lines = ",\n".join(json.dumps(case) for case in cases())
    head = json.dumps({"source": "PyTorch %s, float64" % torch.__version__.split("+")[0], "notes": notes})[:-1]
    with open(os.path.join(out, "losses-more.json"), "w") as file:
        file.write('%s, "cases": [\n%s\n]}\n' % (head, lines))


main()
