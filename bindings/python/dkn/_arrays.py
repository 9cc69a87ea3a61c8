"""Arrays in and out: what users have becomes numpy's, and results become what they had."""

from __future__ import annotations

import os
import sys
from typing import Any

import numpy as np
import numpy.typing as npt

from dkn.lib import _dkn

Array = npt.NDArray[Any]

masked_arrays: Any = np.ma  # which has no types


def as_array(image: Any, what: str) -> Array:
    """The image as a numpy array, of the same memory where its protocol allows that."""
    if isinstance(image, (str, bytes, os.PathLike)):
        raise _dkn.Error(f"the {what} is {image!r}, a name or text; expected an array, such as "
                         "numpy.asarray(PIL.Image.open(name))")
    pillow = sys.modules.get("PIL.Image")
    if pillow is not None and isinstance(image, pillow.Image):
        if image.mode in ("P", "PA", "CMYK", "YCbCr", "LAB", "HSV"):  # no R,G,B, or indices of them
            image = image.convert("RGB")
    try:
        if hasattr(image, "__dlpack__") and not hasattr(image, "__array__"):
            array = np.from_dlpack(image)
        else:
            array = np.asanyarray(image)
    except Exception as error:
        raise _dkn.Error(f"the {what} is no array: {error}") from error
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    return array


def is_masked(array: Array) -> bool:
    return isinstance(array, np.ma.MaskedArray)


def split_mask(target: Array, mask: Array | None) -> tuple[Array, Array | None]:
    """Of a masked array the values and a mask that is 0 where it is masked."""
    if not is_masked(target):
        return target, mask
    masked = masked_arrays.getmaskarray(target)
    values = masked_arrays.getdata(target)
    if not masked.any():
        return values, mask
    if mask is not None:
        raise _dkn.ArgumentError("a masked array and mask=; expected one of them")
    if values.dtype not in (np.uint8, np.uint16, np.float16, np.float32):
        values = masked_arrays.filled(target, 0)  # what lies under the mask would decide the type
    channel = _dkn.axes(values, "target")[2]
    if channel >= 0:
        masked = masked.any(axis=channel)
    return values, ~masked


def known_mask(mask: Array, soft: bool, has_least: bool) -> Array:
    """A mask of a dtype that the library has and of the same meaning; `has_least`: by mask_at_least."""
    if mask.dtype.kind not in "bui" or mask.dtype in (np.uint8, np.uint16) or has_least:
        return mask
    if not soft:
        return np.asarray(mask != 0)
    largest = 1 if mask.dtype.kind == "b" else np.iinfo(mask.dtype).max
    return (mask / largest).astype(np.float32)


def restored(image: Array, dtype: np.dtype[Any]) -> Array:
    """The image in the dtype; integers are rounded to the nearest and limited, NaN becomes 0."""
    if image.dtype == dtype:
        return image
    if dtype.kind not in "iu" or image.dtype.kind != "f":
        return image.astype(dtype)
    limits = np.iinfo(dtype)
    values = np.rint(np.nan_to_num(image.astype(np.float64), nan=0.0))
    inside = (values > limits.min) & (values < limits.max)
    result = np.where(inside, values, 0.0).astype(dtype)
    result[values <= limits.min] = limits.min
    result[values >= limits.max] = limits.max
    return result


def hole_mask(image: Array, mark: float | None, coverage: Array) -> npt.NDArray[np.bool_]:
    """Where a result is a hole: its mark stands there, and not all is measured."""
    if image.dtype.kind == "f":
        marked = np.isnan(image)
        if mark is not None:
            marked |= image == mark
    else:
        marked = image == (0 if mark is None else mark)
    channel = _dkn.axes(image, "result")[2]
    if channel < 0:
        return marked & (coverage.reshape(marked.shape) < 1)
    pixels = np.moveaxis(marked, channel, -1)
    pixels = pixels & (coverage.reshape(*pixels.shape[:-1], 1) < 1)
    return np.moveaxis(pixels, -1, channel)
