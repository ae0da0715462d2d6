"""Makes resize-opencv.json: what cv2.resize gives by default on bytes. Run with Debian's python3-opencv.

Pictures are filled by the goldens' generator: byte = floor(256·u), u from the seed "resize:NAME", rows × columns × channels.
"""
import json

import cv2
import numpy as np


def uniforms(name, count):
    state = 2166136261
    for byte in name.encode():
        state = ((state ^ byte) * 16777619) & 0xFFFFFFFF
    values = []
    for _ in range(count):
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        t ^= (t + (((t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF
        values.append((t ^ (t >> 14)) / 4294967296)
    return values


CASES = [((17, 13), (9, 7)), ((12, 8), (6, 4)), ((10, 10), (16, 5)), ((20, 15), (18, 18)), ((9, 5), (4, 2)), ((64, 36), (32, 18))]
rows = []
for (width, height), (to_width, to_height) in CASES:
    name = f"resize:{width}x{height}"
    picture = np.array([int(256 * u) for u in uniforms(name, width * height * 3)], np.uint8).reshape(height, width, 3)
    resized = cv2.resize(picture, (to_width, to_height))
    rows.append({"name": name, "from": [width, height], "to": [to_width, to_height], "bytes": resized.ravel().tolist()})
json.dump({"tool": f"OpenCV {cv2.__version__}", "cases": rows}, open("resize-opencv.json", "w"), separators=(",", ":"))
