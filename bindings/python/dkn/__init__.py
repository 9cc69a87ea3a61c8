"""Sharp depth maps from poor ones, with the help of a picture: joint image filtering by networks
that predict kernels (Kim, Ponce, Ham: Deformable Kernel Networks, IJCV 2020).

A *target* (a low-resolution depth map, or any other map) and a *guide* (usually an RGB picture of the
same view) give the target at the guide's size and with the guide's structure:

>>> import numpy as np, dkn
>>> rgb = np.zeros((240, 320, 3), np.uint8)
>>> rgb[:, 160:] = 255
>>> depth = np.full((60, 80), 2.5, np.float32)  # metres
>>> depth[:, 40:] = 4.0
>>> sharp = dkn.upsample(rgb, depth)
>>> sharp.shape, sharp.dtype
((240, 320), dtype('float32'))

Images are numpy arrays, or what becomes one through the protocols of arrays (PIL, torch, OpenCV,
Open3D, dlpack): [H, W], [H, W, C] or [C, H, W], axes of length 1 left out, in any dtype of bool,
integers or floats and with any strides. Results have the target's dtype, unit, and order of axes. All
is done by the same code as the command `dkn`, with the same defaults and the same bits.

What the command tells on standard error are warnings of the class DataWarning where you may want to
do something, and messages of the logger "dkn" of level INFO else; Result.notes has both.
"""

from dkn._filters import filter as filter
from dkn._filters import kernels as kernels
from dkn._filters import methods as methods
from dkn._filters import models as models
from dkn._filters import upsample as upsample
from dkn._evaluate import Evaluation as Evaluation
from dkn._evaluate import evaluate as evaluate
from dkn._segmenter import Segmenter as Segmenter
from dkn._upsampler import DataWarning as DataWarning
from dkn._upsampler import Result as Result
from dkn._upsampler import Upsampler as Upsampler
from dkn.lib._dkn import ArgumentError as ArgumentError
from dkn.lib._dkn import Error as Error
from dkn.lib._dkn import MethodError as MethodError
from dkn.lib._dkn import OutOfMemory as OutOfMemory
from dkn.lib._dkn import version as __version__

__all__ = [
    "Result", "Segmenter", "Upsampler", "__version__", "evaluate", "filter", "kernels", "methods", "models",
    "upsample",
]

for _public in (DataWarning, Evaluation, Result, Segmenter, Upsampler, evaluate, filter, kernels, methods,
                models, upsample):
    _public.__module__ = __name__
