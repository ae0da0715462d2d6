"""Makes pair.h5: pictures as DCPDN keeps them, and datasets that are none. Run with Debian's python3-h5py.

gt is numbered (i % 97) / 100 in float64, haze (i % 97) / 200 in float32, compressed and in chunks.
"""
import h5py
import numpy as np

values = np.arange(12 * 10 * 3).reshape(12, 10, 3) % 97
with h5py.File("pair.h5", "w") as file:
    file["ato"] = (values / 400).astype(np.float32)
    file["gt"] = values / 100
    file.create_dataset("haze", data=(values / 200).astype(np.float32), compression="gzip", chunks=(6, 5, 3))
    file["trans"] = (values / 400).astype(np.float32)
    file["bytes"] = (np.arange(12 * 10 * 3).reshape(12, 10, 3) % 251).astype(np.uint8)
    file["flat"] = np.zeros((4, 4), np.float32)
    file["bright"] = np.full((4, 4, 3), 2, np.float32)
