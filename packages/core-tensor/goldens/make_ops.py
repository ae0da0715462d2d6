"""Makes ops.json: forward values and gradients of single operations, by PyTorch. Run: python3 make_ops.py > ops.json

Tensors are filled as NAME of the case says: u = sin(1 + i) * 1.7 (float32) over the flat index i plus 10 per tensor, so
that nothing needs to be stored but results. The loss is the sum of the output times weights cos(i).
"""
import json

import torch
import torch.nn.functional as F
from torchvision.ops import deform_conv2d


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


def cases():
    return [
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
        case("matmul of batches", [[2, 3, 2, 4], [3, 4, 2]], lambda a, b: a @ b),
        case("conv2d asymmetric padding", [[1, 2, 4, 5], [3, 2, 3, 3]], lambda x, w: F.conv2d(F.pad(x, (1, 2, 0, 3)), w, stride=2)),
        case("convTranspose2d", [[2, 3, 3, 4], [3, 2, 3, 3], [2]], lambda x, w, b: F.conv_transpose2d(x, w, b)),
        case(
            "convTranspose2d stride 2 output padding",
            [[1, 3, 3, 4], [3, 2, 3, 3], [2]],
            lambda x, w, b: F.conv_transpose2d(x, w, b, stride=2, padding=1, output_padding=(1, 0)),
        ),
        case(
            "convTranspose2d groups and dilation",
            [[1, 4, 3, 3], [4, 1, 3, 3]],
            lambda x, w: F.conv_transpose2d(x, w, stride=2, padding=2, dilation=2, groups=2),
        ),
        case(
            "deformConv2d",
            [[1, 2, 4, 5], [3, 2, 3, 3], [1, 18, 4, 5], [1, 9, 4, 5], [3]],
            lambda x, w, o, m, b: deform_conv2d(x, o, w, b, padding=1, mask=m),
        ),
        case(
            "deformConv2d stride, dilation, groups of offsets",
            [[2, 4, 7, 6], [2, 4, 2, 2], [2, 16, 3, 2], [2, 8, 3, 2]],
            lambda x, w, o, m: deform_conv2d(x, o, w, None, stride=2, padding=0, dilation=2, mask=m),
        ),
        case("replicatePad2d", [[1, 2, 3, 4]], lambda x: F.pad(x, (1, 0, 2, 3), mode="replicate")),
        case("replicatePad2d of one row", [[1, 1, 1, 3]], lambda x: F.pad(x, (2, 1, 1, 2), mode="replicate")),
        case("pad with a value", [[1, 2, 3]], lambda x: F.pad(x, (1, 2, 0, 1), value=0.5)),
        case("maxPool2d", [[2, 2, 5, 6]], lambda x: F.max_pool2d(x, 2)),
        case("maxPool2d overlapping", [[2, 2, 5, 6]], lambda x: F.max_pool2d(x, 3, 2, 1)),
        case("maxPool2d of equal values", [[1, 1, 4, 4]], lambda x: F.max_pool2d(torch.relu(x), 2)),
        case("avgPool2d", [[2, 2, 5, 6]], lambda x: F.avg_pool2d(x, 3, 2, 1)),
        case("max over height and width", [[2, 3, 2, 4]], lambda x: F.adaptive_max_pool2d(x, 1)),
        case("max over channels of equal values", [[1, 4, 2, 2]], lambda x: torch.relu(x).max(1, keepdim=True)[0]),
        case("resizeNearest by 2", [[1, 2, 2, 3]], lambda x: F.interpolate(x, scale_factor=2, mode="nearest")),
        case("resizeNearest to a size", [[1, 1, 4, 5]], lambda x: F.interpolate(x, size=(3, 7), mode="nearest")),
        case("resizeBilinear by 2", [[1, 2, 2, 3]], lambda x: F.interpolate(x, scale_factor=2, mode="bilinear")),
        case("resizeBilinear by 0.5", [[1, 2, 4, 6]], lambda x: F.interpolate(x, scale_factor=0.5, mode="bilinear")),
        case("resizeBilinear to a size", [[1, 1, 4, 5]], lambda x: F.interpolate(x, size=(7, 3), mode="bilinear")),
        case(
            "resizeBilinear aligned",
            [[1, 1, 4, 5]],
            lambda x: F.interpolate(x, size=(7, 3), mode="bilinear", align_corners=True),
        ),
        case("pixelShuffle", [[1, 8, 2, 3]], lambda x: F.pixel_shuffle(x, 2)),
        case("pixelUnshuffle", [[1, 2, 4, 6]], lambda x: F.pixel_unshuffle(x, 2)),
        case("unfold", [[2, 2, 4, 5]], lambda x: F.unfold(x, 3, padding=1, stride=2)),
        case("concat", [[2, 1, 2], [2, 3, 2]], lambda a, b: torch.cat([a, b], 1)),
        case("slice", [[2, 5, 2]], lambda x: x[:, 1:4]),
        case("slice from the end", [[2, 5, 2]], lambda x: x[:, -2:]),
        case("gather", [[3, 4]], lambda x: x.gather(1, torch.tensor([[0, 3, 3], [1, 1, 1], [2, 0, 1]]))),
        case("indexSelect", [[3, 4]], lambda x: x.index_select(0, torch.tensor([2, 0, 2, 2]))),
        case(
            "scatterAdd",
            [[2, 4], [2, 3]],
            lambda x, s: x.scatter_add(1, torch.tensor([[0, 3, 3], [1, 1, 1]]), s),
        ),
        case("softmax over channels", [[2, 3, 2]], lambda x: x.softmax(1)),
        case("softmax over the last axis", [[2, 3]], lambda x: x.softmax(-1)),
        case("exp", [[5]], torch.exp),
        case("log of square", [[5]], lambda x: torch.log(x * x)),
        case("power 3", [[5]], lambda x: x**3),
        case("power −0.5 of square", [[5]], lambda x: (x * x) ** -0.5),
        case("floor", [[6]], lambda x: torch.floor(x) + x),
        case("leakyRelu", [[9]], lambda x: F.leaky_relu(x, 0.1)),
        case("prelu of one slope", [[2, 3, 2], [1]], F.prelu),
        case("prelu of a slope per channel", [[2, 3, 2], [3]], F.prelu),
        case("where", [[2, 3], [3]], lambda a, b: torch.where(a > b, a, b)),
        case("l2Norm", [[2, 3, 2]], lambda x: x.norm(dim=1, keepdim=True)),
        case("l2Normalize", [[2, 3, 2]], lambda x: F.normalize(x, dim=1)),
        case("gelu", [[9]], lambda x: F.gelu(x, approximate="tanh")),
        case("layerNorm", [[2, 3, 4], [4], [4]], lambda x, w, b: F.layer_norm(x, (4,), w, b, 1e-6)),
        case("addmm of a row", [[4], [2, 3], [3, 4]], torch.addmm),
        case("addmm of a column", [[2, 1], [2, 3], [3, 4]], torch.addmm),
        case("addmm of a matrix", [[2, 4], [2, 3], [3, 4]], torch.addmm),
        case("reshapeLike with an axis split", [[2, 6, 3]], lambda x: x.unflatten(1, (2, -1))),
        *(
            case(
                f"resizeBilinear by {factor}, antialiased",
                [[1, 2, 8, 12]],
                lambda x: F.interpolate(x, scale_factor=factor, mode="bilinear", antialias=True),
            )
            for factor in (0.5, 0.25, 2)
        ),
    ]


if __name__ == "__main__":
    print(json.dumps(cases(), separators=(",", ":")))
