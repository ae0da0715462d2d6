"""Makes ops.json: forward values and gradients of single operations, by PyTorch. Run: python3 make_ops.py > ops.json

Tensors are filled as NAME of the case says: u = sin(1 + i) * 1.7 (float32) over the flat index i plus 10 per tensor, so
that nothing needs to be stored but results. The loss is the sum of the output times weights cos(i).
"""
import json

import torch
import torch.nn.functional as F


def tensor(shape, number):
    count = 1
    for size in shape:
        count *= size
    index = torch.arange(count, dtype=torch.float64) + 10 * number
    return (torch.sin(1 + index) * 1.7).float().reshape(shape).requires_grad_()


def case(name, shapes, function):
    inputs = [tensor(shape, number) for number, shape in enumerate(shapes)]
    output = function(*inputs)
    weights = torch.cos(torch.arange(output.numel(), dtype=torch.float64)).float().reshape(output.shape)
    (output * weights).sum().backward()
    flat = lambda t: [round(v, 6) for v in t.detach().double().flatten().tolist()]
    return {
        "name": name,
        "inputs": [list(shape) for shape in shapes],
        "shape": list(output.shape),
        "output": flat(output),
        "gradients": [None if t.grad is None else flat(t.grad) for t in inputs],
    }


cases = [
    case("conv2d", [[2, 3, 5, 6], [4, 3, 3, 3], [4]], lambda x, w, b: F.conv2d(x, w, b)),
    case("conv2d padding 1", [[1, 2, 4, 5], [3, 2, 3, 3]], lambda x, w: F.conv2d(x, w, padding=1)),
    case("conv2d dilation 2", [[1, 2, 7, 6], [2, 2, 3, 3], [2]], lambda x, w, b: F.conv2d(x, w, b, dilation=2, padding=1)),
    case("conv2d stride 2", [[1, 2, 6, 7], [3, 2, 3, 3], [3]], lambda x, w, b: F.conv2d(x, w, b, stride=2, padding=1)),
    case("conv2d stride 3", [[1, 2, 8, 9], [2, 2, 2, 2]], lambda x, w: F.conv2d(x, w, stride=3)),
    case("conv2d groups 2", [[2, 4, 5, 5], [6, 2, 3, 3], [6]], lambda x, w, b: F.conv2d(x, w, b, padding=1, groups=2)),
    case("conv2d depthwise", [[1, 3, 5, 4], [3, 1, 3, 3]], lambda x, w: F.conv2d(x, w, padding=1, groups=3)),
    case("conv2d padding 3 over kernel 3", [[1, 1, 3, 3], [1, 1, 3, 3]], lambda x, w: F.conv2d(x, w, padding=3)),
    case("reflectPad2d 2", [[1, 2, 4, 5]], lambda x: F.pad(x, (2, 2, 2, 2), mode="reflect")),
    case("reflectPad2d overlapping", [[1, 1, 4, 3]], lambda x: F.pad(x, (2, 2, 3, 3), mode="reflect")),
    case("reflectPad2d one-sided", [[1, 1, 3, 4]], lambda x: F.pad(x, (1, 0, 2, 0), mode="reflect")),
    case("batchNorm2dTrain", [[2, 3, 2, 2], [3], [3]], lambda x, w, b: F.batch_norm(x, None, None, w, b, True, 0.1, 1e-5)),
    case(
        "batchNorm2dEval",
        [[2, 3, 2, 2], [3], [3]],
        lambda x, w, b: F.batch_norm(x, torch.tensor([0.1, -0.2, 0.3]), torch.tensor([1.1, 0.7, 2.0]), w, b, False, 0.1, 1e-5),
    ),
    case("matmul", [[2, 3], [3, 4]], lambda a, b: a @ b),
    case("transpose", [[2, 3, 4]], lambda x: x.permute(2, 0, 1)),
    case("reshape", [[2, 3, 4]], lambda x: x.reshape(2, 12)),
    case("mean over height and width", [[2, 3, 2, 4]], lambda x: x.mean((2, 3), keepdim=True)),
    case("sum over channels", [[2, 3, 2, 2]], lambda x: x.sum(1, keepdim=True)),
    case("add broadcast", [[2, 3, 2], [3, 1]], lambda a, b: a + b),
    case("sub broadcast", [[3, 1], [2, 3, 2]], lambda a, b: a - b),
    case("mul broadcast", [[2, 3], [2, 1]], lambda a, b: a * b),
    case("div broadcast", [[2, 3], [3]], lambda a, b: a / b),
    case("abs", [[7]], torch.abs),
    case("neg", [[5]], torch.neg),
    case("relu", [[9]], torch.relu),
    case("sigmoid", [[5]], torch.sigmoid),
    case("tanh", [[5]], torch.tanh),
    case("sqrt of square", [[5]], lambda x: torch.sqrt(x * x)),
    case("clamp", [[12]], lambda x: torch.clamp(x, -0.5, 1)),
]
print(json.dumps(cases, separators=(",", ":")))
