"""Makes the files in checkpoints/: PyTorch checkpoints of every format and type, and files that must be refused.

Run: python3 make_checkpoints.py. Values are those of make_ops.py's tensor(), so that nothing else needs to be stored.
"""
import collections
import os
import pickle

import numpy
import torch

from make_ops import tensor

HERE = os.path.join(os.path.dirname(__file__), "checkpoints")


def save(name, value, **options):
    torch.save(value, os.path.join(HERE, name), **options)


def filled(shape, number):
    return tensor(shape, number).detach()


weights = collections.OrderedDict(
    [
        ("conv.weight", filled([2, 3, 2, 2], 0)),
        ("conv.bias", filled([2], 1)),
        ("norm.num_batches_tracked", torch.tensor(7)),
    ]
)
types = {
    "float16": filled([6], 0).half(),
    "bfloat16": filled([6], 0).bfloat16(),
    "float64": filled([6], 0).double(),
    "int64": torch.tensor([-1, 2**40]),
    "int32": torch.tensor([-5, 6], dtype=torch.int32),
    "uint8": torch.tensor([0, 255], dtype=torch.uint8),
    "bool": torch.tensor([True, False]),
    "empty": torch.zeros(0, 3),
}
whole = filled([4, 6], 0)
views = {"transposed": whole.t(), "part": whole[1:3, ::2], "shared": whole[1], "repeated": whole[:1].expand(3, 6)}

# A norm as PyTorch 0.3 saved it, before num_batches_tracked.
norm = [("weight", 0), ("bias", 1), ("running_mean", 2), ("running_var", 3)]
save("old-norm.pth", collections.OrderedDict((name, filled([4], number)) for name, number in norm))
save("zip.pth", weights)
save("legacy.pth", weights, _use_new_zipfile_serialization=False)
save("protocol4.pt", weights, pickle_protocol=4)
save("types.pth", types)
save("types-legacy.pth", types, _use_new_zipfile_serialization=False)
save("views.pth", views)
save("views-legacy.pk", views, _use_new_zipfile_serialization=False)
# As training scripts leave them: parallel, with an optimiser, an epoch, arguments and numpy's numbers.
module = torch.nn.Linear(3, 2)
with torch.no_grad():
    module.weight.copy_(filled([2, 3], 0))
    module.bias.copy_(filled([2], 1))
optimiser = torch.optim.Adam(module.parameters())
module(torch.ones(1, 3)).sum().backward()
optimiser.step()
with torch.no_grad():
    module.weight.copy_(filled([2, 3], 0))
    module.bias.copy_(filled([2], 1))
save(
    "run.pth.tar",
    {
        "epoch": 12,
        "best": numpy.float64(31.5),
        "rate": 1e-4,
        "done": False,
        "state_dict": torch.nn.DataParallel(module).state_dict(),
        "optimizer": optimiser.state_dict(),
    },
)
save("params.pth", {"params": module.state_dict(), "iter": 5})
vgg = {"features.0.weight": filled([64, 3, 3, 3], 0), "features.0.bias": filled([64], 1), "classifier.0.bias": filled([3], 2)}
save("vgg-start.pth", vgg)
save("vgg-other.pth", {"features.0.weight": filled([2, 3, 3, 3], 0), "features.0.bias": filled([64], 1)})
save("module.pth", module)
save("no-tensors.pth", {"epoch": 3, "note": "nothing"})


class Malicious:
    def __reduce__(self):
        return (os.system, ("echo broken into",))


save("malicious.pth", {"state_dict": Malicious()})
with open(os.path.join(HERE, "malicious-legacy.pth"), "wb") as file:
    pickle.dump(Malicious(), file, protocol=2)
nested = []
for _ in range(200):
    nested = [nested]
save("deep.pth", {"state_dict": nested})
