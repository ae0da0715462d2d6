"""Tensors made from their names, and summaries of tensors, as golden/fill.ts and `parity` have them.

Imported by the make_*.py of the papers: PYTHONPATH=packages/core-tensor/goldens python3 packages/aecr/goldens/make_dcn.py
"""
import math

import numpy as np
import torch


def uniforms(name, count):
    """mulberry32 seeded by the FNV-1a hash of a name, in [0, 1)."""
    seed = 2166136261
    for byte in name.encode():
        seed = (seed ^ byte) * 16777619 % 2**32
    with np.errstate(over="ignore"):
        state = (seed + 0x6D2B79F5 * np.arange(1, count + 1, dtype=np.uint64)).astype(np.uint32)
        t = (state ^ state >> 15) * (state | 1)
        t ^= t + (t ^ t >> 7) * (t | 61)
        return (t ^ t >> 14) / 2**32


def picture(seed, shape):
    """Pixels in [0, 1), NCHW, rounded to float32; the seed is "input:CASE" or "target:CASE"."""
    return torch.from_numpy(uniforms(seed, math.prod(shape)).astype(np.float32).reshape(shape)).double()


def weight(name, shape, gain=1.0):
    """A parameter's values, rounded to float32; one-dimensional ones of a single element are left to the caller."""
    u = uniforms(name, math.prod(shape))
    if len(shape) >= 2:
        values = (2 * u - 1) * math.sqrt(3 / math.prod(shape[1:])) * gain
    else:
        values = 1 + 0.1 * (2 * u - 1) if name.endswith(".weight") else 0.05 * (2 * u - 1)
    return torch.from_numpy(values.astype(np.float32).reshape(shape)).double().requires_grad_()


def number(value):
    return float(f"{float(value):.9g}")


def summary(tensor, samples):
    """Shape, moments and samples at flat places ⌊i·n/k⌋."""
    flat = tensor.detach().flatten()
    count = min(samples, len(flat))
    index = [i * len(flat) // count for i in range(count)]
    moments = {"mean": flat.mean(), "std": flat.std(correction=0), "min": flat.min(), "max": flat.max()}
    return {
        "shape": list(tensor.shape),
        **{name: number(value) for name, value in moments.items()},
        "index": index,
        "value": [number(flat[i]) for i in index],
    }
