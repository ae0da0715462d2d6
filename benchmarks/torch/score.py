"""Times scikit-image's PSNR and SSIM of two pictures of noise, as src/score.ts times ours. Lines as step.py has them.

{"kind": "score", "window": "uniform", "width": 1920, "height": 1080} or {…, "window": "gaussian", …}
"""
import json
import resource
import sys
import time

import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

WINDOWS = {
    "uniform": {},
    "gaussian": {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255},
}

truth = None
for line in sys.stdin:
    request = json.loads(line)
    if truth is None:
        random = np.random.default_rng(1)
        truth = random.integers(0, 256, (request["height"], request["width"], 3), dtype=np.uint8)
        near = np.clip(truth + random.integers(-20, 21, truth.shape), 0, 255).astype(np.uint8)
    start = time.perf_counter()
    peak_signal_noise_ratio(truth, near)
    structural_similarity(truth, near, channel_axis=2, **WINDOWS[request["window"]])
    milliseconds = (time.perf_counter() - start) * 1000
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ms": milliseconds, "mb": megabytes}), flush=True)
