"""Makes the golden files of MAXIM with the official Flax code, in float64.

Needs jax, flax and einops, and the official repository (google-research/maxim) in the folder that OFFICIAL names:
OFFICIAL=maxim python3 make_goldens.py
"""
import json
import math
import os
import pathlib
import re
import sys

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np
from flax.traverse_util import flatten_dict, unflatten_dict

sys.path.insert(0, os.environ["OFFICIAL"])
from maxim.models import maxim

NETWORKS = {
    "MAXIM-2S": {"variant": "S-2"},
    "MAXIM-3S": {"variant": "S-3"},
    "MAXIM-2S-narrow": {"variant": "S-2", "features": 8},
}
HERE = pathlib.Path(__file__).parent


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


def weight(name, shape):
    u = 2 * uniforms(name, math.prod(shape)) - 1
    if len(shape) >= 2:
        values = u * math.sqrt(3 / math.prod(shape[:-1]))
    else:
        values = 1 + 0.1 * u if name.endswith(".scale") else 0.05 * u
    return jnp.asarray(values.astype(np.float32).astype(np.float64).reshape(shape))


def picture(seed, shape):
    """Pixels in [0, 1) of [N, 3, H, W], as [N, H, W, 3]."""
    values = uniforms(seed, math.prod(shape)).astype(np.float32).astype(np.float64).reshape(shape)
    return jnp.asarray(values.transpose(0, 2, 3, 1))


def number(value):
    return float(f"{float(value):.9g}")


def summary(tensor, samples=24):
    flat = np.asarray(tensor).flatten()
    count = min(samples, flat.size)
    index = [i * flat.size // count for i in range(count)]
    moments = {"mean": flat.mean(), "std": flat.std(), "min": flat.min(), "max": flat.max()}
    return {
        "shape": list(tensor.shape),
        **{name: number(value) for name, value in moments.items()},
        "index": index,
        "value": [number(flat[i]) for i in index],
    }


def planes(tensor):
    return np.asarray(tensor).transpose(0, 3, 1, 2)


def opened(name):
    model = maxim.Model(dropout_rate=0.0, num_outputs=3, use_bias=True, num_supervision_scales=3, **NETWORKS[name])
    shapes = flatten_dict(jax.eval_shape(lambda: model.init(jax.random.PRNGKey(0), jnp.zeros((1, 64, 64, 3))))["params"])
    names = {path: ".".join(path) for path in shapes}
    params = unflatten_dict({path: weight(names[path], leaf.shape) for path, leaf in shapes.items()})
    return model, params


def write(name, network, case, golden):
    text = json.dumps({"case": case, "network": network, **golden}, separators=(",", ":"))
    (HERE / f"{name}.json").write_text(text + "\n")


# Outputs of modules that resize features or are read by 1x1 convolutions are not computed here, and some have parts.
PARTS = {"encoder_block": ["down", "bridge"], "cross_gating_block": ["x", "y"], "input_fuse_sam": ["x", "y"]}


def traced(tree, path=()):
    """Outputs of all modules by path, that our network has as well."""
    found = {}
    for name, value in tree.items():
        if name == "__call__":
            outputs = value[0]
            last = path[-1] if path else ""
            kind = next((kind for kind in PARTS if kind in last), None)
            if "supervised_attention" in last:
                features, restored = outputs
                found[".".join(path) + ".features"] = features
                found[".".join(path) + ".restored"] = planes(restored)
            elif kind and isinstance(outputs, tuple):
                for part, output in zip(PARTS[kind], outputs):
                    found[".".join((*path, part))] = output
            elif path:
                found[".".join(path)] = outputs
        else:
            found |= traced(value, (*path, name))
    return found


COMPARED = re.compile(
    r"(down|bridge|x|y|features|restored|SplitHeadMultiAxisGmlpLayer_\d|channel_attention_block_1.*"
    r"|stage_\d_(global_block|decoder_block|input_conv|output_conv)_\d)"
)


def is_compared(path):
    """Blocks as wholes: inside of them, features are rows, or ordered by token."""
    return COMPARED.fullmatch(path.split(".")[-1]) is not None


def evaluation(network, case, shape, file):
    model, params = opened(network)
    outputs = jax.jit(lambda x: model.apply({"params": params}, x)[-1][-1])(picture(f"input:{case}", shape))
    write(file, network, case, {"input": shape, "mode": "eval", "output": summary(planes(outputs))})


def state(network, file):
    """Names and shapes, as the tree that Flax has."""
    _, params = opened(network)
    tree = jax.tree.map(lambda leaf: list(leaf.shape), params)
    (HERE / f"{file}.json").write_text(json.dumps({"network": network, "tree": tree}, separators=(",", ":")) + "\n")


def trace(network, case, shape, file):
    model, params = opened(network)
    run = jax.jit(lambda x: model.apply({"params": params}, x, capture_intermediates=True, mutable=["intermediates"])[1])
    found = traced(run(picture(f"input:{case}", shape))["intermediates"])
    kept = {path: summary(value, 8) for path, value in found.items() if is_compared(path)}
    write(file, network, case, {"input": shape, "mode": "eval", "trace": kept})


def char_freq(restored, target):
    """The paper's loss of one picture (eq. 5 and 6): Charbonnier, and 0.1 of the L1 norm of the difference of spectra."""
    difference = restored - target
    charbonnier = jnp.mean(jnp.sqrt(difference**2 + 1e-3**2))
    spectrum = jnp.fft.fft2(difference, axes=(1, 2))
    frequency = jnp.mean(jnp.abs(jnp.stack([spectrum.real, spectrum.imag])))
    return charbonnier, frequency


def training(network, case, shape, file):
    model, params = opened(network)
    x, target = picture(f"input:{case}", shape), picture(f"target:{case}", shape)
    n, h, w, c = x.shape

    def loss(params):
        stages = model.apply({"params": params}, x)
        terms = [
            char_freq(restored, jax.image.resize(target, (n, h // 2**i, w // 2**i, c), "bilinear"))
            for pictures in stages
            for i, restored in zip((2, 1, 0), pictures)
        ]
        charbonnier, frequency = (sum(term) for term in zip(*terms))
        return charbonnier + 0.1 * frequency, (charbonnier, frequency, stages[-1][-1])

    (total, (charbonnier, frequency, output)), gradient = jax.jit(jax.value_and_grad(loss, has_aux=True))(params)
    norms = {".".join(path): number(jnp.linalg.norm(leaf)) for path, leaf in flatten_dict(gradient).items()}
    write(file, network, case, {
        "input": shape,
        "mode": "train",
        "output": summary(planes(output)),
        "loss": {"total": number(total), "charbonnier": number(charbonnier), "frequency": number(frequency)},
        "gradient": norms,
    })


if __name__ == "__main__":
    state("MAXIM-3S", "state")
    evaluation("MAXIM-2S-narrow", "a", [2, 3, 64, 128], "narrow.eval.a")
    trace("MAXIM-2S-narrow", "a", [1, 3, 64, 64], "narrow.trace.a")
    evaluation("MAXIM-2S", "a", [1, 3, 64, 128], "2s.eval.a")
    evaluation("MAXIM-2S", "b", [1, 3, 192, 128], "2s.eval.b")
    trace("MAXIM-2S", "a", [1, 3, 64, 64], "2s.trace.a")
    training("MAXIM-2S", "train-a", [1, 3, 64, 64], "2s.train.a")
    evaluation("MAXIM-3S", "a", [1, 3, 64, 128], "3s.eval.a")
    trace("MAXIM-3S", "a", [1, 3, 64, 64], "3s.trace.a")
