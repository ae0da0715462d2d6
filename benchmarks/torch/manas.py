"""MANAS's derived network in PyTorch, written anew for timing beside ours. It carries the chosen candidates alone."""
import torch
import torch.nn as nn
import torch.nn.functional as F

CHANNELS = [32, 64, 128, 256]
PRIMITIVES = 9


def conv(a, b, k, stride=1, dilation=1, groups=1):
    return nn.Conv2d(a, b, k, stride, dilation * (k - 1) // 2, dilation, groups, bias=False)


def norm(c):
    return nn.BatchNorm2d(c, affine=False)


class Bottleneck(nn.Module):
    def __init__(self, a, c):
        super().__init__()
        self.conv1, self.bn1 = conv(a, c, 1), nn.BatchNorm2d(c)
        self.conv2, self.bn2 = conv(c, c, 3), nn.BatchNorm2d(c)
        self.conv3, self.bn3 = conv(c, 4 * c, 1), nn.BatchNorm2d(4 * c)
        self.downsample = nn.Sequential(conv(a, 4 * c, 1), nn.BatchNorm2d(4 * c)) if a != 4 * c else None

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(y)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class Residual(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv1, self.bn1 = conv(c, c, 3), nn.BatchNorm2d(c)
        self.conv2, self.bn2 = conv(c, c, 3), nn.BatchNorm2d(c)

    def forward(self, x):
        return F.relu(x + self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))


class Horizontal(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.branches = nn.ModuleList(nn.Sequential(Residual(c)) for c in channels)

    def forward(self, x):
        return [branch(part) for branch, part in zip(self.branches, x)]


class Fusion(nn.Module):
    def __init__(self, channels, outputs=None):
        super().__init__()
        self.fuse_layers = nn.ModuleList()
        for i in range(outputs or len(channels)):
            row = nn.ModuleList()
            for j, c in enumerate(channels):
                if j == i:
                    row.append(None)
                elif j > i:
                    up = nn.Upsample(scale_factor=2 ** (j - i))
                    row.append(nn.Sequential(conv(c, channels[i], 1), nn.BatchNorm2d(channels[i]), up))
                else:
                    steps = [[conv(c, c, 3, 2), nn.BatchNorm2d(c), nn.ReLU()] for _ in range(i - j - 1)]
                    steps.append([conv(c, channels[i], 3, 2), nn.BatchNorm2d(channels[i])])
                    row.append(nn.Sequential(*(nn.Sequential(*step) for step in steps)))
            self.fuse_layers.append(row)

    def forward(self, x):
        return [
            F.relu(sum(part if layer is None else layer(part) for layer, part in zip(row, x)))
            for row in self.fuse_layers
        ]


class Transition(nn.Module):
    def __init__(self, before, now):
        super().__init__()
        self.transition_layers = nn.ModuleList()
        for i, c in enumerate(now):
            if i >= len(before):
                step = nn.Sequential(conv(before[-1], c, 3, 2), nn.BatchNorm2d(c), nn.ReLU())
                self.transition_layers.append(nn.Sequential(step))
            elif before[i] != c:
                self.transition_layers.append(nn.Sequential(conv(before[i], c, 3), nn.BatchNorm2d(c), nn.ReLU()))
            else:
                self.transition_layers.append(None)

    def forward(self, x):
        parts = [x[min(i, len(x) - 1)] for i in range(len(self.transition_layers))]
        return [part if layer is None else layer(part) for layer, part in zip(self.transition_layers, parts)]


def pool(x):
    return torch.cat([x.max(1, True)[0], x.mean(1, True)], 1)


class Gate(nn.Module):
    def __init__(self, op, pooled=False):
        super().__init__()
        self.op, self.pooled = op, pooled

    def forward(self, x):
        return x * torch.sigmoid(self.op(pool(x) if self.pooled else x))


class SE(nn.Module):
    def __init__(self, c, reduction):
        super().__init__()
        hidden = c // reduction
        self.fc = nn.Sequential(nn.Linear(c, hidden, bias=False), nn.ReLU(), nn.Linear(hidden, c, bias=False))

    def gate(self, x):
        return self.fc(x.mean((2, 3)))

    def forward(self, x):
        return x * torch.sigmoid(self.gate(x))[:, :, None, None]


class SEAverageMaximum(SE):
    def gate(self, x):
        return self.fc(x.amax((2, 3))) + self.fc(x.mean((2, 3)))


class CBAM(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.ChannelGate, self.SpatialGate = nn.Module(), nn.Module()
        self.ChannelGate.mlp = nn.Sequential(nn.Flatten(), nn.Linear(c, c // 4), nn.ReLU(), nn.Linear(c // 4, c))
        self.SpatialGate.spatial = nn.Module()
        self.SpatialGate.spatial.conv, self.SpatialGate.spatial.bn = conv(2, 1, 7), nn.BatchNorm2d(1, momentum=0.01)

    def forward(self, x):
        mlp, spatial = self.ChannelGate.mlp, self.SpatialGate.spatial
        x = x * torch.sigmoid(mlp(x.mean((2, 3))) + mlp(x.amax((2, 3))))[:, :, None, None]
        return x * torch.sigmoid(spatial.bn(spatial.conv(pool(x))))


def primitive(number, c):
    def separable(a, b, dilation=1):
        return [conv(a, a, 3, groups=a, dilation=dilation), conv(a, b, 1), norm(b)]

    return [
        lambda: Zero(),
        lambda: nn.Identity(),
        lambda: Gate(nn.Sequential(*separable(c, c), nn.ReLU(), *separable(c, c))),
        lambda: Gate(nn.Sequential(*separable(c, c, 2))),
        lambda: Gate(nn.Sequential(*separable(2, 2), nn.ReLU(), *separable(2, 1)), True),
        lambda: Gate(nn.Sequential(conv(2, 1, 3, dilation=2), conv(1, 1, 1), norm(1)), True),
        lambda: SE(c, 4),
        lambda: SEAverageMaximum(c, 4),
        lambda: CBAM(c),
    ][number]()


class Zero(nn.Module):
    def forward(self, x):
        return x * 0


class Edge(nn.Module):
    """`all_candidates`: as the official network, which makes all of them and runs one."""

    def __init__(self, number, c, all_candidates):
        super().__init__()
        self.weights = torch.tensor(number)
        self.ops = nn.ModuleList(
            primitive(i, c) if all_candidates or i == number else None for i in range(PRIMITIVES)
        )

    def forward(self, x):
        return self.ops[int(self.weights)](x)


class Attention(nn.Module):
    def __init__(self, c, numbers, all_candidates):
        super().__init__()
        half = c // 2
        self.ops = nn.ModuleList(Edge(number, half, all_candidates) for number in numbers)
        self.channel_back = nn.Sequential(
            conv(3 * half, c, 1), nn.BatchNorm2d(c), nn.ReLU(), conv(c, c, 1), nn.BatchNorm2d(c)
        )
        self.se, self.se2 = SE(half, 4), SE(c, 16)

    def forward(self, x):
        first, second = x.chunk(2, 1)
        u0 = self.ops[0](first)
        u1 = self.ops[1](second) + self.ops[2](u0)
        return self.se2(self.channel_back(torch.cat([u0, u1, self.se(first + second)], 1)) + x)


class Manas(nn.Module):
    def __init__(self, name, all_candidates=False):
        super().__init__()
        _, *parts = name.split("-")
        self.stage1 = nn.Sequential(Bottleneck(3, 32), Bottleneck(128, 32))
        before = [128]
        for stage in range(3):
            channels = CHANNELS[: stage + 2]
            setattr(self, f"transition{stage + 1}", Transition(before, channels))
            cells = [Horizontal(channels) if letter == "H" else Fusion(channels) for letter in parts[stage]]
            setattr(self, f"stage{stage + 2}", nn.Sequential(*cells))
            numbers = [int(digit) for digit in parts[3 + stage]]
            modules = [Attention(c, numbers, all_candidates) for c in channels]
            setattr(self, f"auto{stage + 1}", nn.ModuleList(modules))
            before = channels
        self.final_fuse = Fusion(CHANNELS, 1)
        self.final_conv = nn.Sequential(conv(32, 3, 1))

    def forward(self, x):
        x = [self.stage1(x)]
        for stage in range(3):
            x = getattr(self, f"stage{stage + 2}")(getattr(self, f"transition{stage + 1}")(x))
            x = [module(part) for module, part in zip(getattr(self, f"auto{stage + 1}"), x)]
        return self.final_conv(self.final_fuse(x)[0])


def loss(output, target):
    return (output - target).abs().mean()
