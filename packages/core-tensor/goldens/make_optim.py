"""Makes optim.json: parameters after steps of PyTorch's optimisers, and the rates of its schedules.

Run: python3 make_optim.py > optim.json

Two parameters, a [2, 3] and b [4], filled as in make_ops.py; the loss of a step is Σ a³·cos(i) + Σ b²·cos(i).
"""
import json

import torch

from make_ops import tensor

STEPS = 4


def trained(make, clip=None):
    a, b = tensor([2, 3], 0), tensor([4], 1)
    optimiser = make(a, b)
    norms = []
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss = (a**3 * torch.cos(torch.arange(6.0)).reshape(2, 3)).sum() + (b**2 * torch.cos(torch.arange(4.0))).sum()
        loss.backward()
        if clip:
            norms.append(float(torch.nn.utils.clip_grad_norm_([a, b], clip)))
        optimiser.step()
    return {"a": a.detach().flatten().tolist(), "b": b.detach().flatten().tolist(), "norms": norms}


def rates(make, count):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    schedule = make(optimiser)
    found = []
    for _ in range(count):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    return found


S = torch.optim.lr_scheduler
optimisers = {
    "adam": trained(lambda a, b: torch.optim.Adam([a, b], lr=0.01)),
    "adam, betas": trained(lambda a, b: torch.optim.Adam([a, b], lr=0.01, betas=(0.5, 0.9), eps=1e-4)),
    "adam, weight decay": trained(lambda a, b: torch.optim.Adam([a, b], lr=0.01, weight_decay=0.1)),
    "adam, groups": trained(
        lambda a, b: torch.optim.Adam([{"params": [a]}, {"params": [b], "lr": 0.001, "weight_decay": 0.3}], lr=0.01)
    ),
    "sgd": trained(lambda a, b: torch.optim.SGD([a, b], lr=0.01)),
    "sgd, momentum": trained(lambda a, b: torch.optim.SGD([a, b], lr=0.01, momentum=0.9, weight_decay=0.1)),
    "sgd, clipped": trained(lambda a, b: torch.optim.SGD([a, b], lr=0.01, momentum=0.9), clip=2.0),
}
schedules = {
    "cosine": rates(lambda o: S.CosineAnnealingLR(o, 10), 10),
    "cosine, floor": rates(lambda o: S.CosineAnnealingLR(o, 10, eta_min=0.01), 10),
    "step": rates(lambda o: S.StepLR(o, 3, gamma=0.5), 10),
    "multi-step": rates(lambda o: S.MultiStepLR(o, [2, 7], gamma=0.1), 10),
    "linear": rates(lambda o: S.LinearLR(o, 1.0, 0.0, 10), 10),
    "warm-up, cosine": rates(
        lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.1, 1.0, 3), S.CosineAnnealingLR(o, 7)], [3]), 10
    ),
}
print(json.dumps({"optimisers": optimisers, "schedules": schedules}, separators=(",", ":")))
