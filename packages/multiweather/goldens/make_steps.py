"""Makes student.steps.b.json: steps of both stages, written from their formulas, in float64; not the official code.

Run: PYTHONPATH=packages/core-tensor/goldens python3 packages/multiweather/goldens/make_steps.py > student.steps.b.json

Patches are not square, and the teachers have different numbers of pictures.
"""
import json

import torch
from torch.nn import functional as F

from filling import number, picture, weight

CASE, SIZE, COUNTS, GAIN, RATE = "steps-b", [48, 32], [1, 2], 0.6, 2e-4
STAGES = ["collation", "collation", "examination"]
SLOPE = 0.25
# One of each kind of layer: enough to see every part move, and a small file.
SHOWN = """conv_input.conv2d.weight conv_input.conv2d.bias dense0.0.relu.weight conv2x.conv2d.weight
conv1.dense_layers.3.conv.weight fusion4.up_convs.3.deconv.weight fusion4.down_convs.0.act.weight dehaze.res17.conv2.conv2d.weight
convd16x.conv2d.weight dense_4.2.conv1.conv2d.bias conv_4.conv_1x1.weight fusion_1.down_convs.3.conv.weight
fusion_1.up_convs.0.deconv.bias conv_output.conv2d.weight conv_output.conv2d.bias""".split()


class Weights(dict):
    """Parameters by their names, made when they are first asked for."""

    def __init__(self, prefix, gain):
        self.prefix, self.gain = prefix, gain

    def of(self, name, *shape):
        if name not in self:
            slope = shape == (1,) and name.endswith((".relu.weight", ".act.weight"))
            full = torch.full([1], SLOPE, dtype=torch.double).requires_grad_()
            self[name] = full if slope else weight(self.prefix + name, shape, self.gain)
        return self[name]

    def conv(self, name, x, out, k, bias=True, **options):
        kernel = self.of(f"{name}.weight", out, x.shape[1], k, k)
        return F.conv2d(x, kernel, self.of(f"{name}.bias", out) if bias else None, **options)

    def transposed(self, name, x, out, k, **options):
        kernel = self.of(f"{name}.weight", x.shape[1], out, k, k)
        return F.conv_transpose2d(x, kernel, self.of(f"{name}.bias", out), stride=2, **options)

    def prelu(self, name, x):
        return F.prelu(x, self.of(f"{name}.weight", 1))


def reflected(w, name, x, out, k, stride=1):
    return w.conv(f"{name}.conv2d", F.pad(x, [k // 2] * 4, "reflect"), out, k, stride=stride)


def residual(w, name, x):
    c = x.shape[1]
    inner = w.prelu(f"{name}.relu", reflected(w, f"{name}.conv1", x, c, 3))
    return x + 0.1 * reflected(w, f"{name}.conv2", inner, c, 3)


def group(w, name, x, count=3, part=""):
    for i in range(count):
        x = residual(w, f"{name}.{part}{i}", x)
    return x


def dense(w, name, x):
    y = x
    for j in range(4):
        y = torch.cat([y, F.relu(w.conv(f"{name}.dense_layers.{j}.conv", y, x.shape[1], 3, False, padding=1))], 1)
    return w.conv(f"{name}.conv_1x1", y, x.shape[1], 1, False) + x


def up(w, name, x, out):
    return w.prelu(f"{name}.act", w.transposed(f"{name}.deconv", x, out, 4, padding=1))


def down(w, name, x, out):
    return w.prelu(f"{name}.act", w.conv(f"{name}.conv", x, out, 4, stride=2, padding=1))


def fused(w, name, u, memory, encoder):
    m, c = len(memory), u.shape[1]
    for i in range(m):
        e = u
        there = range(m - i)
        for j in there:
            e = up(w, f"{name}.up_convs.{j}", e, c >> j + 1) if encoder else down(w, f"{name}.down_convs.{j}", e, c << j + 1)
        e = e - memory[i]
        for j in reversed(there):
            e = down(w, f"{name}.down_convs.{j}", e, c >> j) if encoder else up(w, f"{name}.up_convs.{j}", e, c << j)
        u = u + e
    return u


def restored(w, picture):
    """The picture and its four features."""
    r = reflected(w, "conv_input", picture, 16, 11)
    memory = [r[:, :8]]
    skips = [group(w, "dense0", r) + r]
    for level in range(1, 5):
        name = 2**level
        t = reflected(w, f"conv{name}x", skips[-1], 16 * name, 3, 2)
        a, b = t.chunk(2, 1)
        a = fused(w, f"fusion{level}", a, memory, True)
        t = torch.cat([a, dense(w, f"conv{level}", b)], 1)
        memory.append(a)
        skips.append(t if level == 4 else group(w, f"dense{level}", t) + t)
    x4 = skips.pop()
    y = group(w, "dehaze", 2 * x4, 18, "res") + x4
    features = [skips[2], skips[3], x4, y]
    memory, now = [y[:, :128]], y
    for level in range(4, 0, -1):
        skip = skips.pop()
        u = w.transposed(f"convd{2**level}x.conv2d", now, skip.shape[1], 3)
        u = F.interpolate(u, skip.shape[2:], mode="bilinear", align_corners=False)
        z = u + skip
        z = group(w, f"dense_{level}", z) + z - u
        a, b = z.chunk(2, 1)
        a = fused(w, f"fusion_{level}", a, memory, False)
        memory.append(a)
        now = torch.cat([a, dense(w, f"conv_{level}", b)], 1)
    return reflected(w, "conv_output", now, 3, 3), features


def projected(w, name, x, hidden, out):
    inner = F.relu(w.conv(f"{name}.0", x, hidden, 3, False, padding=1))
    return w.conv(f"{name}.2", inner, out, 3, False, padding=1)


VGG_POOLS = [4, 9, 18, 27]
VGG_CONVS = {0: 64, 2: 64, 5: 128, 7: 128, **{n: 256 for n in (10, 12, 14, 16)}, **{n: 512 for n in (19, 21, 23, 25, 28)}}
VGG_SEEN = [0, 5, 10, 19, 28]


def seen(vgg, x):
    found = []
    for n in range(29):
        if n in VGG_POOLS:
            x = F.max_pool2d(x, 2)
        elif n in VGG_CONVS:
            x = F.relu(vgg.conv(f"features.{n}", x, VGG_CONVS[n], 3, padding=1))
            if n in VGG_SEEN:
                found.append(x)
    return found


def l1(a, b):
    return (a - b).abs().mean()


def contrast(vgg, anchor, positive, negative, hard):
    total = 0
    for i, (a, p, n) in enumerate(zip(seen(vgg, anchor), seen(vgg, positive), seen(vgg, negative))):
        p, n = p.detach(), n.detach()
        total += [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1][i] * l1(a, p) / ((l1(a[:, None], n[None]) if hard else l1(a, n)) + 1e-7)
    return total


def collation(student, transfer, teachers, vgg, x, target):
    output, features = restored(student, x)
    with torch.no_grad():
        given = [restored(teacher, part) for teacher, part in zip(teachers, x.split(COUNTS))]
    pfe = pfv = 0
    for level, own in enumerate(features):
        theirs, c = [given_features[level] for _, given_features in given], own.shape[1]
        names = [f"{level}.teacher_projectors.{{}}.{k}" for k in range(len(teachers))]
        small = [projected(transfer, name.format("PFPs"), t, c // 2, c // 2) for name, t in zip(names, theirs)]
        back = [projected(transfer, name.format("IPFPs"), t, c, c) for name, t in zip(names, small)]
        pfe += l1(projected(transfer, f"{level}.student_projector.PFP", own, c // 2, c // 2), torch.cat(small))
        pfv += 0.05 * l1(torch.cat(back), torch.cat(theirs))
    terms = {"teacher": l1(output, torch.cat([image for image, _ in given])), "pfe": pfe, "pfv": pfv}
    return {**terms, "scr": 0.1 * contrast(vgg, output, target, x, False)}


def examination(student, vgg, x, target):
    output, _ = restored(student, x)
    return {"l1": l1(output, target), "hcr": 0.2 * contrast(vgg, output, target, x, True)}


student, transfer, vgg = Weights("", GAIN), Weights("ckt:", 1), Weights("vgg19.", 1)
teachers = [Weights(f"teacher{k}:", GAIN) for k in range(len(COUNTS))]
first, optimiser, steps = {}, None, []
for step, stage in enumerate(STAGES):
    x, target = (
        torch.cat([picture(f"{kind}:{CASE}:step{step}:{k}", [n, 3, *SIZE]) for k, n in enumerate(COUNTS)])
        for kind in ("input", "target")
    )
    parts = (student, transfer, teachers, vgg) if stage == "collation" else (student, vgg)
    terms = globals()[stage](*parts, x, target)
    total = sum(terms.values())
    if optimiser is None:
        first = {name: value.detach().clone() for name, value in student.items()}
        optimiser = torch.optim.Adam([*student.values(), *transfer.values()], lr=RATE)
    optimiser.zero_grad(set_to_none=False)
    total.backward()
    optimiser.step()
    loss = {name: number(value.detach()) for name, value in {"total": total, **terms}.items()}
    steps.append({"step": step, "stage": stage, "lr": RATE, "loss": loss})
print(
    json.dumps(
        {
            "source": "written from the formulas, float64; not the official code",
            "kind": "consecutive Adam steps, optimiser state kept across the change of stage; step s uses input:CASE:stepS:i "
            "and target:CASE:stepS:i, images_per_teacher[i] images for teacher i; zero_grad leaves zeros; change of some parameters",
            "case": CASE,
            "input": [sum(COUNTS), 3, *SIZE],
            "images_per_teacher": COUNTS,
            "gain": GAIN,
            "optimiser": f"Adam lr {RATE:g}, betas 0.9 0.999, eps 1e-8",
            "steps": steps,
            "change_of_parameters_after_all_steps": {
                name: {"l2": number((student[name] - first[name]).detach().norm())} for name in SHOWN
            },
        },
        separators=(",", ":"),
    )
)
