"""Makes metrics.json: the metrics of this folder's picture pairs, by scikit-image, PyTorch, and NumPy with SciPy.

Where no library has a metric, its authors' published MATLAB script is written out with SciPy's own filters. Pictures that
are too small for a metric are laid out mirrored (NumPy's `symmetric`), so that every language can make them.
Run: python3 make_metrics.py (after make_pictures.py)
"""
import json

import numpy as np
import scipy
import skimage
import torch
import torch.nn.functional as F
from scipy.ndimage import correlate, correlate1d, gaussian_filter
from scipy.signal import convolve2d
from scipy.special import gamma
from skimage import color, io

BELL = np.exp(-((np.arange(11) - 5) ** 2) / 4.5)
BELL /= BELL.sum()
MODEL = json.load(open("../models/niqe.json"))
REGRESSION = json.load(open("../models/brisque.json"))


def mirrored(picture, times):
    """The picture, and to its right and below what a mirror at its border shows."""
    height, width = picture.shape[:2]
    return np.pad(picture, ((0, (times - 1) * height), (0, (times - 1) * width), (0, 0)), mode="symmetric")


def ssim_terms(x, y, mean):
    mx, my = mean(x), mean(y)
    xx, yy, xy = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return (2 * mx * my + c1) / (mx * mx + my * my + c1), (2 * xy + c2) / (xx + yy + c2)


def matlab_ssim(x, y):
    """MATLAB's ssim: imgaussfilt of σ 1.5, 11 pixels wide, the border's pixels repeated; the mean of the whole map."""
    luminance, structure = ssim_terms(x, y, lambda z: gaussian_filter(z, 1.5, mode="nearest", truncate=3.5))
    return (luminance * structure).mean()


def pytorch_ssim(x, y):
    """Of RGB in [0, 1]: 11×11 Gaussian made in float32, zeros beyond the border; computed in float64."""
    line = torch.tensor([np.exp(-((i - 5) ** 2) / 4.5) for i in range(11)], dtype=torch.float32)
    line /= line.sum()
    kernel = torch.outer(line, line).double()[None, None].repeat(3, 1, 1, 1)
    x, y = (torch.tensor(p / np.float32(255)).double().permute(2, 0, 1)[None] for p in (x, y))
    mean = lambda z: F.conv2d(z, kernel, padding=5, groups=3)
    mx, my = mean(x), mean(y)
    xx, yy, xy = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    map = ((2 * mx * my + 1e-4) * (2 * xy + 9e-4)) / ((mx * mx + my * my + 1e-4) * (xx + yy + 9e-4))
    return map.mean().item()


def ms_ssim(x, y):
    """Wang's msssim.m of one channel."""
    inside = lambda z: correlate1d(correlate1d(z, BELL, axis=0), BELL, axis=1)[5:-5, 5:-5]
    result = 1.0
    weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
    for scale, weight in enumerate(weights):
        luminance, structure = ssim_terms(x, y, inside)
        term = (luminance * structure).mean() if scale == 4 else structure.mean()
        result *= max(term, 0) ** weight
        # imfilter(…, ones(2)/4, 'symmetric'): a pixel and those to its right and below; then every other one.
        x, y = (correlate(z, np.full((2, 2), 0.25), mode="reflect", origin=-1)[::2, ::2] for z in (x, y))
    return result


def grey(picture):
    return picture.astype(np.float64) @ [0.299, 0.587, 0.114]


def gmsd(x, y):
    """GMSD.m of luma."""
    halved = lambda z: convolve2d(z, np.full((2, 2), 0.25), mode="full")[1:, 1:][::2, ::2]
    x, y = halved(x), halved(y)
    prewitt = np.array([[1, 0, -1]] * 3) / 3
    slope = lambda z: np.sqrt(convolve2d(z, prewitt, "same") ** 2 + convolve2d(z, prewitt.T, "same") ** 2)
    gx, gy = slope(x), slope(y)
    return ((2 * gx * gy + 170) / (gx**2 + gy**2 + 170)).std(ddof=1)


SHAPES = np.arange(0.2, 10.001, 0.001)
RATIOS = gamma(2 / SHAPES) ** 2 / (gamma(1 / SHAPES) * gamma(3 / SHAPES))


def asymmetric(values):
    """estimateaggdparam.m: shape, left and right scale."""
    left, right = (np.sqrt((values[side] ** 2).mean()) for side in (values < 0, values > 0))
    ratio = np.abs(values).mean() ** 2 / (values**2).mean()
    g = left / right
    shape = SHAPES[((RATIOS - ratio * (g**3 + 1) * (g + 1) / (g**2 + 1) ** 2) ** 2).argmin()]
    factor = np.sqrt(gamma(1 / shape) / gamma(3 / shape))
    return shape, left * factor, right * factor


def features(block):
    shape, left, right = asymmetric(block.ravel())
    found = [shape, (left + right) / 2]
    for shift in ((0, 1), (1, 0), (1, 1), (1, -1)):
        shape, left, right = asymmetric((block * np.roll(block, shift, (0, 1))).ravel())
        found += [shape, (right - left) * gamma(2 / shape) / gamma(1 / shape), left, right]
    return found


def half(z):
    """imresize(z, 0.5): bicubic, widened against aliasing, mirrored at the border."""
    distance = np.abs(np.arange(-1.75, 2, 0.5))
    near = 1.5 * distance**3 - 2.5 * distance**2 + 1
    far = -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
    line = np.where(distance <= 1, near, far) / 2
    for axis in (0, 1):
        z = correlate1d(z, line, axis=axis, mode="reflect", origin=-1).take(np.arange(0, z.shape[axis], 2), axis)
    return z


def niqe(picture):
    """computequality.m with blocks of 96×96, of MATLAB's rgb2gray."""
    z = np.floor(picture.astype(np.float64) @ [0.2989, 0.587, 0.114] + 0.5)
    rows, columns = z.shape[0] // 96, z.shape[1] // 96
    z = z[: 96 * rows, : 96 * columns]
    bell = np.exp(-(np.arange(-3, 4) ** 2) / (2 * (7 / 6) ** 2))
    window = np.outer(bell, bell) / np.outer(bell, bell).sum()
    scales = []
    for side in (96, 48):
        mean = correlate(z, window, mode="nearest")
        deviation = np.sqrt(np.abs(correlate(z * z, window, mode="nearest") - mean * mean))
        normal = (z - mean) / (deviation + 1)
        blocks = [normal[r * side :, c * side :][:side, :side] for r in range(rows) for c in range(columns)]
        scales.append([features(block) for block in blocks])
        z = half(z)
    found = np.hstack(scales)
    mean = np.array(MODEL["mean"])
    covariance = np.zeros((36, 36))
    covariance[np.triu_indices(36)] = MODEL["covariance"]
    covariance = np.triu(covariance) + np.triu(covariance, 1).T
    difference = mean - found.mean(axis=0)
    return np.sqrt(difference @ np.linalg.pinv((covariance + np.cov(found.T)) / 2) @ difference)


def brisque(picture):
    """brisquescore.m, without the rounding of its text files."""
    z = np.floor(picture.astype(np.float64) @ [0.2989, 0.587, 0.114] + 0.5)
    bell = np.exp(-(np.arange(-3, 4) ** 2) / (2 * (7 / 6) ** 2))
    window = np.outer(bell, bell) / np.outer(bell, bell).sum()
    found = []
    for _ in range(2):
        mean = convolve2d(z, window, "same")
        deviation = np.sqrt(np.abs(convolve2d(z * z, window, "same") - mean * mean))
        normal = (z - mean) / (deviation + 1)
        shape = SHAPES[np.abs((normal**2).mean() / np.abs(normal).mean() ** 2 - 1 / RATIOS).argmin()]
        found += [shape, (normal**2).mean()]
        for shift in ((0, 1), (1, 0), (1, 1), (-1, 1)):
            pair = (normal * np.roll(normal, shift, (0, 1))).ravel()
            shape, left, right = asymmetric(pair)
            moments = [(pair[side] ** 2).mean() for side in (pair < 0, pair > 0)]
            found += [shape, (right - left) * gamma(2 / shape) / gamma(1 / shape), *moments]
        z = half(z)
    least, most = np.array(REGRESSION["ranges"]).T
    scaled = 2 * (np.array(found) - least) / (most - least) - 1
    squares = ((np.array(REGRESSION["vectors"]) - scaled) ** 2).sum(axis=1)
    return np.array(REGRESSION["weights"]) @ np.exp(-REGRESSION["gamma"] * squares) - REGRESSION["rho"]


rows = []
for name in ("astronaut", "chelsea"):
    truth, degraded = (io.imread(f"{name}-{kind}.png") for kind in ("truth", "degraded"))
    floats = [p.astype(np.float64) for p in (truth, degraded)]
    channels = lambda f, a, b: np.mean([f(a[..., c].astype(np.float64), b[..., c].astype(np.float64)) for c in range(3)])
    inner = [p[4:-4, 4:-4] for p in (truth, degraded)]
    wang = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255, "channel_axis": 2}
    unit = [(p / np.float32(255)).astype(np.float64) for p in (truth, degraded)]
    studio = [(p @ [65.481, 128.553, 24.966] / 255 + 16 / 255).astype(np.float32).astype(np.float64) for p in unit]
    score = lambda a, b, **how: {"psnr": skimage.metrics.peak_signal_noise_ratio(a, b, data_range=1),
                                 "ssim": skimage.metrics.structural_similarity(a, b, data_range=1, **how)}
    large = [mirrored(p, 3) for p in (truth, degraded)]
    rows.append({
        "name": name,
        "mse": skimage.metrics.mean_squared_error(truth, degraded),
        "mae": np.abs(floats[0] - floats[1]).mean(),
        "ciede2000": color.deltaE_ciede2000(color.rgb2lab(truth), color.rgb2lab(degraded)).mean(),
        "gmsd": gmsd(grey(truth), grey(degraded)),
        "gaussian11Zero": pytorch_ssim(truth, degraded),
        "gaussian11Repeated": channels(matlab_ssim, truth, degraded),
        "border4": {"psnr": skimage.metrics.peak_signal_noise_ratio(*inner),
                    "ssim": skimage.metrics.structural_similarity(*inner, **wang)},
        "floats": {"rgb": score(*unit, channel_axis=2), "y": score(*studio)},
        "mirrored": {"times": 3, "ms-ssim": channels(ms_ssim, *large), "niqe": niqe(large[1]),
                     "brisque": brisque(large[1])},
    })
tools = f"scikit-image {skimage.__version__}, PyTorch {torch.__version__}, SciPy {scipy.__version__}"
json.dump({"tools": tools, "pictures": rows}, open("metrics.json", "w"), indent=1)
