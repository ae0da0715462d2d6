"""Makes dcn.*.json but dcn.a, which is of the official code: DCNv2 written from its formula, in float64.

Run: PYTHONPATH=packages/core-tensor/goldens python3 packages/aecr/goldens/make_dcn.py CASE N IN OUT H W GAIN > dcn.CASE.json
"""
import json
import sys

import torch
from torch.nn.functional import conv2d

from filling import picture, summary, weight


def at(x, rows, columns):
    """Pixels of x [N, C, H, W] at whole places [N, H, W]; 0 outside."""
    n, _, height, width = x.shape
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    batch = torch.arange(n)[:, None, None]
    found = x[batch, :, rows.clamp(0, height - 1), columns.clamp(0, width - 1)]
    return (found * inside[..., None]).permute(0, 3, 1, 2)


def sample(x, y, across):
    """x [N, C, H, W] between pixels, at places [N, H, W]."""
    top, left = y.detach().floor(), across.detach().floor()
    down, right = (y - top)[:, None], (across - left)[:, None]
    top, left = top.long(), left.long()
    upper = at(x, top, left) * (1 - right) + at(x, top, left + 1) * right
    lower = at(x, top + 1, left) * (1 - right) + at(x, top + 1, left + 1) * right
    return upper * (1 - down) + lower * down


def deformable(x, parameters):
    together = conv2d(x, parameters["conv_offset_mask.weight"], parameters["conv_offset_mask.bias"], padding=1)
    _, _, height, width = x.shape
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    output = parameters["bias"][None, :, None, None]
    for tap in range(9):
        i, j = divmod(tap, 3)
        y, across = rows - 1 + i + together[:, 2 * tap], columns - 1 + j + together[:, 2 * tap + 1]
        seen = sample(x, y, across) * torch.sigmoid(together[:, 18 + tap : 19 + tap])
        output = output + torch.einsum("oc,nchw->nohw", parameters["weight"][:, :, i, j], seen)
    return together, output


def golden(case, n, channels, out, height, width, gain):
    shapes = {
        "weight": ([out, channels, 3, 3], 1),
        "bias": ([out], 1),
        "conv_offset_mask.weight": ([27, channels, 3, 3], gain),
        "conv_offset_mask.bias": ([27], 1),
    }
    parameters = {name: weight(f"dcn.{name}", shape, by) for name, (shape, by) in shapes.items()}
    x = picture(f"input:{case}", [n, channels, height, width]).requires_grad_()
    together, output = deformable(x, parameters)
    (output * picture(f"target:{case}", output.shape)).sum().backward()
    tensors = {**parameters, "input": x}
    return {
        "case": case,
        "input": list(x.shape),
        "source": "written from the formula, float64; not the official code",
        "layer": f"DCN({channels}, {out}, 3x3, stride 1, padding 1), deformable groups 1; tensors filled as dcn.NAME; "
        f"dcn.conv_offset_mask.weight with gain {gain:g} so that offsets cross the border",
        "offset_mask": summary(together, 32),
        "output": summary(output, 32),
        "objective": "sum(output * target image), target:CASE in the shape of the output",
        "gradient": {name: summary(tensor.grad, 16) for name, tensor in tensors.items()},
    }


case, *sizes, gain = sys.argv[1:]
print(json.dumps(golden(case, *map(int, sizes), float(gain)), separators=(",", ":")))
