"""Makes losses.b.json: loss terms and gradients of further pairs, written from their formulas, in float64.

Run: PYTHONPATH=packages/core-tensor/goldens python3 packages/durn/goldens/make_losses.py > losses.b.json
"""
import json

import torch
from torch.nn.functional import conv2d

from filling import number, picture, summary

C1, C2 = 0.01**2, 0.03**2


def window():
    """11×11, rounded to float32."""
    line = torch.exp(-((torch.arange(11.0) - 5) ** 2) / (2 * 1.5**2))
    line = line / line.sum()
    return torch.outer(line, line).double()


def ssim(a, b):
    channels = a.shape[1]
    kernel = window().expand(channels, 1, 11, 11)

    def blurred(x):
        return conv2d(x, kernel, padding=5, groups=channels)

    m, n = blurred(a), blurred(b)
    above = (2 * m * n + C1) * (2 * (blurred(a * b) - m * n) + C2)
    return (above / ((m**2 + n**2 + C1) * (blurred(a * a) - m**2 + blurred(b * b) - n**2 + C2))).mean()


def pair(name, shape, made, a, b):
    a = a.float().double().requires_grad_()
    similar, l1, mse = ssim(a, b), (a - b).abs().mean(), ((a - b) ** 2).mean()
    total = 0.75 * l1 - 1.1 * similar
    total.backward()
    values = {"ssim_float64": similar, "l1": l1, "mse": mse, "total": total}
    return {
        "name": name,
        "shape": shape,
        "made": made,
        **{key: number(value.detach()) for key, value in values.items()},
        "total_gradient": summary(a.grad, 16),
    }


def near(name, shape, share):
    a, b = picture(f"input:{name}", shape), picture(f"target:{name}", shape)
    return pair(name, shape, f"b = target:CASE; a = b + {share}*(input:CASE - 0.5), float32", b + share * (a - 0.5), b)


def even(name, shape, a, b):
    full = [torch.full(shape, value, dtype=torch.double) for value in (a, b)]
    return pair(name, shape, f"a = {a}, b = {b} everywhere", *full)


pairs = [near("near-b", [2, 1, 13, 21], 0.4), even("even-b", [1, 3, 17, 12], 0.5, 0.75)]
print(json.dumps({"source": "written from the formulas, float64; not the official code", "pairs": pairs}, separators=(",", ":")))
