"""Makes the picture pairs of this folder and pictures.json: PSNR and SSIM by scikit-image, Y by OpenCV.

Photographs: scikit-image's astronaut (NASA, public domain) and chelsea (Stefan van der Walt, CC0), cut.
Run: python3 make_pictures.py
"""
import json

import cv2
import numpy as np
import skimage
from skimage import data, io
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

rng = np.random.default_rng(1)
pictures = {"astronaut": data.astronaut()[40:136, 170:298], "chelsea": data.chelsea()[80:173, 120:221]}
rows = []
for name, truth in pictures.items():
    noisy = np.clip(truth + rng.normal(0, 12, truth.shape), 0, 255)
    degraded = cv2.GaussianBlur(noisy, (0, 0), 0.7).astype(np.uint8)
    io.imsave(f"{name}-truth.png", truth, check_contrast=False)
    io.imsave(f"{name}-degraded.png", degraded, check_contrast=False)
    y = [cv2.cvtColor(p, cv2.COLOR_RGB2YCrCb)[..., 0] for p in (truth, degraded)]
    studio = [16 + p.astype(np.float64) @ [65.481, 128.553, 24.966] / 255 for p in (truth, degraded)]
    matlab = [np.floor(p + 0.5).astype(np.uint8) for p in studio]
    wang = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255}
    rows.append({
        "name": name,
        "rgb": {"psnr": peak_signal_noise_ratio(truth, degraded),
                "ssim": structural_similarity(truth, degraded, channel_axis=2)},
        "y": {"psnr": peak_signal_noise_ratio(*y), "ssim": structural_similarity(*y)},
        "matlab": {"psnr": peak_signal_noise_ratio(*matlab), "ssim": structural_similarity(*matlab, **wang)},
        "basicsr": {"psnr": peak_signal_noise_ratio(truth, degraded),
                    "ssim": structural_similarity(truth, degraded, channel_axis=2, **wang)},
        "basicsr-y": {"psnr": peak_signal_noise_ratio(*studio, data_range=255),
                      "ssim": structural_similarity(*studio, **wang)},
    })
tools = f"scikit-image {skimage.__version__}, OpenCV {cv2.__version__}"
json.dump({"tools": tools, "pictures": rows}, open("pictures.json", "w"), indent=1)
