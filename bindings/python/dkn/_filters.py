"""Functions of one frame."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dkn import _arrays
from dkn._upsampler import Camera, Invalid, Progress, Upsampler
from dkn.lib import _dkn

_KERNEL = np.dtype([("weight", np.float32), ("x", np.float32), ("y", np.float32)])


def upsample(
    guide: Any,
    target: Any,
    *,
    mask: Any = None,
    method: str | os.PathLike[str] | None = None,
    settings: Mapping[str, float] | None = None,
    threads: int = 0,
    invalid: Invalid = None,
    mask_at_least: float | None = None,
    soft_mask: bool = False,
    keep_wild_values: bool = False,
    holes: str = "fill",
    support: float = 0.5,
    hole_refinements: int = 1,
    fidelity: int = 0,
    precision: str = "auto",
    orientations: int = 1,
    max_memory: int = 0,
    camera: Camera = None,
    place: tuple[int, int, int, int] | None = None,
    dtype: npt.DTypeLike = None,
    step: float = 0.001,
    packed: str | None = None,
    may_be_empty: bool = False,
    order: str = "rgb",
    progress: Progress = None,
) -> npt.NDArray[Any]:
    """The target at the guide's size and with its structure: what `dkn upsample` does.

    Parameters
    ----------
    guide
        [H, W], [H, W, C] or [C, H, W] with 1 or 3 channels, or 2 and 4 with alpha, which is left out.
        uint8 is 0 to 255, floats are 0 to 1; other ranges are brought there and told.
    target
        [h, w], [h, w, c] or [c, h, w] with h <= H and w <= W, in any unit. NaN, infinity, masked
        values, and 0 of what seems to be 16-bit depth, are holes, and are filled.
    mask
        [h, w], 0 where the target has a hole.
    method and the rest
        As of dkn.Upsampler.

    Returns an array with the target's dtype, unit, channels and order of axes. Raises dkn.Error, a
    ValueError, that says what was wrong and what was expected.

    >>> import numpy as np
    >>> rgb = np.zeros((64, 64, 3), np.uint8)
    >>> depth = np.full((16, 16), 1500, np.uint16)  # millimetres
    >>> sharp = upsample(rgb, depth)
    >>> sharp.dtype, sharp.shape, int(sharp[5, 5])
    (dtype('uint16'), (64, 64), 1500)

    Many frames are faster by one dkn.Upsampler, which tells its confidence, too.
    """
    if guide is target and method is None:
        raise _dkn.Error("guide and target are one array; dkn.filter removes its texture")
    upsampler = Upsampler(
        method, settings=settings, confidence=False, threads=threads, invalid=invalid,
        mask_at_least=mask_at_least, soft_mask=soft_mask,
        keep_wild_values=keep_wild_values, holes=holes, support=support,
        hole_refinements=hole_refinements, fidelity=fidelity, precision=precision,
        orientations=orientations, max_memory=max_memory, camera=camera, place=place, dtype=dtype,
        step=step, packed=packed, may_be_empty=may_be_empty, order=order, progress=progress)
    upsampler._set_guide(guide, stacklevel=3)
    return upsampler._upsample(target, mask, stacklevel=3).image


def filter(
    guide: Any,
    target: Any,
    *,
    mask: Any = None,
    method: str | os.PathLike[str] | None = None,
    settings: Mapping[str, float] | None = None,
    iterations: int = 1,
    threads: int = 0,
    invalid: Invalid = None,
    mask_at_least: float | None = None,
    soft_mask: bool = False,
    keep_wild_values: bool = False,
    holes: str = "fill",
    support: float = 0.5,
    hole_refinements: int = 1,
    precision: str = "auto",
    orientations: int = 1,
    max_memory: int = 0,
    dtype: npt.DTypeLike = None,
    step: float = 0.001,
    packed: str | None = None,
    order: str = "rgb",
    progress: Progress = None,
) -> npt.NDArray[Any]:
    """The target without its noise, by the guide's structure: what `dkn filter` does.

    Both have one height and width; each channel of the target is filtered by itself. Arguments, results
    and errors are those of dkn.upsample. `iterations`: each after the first filters what the last
    one gave. Where `target is guide`, a picture or a depth map, it is its own guide in each iteration
    anew, and loses its texture or noise (the paper removes texture in 4 iterations); `order` is that
    of its colours.

    >>> import numpy as np
    >>> noisy = np.full((64, 64), 2.0, np.float32)
    >>> noisy[::2] += 0.01
    >>> clean = filter(np.zeros((64, 64, 3), np.uint8), noisy)
    >>> clean.shape, bool(clean.std() <= noisy.std())
    ((64, 64), True)
    """
    upsampler = Upsampler(
        method, settings=settings, confidence=False, threads=threads, invalid=invalid,
        mask_at_least=mask_at_least, soft_mask=soft_mask,
        keep_wild_values=keep_wild_values, holes=holes, support=support,
        hole_refinements=hole_refinements, precision=precision, orientations=orientations,
        max_memory=max_memory, dtype=dtype, step=step, packed=packed, order=order, progress=progress,
        _iterations=iterations, _same_size=True, _own_guide=target is guide)
    if target is not guide:
        upsampler._set_guide(guide, stacklevel=3)
    return upsampler._upsample(target, mask, stacklevel=3).image


def kernels(
    guide: Any,
    target: Any,
    *,
    method: str | os.PathLike[str] | None = None,
    precision: str = "auto",
    threads: int = 0,
    order: str = "rgb",
) -> npt.NDArray[Any]:
    """Where a network samples, and by what weights: the numbers of `dkn inspect`.

    A structured array [H, W, taps] of the guide's size with the fields "weight", "x" and "y": of pixel
    [y, x] each tap reads the target at x and y pixels from it, to the right and down, and the result
    is the target there plus the sum of weight times what is read (Eq. (3) of the paper; without
    residual the sum alone, Eq. (7)). The target has one channel; `method` is a model. Raises
    dkn.Error as dkn.upsample does, and for a target of one value, which no kernel is used for.

    >>> import numpy as np
    >>> depth = np.tile(np.linspace(1, 2, 16, dtype=np.float32), (16, 1))
    >>> taps = kernels(np.zeros((64, 64, 3), np.uint8), depth, method="fdkn_x4")[30, 20]
    >>> taps["weight"].shape, bool(abs(taps["weight"].sum()) < 1e-4)
    ((9,), True)
    """
    values, mask = _arrays.split_mask(_arrays.as_array(target, "target"), None)
    array, _ = _dkn.kernels(np.asarray(_arrays.as_array(guide, "guide")), order, values, mask,
                            "" if method is None else os.fspath(method), precision, threads)
    return array.view(_KERNEL)[..., 0]


def models() -> list[str]:
    """Names of the trained networks: of the folder in the environment variable DKN_MODELS, and of the
    package.

    >>> "fdkn_any" in models()
    True
    """
    return _dkn.models()


def methods() -> dict[str, str]:
    """The classical filters by name, with one line about each.

    >>> "guided" in methods()
    True
    """
    return _dkn.methods()
