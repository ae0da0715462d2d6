"""Restores one photograph by DuRN-P from a cold start, as `npx unweather restore` does; colour goes channel by channel.

cold_start.py --prepare WEIGHTS.pt        random weights, under the names of the official state_dict
cold_start.py PHOTO OUT.png WEIGHTS.pt
"""
import re
import sys

import numpy
import torch
from PIL import Image

import durn

network = durn.NETWORKS["durn-p"]()
if sys.argv[1] == "--prepare":
    torch.manual_seed(1)
    named = {re.sub(r"^blocks\.(\d+)", lambda m: f"block{int(m[1]) + 1}", k): v for k, v in network.state_dict().items()}
    torch.save(named, sys.argv[2])
else:
    photo, out, weights = sys.argv[1:]
    state = torch.load(weights)
    network.load_state_dict({re.sub(r"^block(\d+)", lambda m: f"blocks.{int(m[1]) - 1}", k): v for k, v in state.items()})
    network.eval()
    picture = torch.from_numpy(numpy.asarray(Image.open(photo).convert("RGB"), dtype=numpy.float32) / 255)
    with torch.no_grad():
        restored = network(picture.permute(2, 0, 1)[:, None])[:, 0].permute(1, 2, 0)
    Image.fromarray((restored.clamp(0, 1) * 255).byte().numpy()).save(out)
