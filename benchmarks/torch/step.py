"""Times PyTorch's training step or inference. Reads a line of JSON per request, answers with milliseconds.

{"net": "durn-s", "kind": "train", "batch": 4, "size": 48} or {…, "kind": "infer", …}; the first answer comes after warming up.
"""
import json
import resource
import sys
import time

import torch


def find(name):
    """The network of a name and its loss; what only it needs (torchvision) is imported only for it."""
    if name == "plain":
        import plain_net

        return plain_net.PlainNet, plain_net.loss
    if name == "manas":
        import manas

        return lambda: manas.Manas(request["architecture"]), manas.loss
    if name == "aecr":
        import aecr

        return aecr.AECRNet, aecr.loss
    import durn

    return durn.NETWORKS[name], durn.loss


network = None
for line in sys.stdin:
    request = json.loads(line)
    if network is None:
        torch.manual_seed(1)
        create, loss = find(request["net"])
        network = create()
        optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    size = request["size"]
    batch = request.get("batch", 1)
    shape = batch, 1 if request["net"] == "durn-p" else 3, size, size
    x, y = torch.rand(shape), torch.rand(shape)
    start = time.perf_counter()
    if request["kind"] == "train":
        network.train()
        optimiser.zero_grad()
        loss(network(x), y).backward()
        optimiser.step()
    else:
        network.eval()
        with torch.no_grad():
            network(x)
    milliseconds = (time.perf_counter() - start) * 1000
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ms": milliseconds, "mb": megabytes}), flush=True)
