"""DuRN-S in PyTorch, written anew for timing beside ours; parameter names as in the official state_dict."""
import torch
import torch.nn as nn
import torch.nn.functional as F

PAIRS = [(5, 1, 3), (7, 1, 5), (7, 2, 5), (11, 2, 7), (11, 1, 5), (11, 3, 7)]


class ConvLayer(nn.Module):
    def __init__(self, i, o, k, d=1):
        super().__init__()
        self.pad = d * (k - 1) // 2
        self.conv2d = nn.Conv2d(i, o, k, dilation=d)

    def forward(self, x):
        return self.conv2d(F.pad(x, (self.pad,) * 4, mode="reflect"))


class Norm(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.norm = nn.BatchNorm2d(c)

    def forward(self, x):
        return self.norm(x)


class ChannelAttention(nn.Module):
    def __init__(self, c, hidden):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(c, hidden), nn.ReLU(), nn.Linear(hidden, c), nn.Sigmoid())

    def forward(self, x):
        return x * self.fc(x.mean((2, 3)))[:, :, None, None]


class SEBasicBlock(nn.Module):
    def __init__(self, c, hidden):
        super().__init__()
        self.conv1 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.se = ChannelAttention(c, hidden)
        self.bn1 = nn.BatchNorm2d(c)
        self.bn2 = nn.BatchNorm2d(c)

    def forward(self, x):
        return F.relu(self.se(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))) + x)


class Block(nn.Module):
    def __init__(self, c, hidden, t1, d, t2):
        super().__init__()
        self.conv1, self.norm1 = ConvLayer(c, c, 3), Norm(c)
        self.conv2, self.norm2 = ConvLayer(c, c, 3), Norm(c)
        self.up_conv, self.up_norm = ConvLayer(c, c, t1, d), Norm(c)
        self.se = SEBasicBlock(c, hidden)
        self.down_conv, self.down_norm = ConvLayer(c, c, t2), Norm(c)

    def forward(self, x, res):
        t = F.relu(self.norm1(self.conv1(x)))
        t = F.relu(self.norm2(self.conv2(t) + x))
        res = F.relu(self.up_norm(self.up_conv(t)) + res)
        return F.relu(self.down_norm(self.down_conv(self.se(res))) + x), res


class DuRN_S(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.norm1 = ConvLayer(3, 64, 3), Norm(64)
        self.conv2, self.norm2 = ConvLayer(64, 64, 3), Norm(64)
        for i, pair in enumerate(PAIRS):
            setattr(self, f"block{i + 1}", Block(64, 32, *pair))
        self.conv3, self.norm3 = ConvLayer(64, 64, 3), Norm(64)
        self.conv4 = ConvLayer(64, 3, 3)

    def forward(self, picture):
        x = F.relu(self.norm1(self.conv1(picture)))
        x = res = F.relu(self.norm2(self.conv2(x)))
        for i in range(len(PAIRS)):
            x, res = getattr(self, f"block{i + 1}")(x, res)
        x = F.relu(self.norm3(self.conv3(x)))
        return torch.tanh(self.conv4(x)) + picture


def gaussian_window(channels):
    line = torch.exp(-((torch.arange(11) - 5.0) ** 2) / (2 * 1.5**2))
    line = line / line.sum()
    return (line[:, None] * line[None, :]).expand(channels, 1, 11, 11).contiguous()


def ssim(a, b):
    window = gaussian_window(a.shape[1])
    blur = lambda x: F.conv2d(x, window, padding=5, groups=a.shape[1])
    ma, mb = blur(a), blur(b)
    va, vb, cov = blur(a * a) - ma * ma, blur(b * b) - mb * mb, blur(a * b) - ma * mb
    c1, c2 = 0.01**2, 0.03**2
    return (((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2))).mean()


def loss(output, target):
    return -1.1 * ssim(output, target) + 0.75 * F.l1_loss(output, target)
