"""Makes the NumPy archives in checkpoints/: arrays of every type that is read, in both orders, stored and compressed.

Run: python3 make_arrays.py. Every array holds 0, 1, … divided by 8, as far as its type can.
"""
import os

import numpy

HERE = os.path.join(os.path.dirname(__file__), "checkpoints")


def counted(dtype, *shape):
    return (numpy.arange(numpy.prod(shape, dtype=int)) / 8).reshape(shape).astype(dtype)


arrays = {f"types/{name}": counted(name, 2, 3, 4) for name in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4"]}
arrays["types/b1"] = numpy.array([True, False])
arrays["fortran"] = numpy.asfortranarray(counted("f4", 2, 3, 4))
arrays["scalar"] = numpy.float32(0.125)
arrays["empty"] = numpy.zeros([0, 3], "f4")
numpy.savez(os.path.join(HERE, "arrays.npz"), **arrays)
numpy.savez_compressed(os.path.join(HERE, "arrays-compressed.npz"), **arrays)
