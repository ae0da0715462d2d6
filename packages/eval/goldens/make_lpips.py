"""Makes lpips.json: LPIPS of this folder's picture pairs by torchvision's VGG16 and AlexNet, in float64.

The weights are made by formula (u: mulberry32 seeded by FNV-1a of the tensor's name, as core-tensor's golden/fill.ts has
it): weights (2u - 1)·sqrt(3 / fan in)·sqrt(2), biases 0.05·(2u - 1), linear weights their absolute value.
Run: python3 make_lpips.py
"""
import json

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from skimage import io

LAYERS = {"vgg16": [3, 8, 15, 22, 29], "alexnet": [1, 4, 7, 9, 11]}


def uniforms(name, count):
    seed = 2166136261
    for byte in name.encode():
        seed = (seed ^ byte) * 16777619 % 2**32
    mask = np.uint64(0xFFFFFFFF)
    s = (np.uint64(seed) + np.uint64(0x6D2B79F5) * np.arange(1, count + 1, dtype=np.uint64)) & mask
    t = ((s ^ (s >> np.uint64(15))) * (s | np.uint64(1))) & mask
    t ^= (t + (((t ^ (t >> np.uint64(7))) * (t | np.uint64(61))) & mask)) & mask
    return ((t ^ (t >> np.uint64(14))) & mask) / 2**32


def filled(name, shape):
    u = uniforms(name, int(np.prod(shape)))
    values = (2 * u - 1) * np.sqrt(3 / np.prod(shape[1:])) * np.sqrt(2) if len(shape) > 1 else 0.05 * (2 * u - 1)
    return torch.tensor(values.astype(np.float32).reshape(shape)).double()


def prepared(path):
    x = torch.tensor(io.imread(path)).double().permute(2, 0, 1)[None] / 127.5 - 1
    shift, scale = (torch.tensor(v).double()[:, None, None] for v in ([-0.03, -0.088, -0.188], [0.458, 0.448, 0.45]))
    return (x - shift) / scale


def features(network, x, places):
    found = []
    for index, layer in enumerate(network.features):
        x = layer(x)
        if index in places:
            found.append(x / (x.pow(2).sum(1, keepdim=True).sqrt() + 1e-10))
    return found


rows = []
for kind, places in LAYERS.items():
    network = getattr(torchvision.models, kind)().double().eval()
    state = network.state_dict()
    network.load_state_dict({k: filled(k, v.shape) if k.startswith("features") else v for k, v in state.items()})
    for name in ("astronaut", "chelsea"):
        with torch.no_grad():
            a, b = (features(network, prepared(f"{name}-{part}.png"), places) for part in ("degraded", "truth"))
            total = 0
            for i, (x, y) in enumerate(zip(a, b)):
                weight = filled(f"lin{i}.model.1.weight", (1, x.shape[1], 1, 1)).abs()
                total += F.conv2d((x - y) ** 2, weight).mean().item()
        rows.append({"network": kind, "name": name, "lpips": total})
json.dump({"tools": f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}", "values": rows},
          open("lpips.json", "w"), indent=1)
