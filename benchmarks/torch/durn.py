"""DuRN's six networks in PyTorch, written anew for timing beside ours; parameter names as in the official state_dicts."""
import torch
import torch.nn as nn
import torch.nn.functional as F

FULL = [(5, 1, 3), (7, 1, 5), (7, 2, 5), (11, 2, 7), (11, 1, 5), (11, 3, 7)]
U = [(3, 3, 3), (7, 1, 3), (3, 3, 3), (7, 1, 3), (3, 2, 3), (5, 1, 3)]
US = [(5, 1, 3)] * 2 + [(7, 1, 3)] * 2 + [(11, 1, 3)] * 8
SP_ATTENTIVE = [(3, 12, 3), (3, 8, 3), (3, 6, 3)]
SP_PLAIN = [(3, 2, 5), (5, 1, 5), (3, 3, 5), (7, 1, 5), (3, 4, 5), (7, 1, 5)]


class ConvLayer(nn.Module):
    def __init__(self, i, o, k, d=1, s=1, zero=False):
        super().__init__()
        reach = d * (k - 1) // 2
        zero = zero and d > 1
        self.pad = 0 if zero else reach
        self.conv2d = nn.Conv2d(i, o, k, s, reach if zero else 0, d)

    def forward(self, x):
        return self.conv2d(F.pad(x, (self.pad,) * 4, mode="reflect") if self.pad else x)


class InsNorm(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.scale, self.shift = nn.Parameter(torch.rand(c)), nn.Parameter(torch.zeros(c))

    def forward(self, x):
        v, m = torch.var_mean(x, (2, 3), unbiased=False, keepdim=True)
        scale = self.scale[:, None, None]
        return (x - m) / torch.sqrt(v + 1e-9) * scale + scale


class Norm(nn.Module):
    def __init__(self, kind, c):
        super().__init__()
        self.norm = {"batch": nn.BatchNorm2d, "instance": InsNorm}[kind](c)

    def forward(self, x):
        return self.norm(x)


class ChannelAttention(nn.Module):
    def __init__(self, c, hidden):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(c, hidden), nn.ReLU(), nn.Linear(hidden, c), nn.Sigmoid())

    def forward(self, x):
        return x * self.fc(x.mean((2, 3)))[:, :, None, None]


class SEBasicBlock(nn.Module):
    def __init__(self, c, hidden, normed):
        super().__init__()
        self.conv1 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.se = ChannelAttention(c, hidden)
        self.bn1 = nn.BatchNorm2d(c) if normed else nn.Identity()
        self.bn2 = nn.BatchNorm2d(c) if normed else nn.Identity()

    def forward(self, x):
        return F.relu(self.se(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))) + x)


class Block(nn.Module):
    def __init__(self, c, pair, norm=None, norms_sum=False, up=None, hidden=None, zero=False):
        super().__init__()
        t1, d, t2 = pair
        inner = c if up is None else up[0] // 4
        normed = lambda of: Norm(norm, of) if norm else nn.Identity()
        self.norms_sum = norms_sum
        self.conv1, self.norm1 = ConvLayer(c, c, 3), normed(c)
        self.conv2, self.norm2 = ConvLayer(c, c, 3), normed(c)
        if up:
            self.conv_pre, self.norm_pre = ConvLayer(c, *up), normed(up[0])
        self.up_conv, self.up_norm = ConvLayer(inner, inner, t1, d, zero=zero), normed(inner)
        self.se = SEBasicBlock(inner, hidden, norm is not None) if hidden else nn.Identity()
        self.down_conv, self.down_norm = ConvLayer(inner, c, t2, s=1 if up is None else 2), normed(c)

    def join(self, t, stream, norm):
        return F.relu(norm(t + stream) if self.norms_sum else norm(t) + stream)

    def forward(self, x, res):
        t = F.relu(self.norm1(self.conv1(x)))
        t = F.relu(self.norm2(self.conv2(t) + x))
        if hasattr(self, "conv_pre"):
            t = F.pixel_shuffle(self.norm_pre(self.conv_pre(t)), 2)
        res = self.join(self.up_conv(t), res, self.up_norm)
        return self.join(self.down_conv(self.se(res)), x, self.down_norm), res


class FullResolution(nn.Module):
    def __init__(self, picture, c, norm, hidden=None):
        super().__init__()
        normed = lambda: Norm(norm, c) if norm else nn.Identity()
        self.conv1, self.norm1 = ConvLayer(picture, c, 3), normed()
        self.conv2, self.norm2 = ConvLayer(c, c, 3), normed()
        self.blocks = nn.ModuleList(Block(c, pair, norm, hidden=hidden) for pair in FULL)
        self.conv3, self.norm3 = ConvLayer(c, c, 3), normed()
        self.conv4 = ConvLayer(c, picture, 3)

    def forward(self, picture):
        x = F.relu(self.norm1(self.conv1(picture)))
        x = res = F.relu(self.norm2(self.conv2(x)))
        for block in self.blocks:
            x, res = block(x, res)
        return torch.tanh(self.conv4(F.relu(self.norm3(self.conv3(x))))) + picture


class DuRN_U(nn.Module):
    def __init__(self):
        super().__init__()
        norm = lambda c: Norm("instance", c)
        self.conv1, self.norm1 = nn.Conv2d(3, 64, 7, 1, 3), norm(64)
        self.conv2, self.norm2 = nn.Conv2d(64, 128, 3, 2, 1), norm(128)
        self.conv3, self.norm3 = nn.Conv2d(128, 256, 3, 2, 1), norm(256)
        self.blocks = nn.ModuleList(Block(256, p, "instance", True, (512, 1), zero=True) for p in U)
        self.upconv1, self.upnorm1 = ConvLayer(256, 512, 1), norm(512)
        self.conv4, self.norm4 = ConvLayer(128, 128, 3), norm(128)
        self.upconv2, self.upnorm2 = ConvLayer(128, 256, 1), norm(256)
        self.conv5, self.norm5 = ConvLayer(64, 64, 3), norm(64)
        self.end_conv = nn.Conv2d(64, 3, 7, 1, 3)

    def forward(self, picture):
        x = F.relu(self.norm1(self.conv1(picture)))
        res = F.relu(self.norm2(self.conv2(x)))
        x = F.relu(self.norm3(self.conv3(res)))
        for block in self.blocks:
            x, res = block(x, res)
        x = F.relu(self.norm4(self.conv4(F.pixel_shuffle(self.upnorm1(self.upconv1(x)), 2))))
        x = F.relu(self.norm5(self.conv5(F.pixel_shuffle(self.upnorm2(self.upconv2(x)), 2))))
        return torch.tanh(self.end_conv(x)) + picture


class DuRN_US(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 64, 7, 1, 3), nn.Conv2d(64, 64, 3, 2, 1)
        self.conv3 = nn.Conv2d(64, 64, 3, 2, 1)
        self.blocks = nn.ModuleList(Block(64, p, up=(256, 3), hidden=32) for p in US)
        self.upconv1, self.conv4 = ConvLayer(64, 256, 3), ConvLayer(64, 64, 3)
        self.upconv2, self.conv5 = ConvLayer(64, 256, 3), ConvLayer(64, 64, 3)
        self.end_conv = nn.Conv2d(64, 3, 7, 1, 3)

    def forward(self, picture):
        res = F.relu(self.conv2(F.relu(self.conv1(picture))))
        x = F.relu(self.conv3(res))
        for block in self.blocks:
            x, res = block(x, res)
        x = F.relu(self.conv4(F.pixel_shuffle(self.upconv1(x), 2)))
        x = F.relu(self.conv5(F.pixel_shuffle(self.upconv2(x), 2)))
        return torch.tanh(self.end_conv(x)) + picture


class DuRN_S_P(nn.Module):
    def __init__(self):
        super().__init__()
        norm = lambda c: Norm("batch", c)
        self.conv1, self.norm1 = nn.Conv2d(3, 64, 5, 1, 1), norm(64)
        self.conv2, self.norm2 = nn.Conv2d(64, 128, 3, 2, 1), norm(128)
        self.conv3, self.norm3 = nn.Conv2d(128, 128, 3, 2, 1), norm(128)
        self.attentive = nn.ModuleList(Block(128, p, "batch", hidden=64, zero=True) for p in SP_ATTENTIVE)
        self.plain = nn.ModuleList(Block(128, p, "batch", zero=True) for p in SP_PLAIN)
        self.deconv1, self.conv4, self.norm4 = self.deconvolution(128, 128), ConvLayer(128, 128, 3), norm(128)
        self.deconv2, self.end_conv = self.deconvolution(128, 64), ConvLayer(64, 3, 5)

    @staticmethod
    def deconvolution(i, o):
        steps = nn.ConvTranspose2d(i, o, 4, 2, 1), nn.ReflectionPad2d((1, 0, 1, 0)), nn.AvgPool2d(2, 1), nn.ReLU()
        return nn.Sequential(*steps)

    def forward(self, picture):
        x = F.relu(self.norm1(self.conv1(picture)))
        x = F.relu(self.norm2(self.conv2(x)))
        x = res = F.relu(self.norm3(self.conv3(x)))
        for block in self.attentive:
            x, res = block(x, res)
        res = x
        for block in self.plain:
            x, res = block(x, res)
        x = F.relu(self.norm4(self.conv4(self.deconv1(x))))
        return picture - torch.tanh(self.end_conv(self.deconv2(x)))


NETWORKS = {
    "durn-p": lambda: FullResolution(1, 32, "batch"),
    "durn-p-no-norm": lambda: FullResolution(3, 32, None),
    "durn-u": DuRN_U,
    "durn-us": DuRN_US,
    "durn-s": lambda: FullResolution(3, 64, "batch", 32),
    "durn-s-p": DuRN_S_P,
}


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
