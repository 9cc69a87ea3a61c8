"""The Upsampler and its results."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Union

import numpy as np
import numpy.typing as npt

from dkn import _arrays
from dkn.lib import _dkn

Invalid = Union[str, float, Sequence[float], None]
Progress = Union[Callable[[float], Any], None]
Camera = Union[str, "os.PathLike[str]", Mapping[str, Any], None]

_log = logging.getLogger("dkn")


class DataWarning(UserWarning):
    """A target or a guide was taken for something that you may not have meant.

    >>> import warnings
    >>> warnings.simplefilter("ignore", DataWarning)  # silences them
    """


def tell(notes: _dkn.Notes, stacklevel: int, told: set[str] | None = None) -> None:
    """Warns or logs; with `told` each kind of warning once."""
    for kind, is_warning, text in notes:
        if not is_warning:
            _log.info("%s", text)
        elif told is None or kind not in told:
            warnings.warn(text, DataWarning, stacklevel=stacklevel + 1)
            if told is not None:
                told.add(kind)


def _invalid_text(invalid: Invalid) -> str:
    if invalid is None or isinstance(invalid, str):
        return invalid or ""
    values = np.atleast_1d(np.asarray(invalid, np.float64))
    return ",".join(np.format_float_positional(value, trim="-") for value in values)


@dataclasses.dataclass(frozen=True)
class Result:
    """What an Upsampler makes of a frame; H and W are the guide's."""

    image: npt.NDArray[Any]
    """The target's channels, dtype, unit and order of axes. A masked array if the target is one."""
    confidence: npt.NDArray[np.float32] | None
    """[H, W], 0 to 1: how far to trust each pixel, 0 in holes. None with confidence=False."""
    mask: npt.NDArray[np.float32]
    """[H, W], 0 to 1: how much of each pixel rests on measurements; read-only where all do."""
    method: str
    """What filtered it; empty where nothing was measured (may_be_empty)."""
    holes: int
    """Pixels of the target without measurement."""
    wild_values: int
    """Those of them that were taken for holes because they lie far from all others."""
    residual: float
    """With fidelity, the RMS by which the result, shrunk again, differs from the target."""
    notes: tuple[str, ...]
    """What was told, as warnings and messages of the logger "dkn"."""


class Upsampler:
    """Upsamples frames, one after the other: memory and network are made once.

    Parameters
    ----------
    method
        A model (dkn.models()), a method (dkn.methods()) or a model file. None: what fits the ratio of
        sizes, the noise and the target, and is told.
    settings
        Of the method's parameters, as {"radius": 2}; `dkn info METHOD` lists them.
    threads
        Of one frame. 0: as many as OpenMP has (OMP_NUM_THREADS, else one for each processor).
        Results do not depend on it.
    confidence
        Whether results have Result.confidence.
    invalid
        What stands for holes beside NaN and infinity: a number, several, or text such as
        "0,65535,>8000", "<0.1" or "100..200"; "none": nothing. The first single number stands for
        holes in results too. None: 0 of integers that seem to be depth or the like (one channel of
        16 bits with many values), and nothing of pictures, masks, labels and floats.
    mask_at_least, soft_mask
        How masks are read: pixels of less than mask_at_least are holes; or 0 to the largest value of
        the dtype (1 of floats) says how far to trust a pixel. Else 0 is a hole; masks of floats are
        soft.
    keep_wild_values
        Isolated values of more than 4 times the magnitude of all others count; else as holes.
    holes
        "fill": a value everywhere; "keep": holes stay, as NaN, 0 or the first of `invalid`;
        "measured": values where at least `support` (0 to 1) of the kernel lies on measurements.
    hole_refinements
        How often holes are filled anew by what the method made of them.
    fidelity
        Iterations of back-projection, which make the result, shrunk again, return the target; 5 do.
    precision
        "fp32", "bf16", "int8", or "auto": the fastest that loses less than half a percent.
    orientations
        1, 2, 4 or 8, in which each frame is filtered: mirrored, turned and transposed. The mean of all
        is 1 to 3 % closer to the truth than one, for so many times the work.
    max_memory
        In 10^6 bytes, of all that is held for a frame; 0: no bound. Results change by rounding alone.
    camera
        Both cameras (docs/streams.md), as a file's name or as a dict: the target is moved from the
        depth camera's view into the picture's first.
    place
        (x, y, width, height) in pixels of the guide: the part that the target covers.
    dtype, step
        Of results; None: the target's. Between uint16 and floats the unit changes: `step` is the
        metres of one unit of uint16, as 0.001.
    packed
        How depth is packed in the target's bits or colours, as "depth16", "carla", "bits:3-15"
        (docs/formats.md); results are not packed.
    may_be_empty
        A target without any measurement gives a result of holes instead of an Error.
    order
        "rgb", or "bgr" of OpenCV: the guides' channels.
    progress
        Called now and then with the share of a frame that is done, 0 to 1; where it returns False,
        or on Ctrl-C without it too, the work ends: dkn.Error, or KeyboardInterrupt.

    Raises dkn.Error where arguments contradict each other or there is no such method.

    Several threads may use one Upsampler; they take turns; sibling() gives one more that works at
    the same time. The GIL is released meanwhile.

    >>> import numpy as np
    >>> up = Upsampler("bicubic", threads=1)
    >>> up.guide = np.zeros((120, 160, 3), np.uint8)
    >>> out = up(np.full((30, 40), 2000, np.uint16))
    >>> out.image.shape, out.image.dtype, out.method
    ((120, 160), dtype('uint16'), 'bicubic')

    Source: C++'s dkn::Upsampler (include/dkn/upsampler.h).
    """

    def __init__(
        self,
        method: str | os.PathLike[str] | None = None,
        *,
        settings: Mapping[str, float] | None = None,
        threads: int = 0,
        confidence: bool = True,
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
        _iterations: int = 1,
        _same_size: bool = False,
        _own_guide: bool = False,
    ) -> None:
        self._order = order
        self._dtype = None if dtype is None else np.dtype(dtype)
        self._packed = packed is not None
        self._told: set[str] = set()
        self._guide: Any = None
        native = ""
        if self._dtype is not None:
            native = "float32" if self._dtype == np.float64 else self._dtype.newbyteorder("=").name
        self._arguments: dict[str, Any] = {
            "method": "" if method is None else os.fspath(method),
            "settings": dict(settings or {}),
            "threads": threads,
            "confidence": confidence,
            "invalid": _invalid_text(invalid),
            "mask_at_least": mask_at_least,
            "soft_mask": soft_mask,
            "keep_wild_values": keep_wild_values,
            "holes": holes,
            "support": support,
            "hole_refinements": hole_refinements,
            "fidelity": fidelity,
            "precision": precision,
            "orientations": orientations,
            "max_memory": max_memory,
            "cameras": json.dumps(camera) if isinstance(camera, Mapping) else "",
            "camera_file": "" if camera is None or isinstance(camera, Mapping)
                           else os.fspath(camera),
            "place": "" if place is None else ",".join(str(int(number)) for number in place),
            "dtype": native,
            "step": step,
            "packed": packed or "",
            "may_be_empty": may_be_empty,
            "iterations": _iterations,
            "same_size": _same_size,
            "own_guide": _own_guide,
            "order": order,
            "progress": progress,
        }
        self._native = _dkn.Upsampler(self._arguments)

    @property
    def guide(self) -> Any:
        """The guide of the frames from now on, which was copied when it was set: [H, W] or
        [H, W, C] or [C, H, W] of 1 or 3 channels, 2 and 4 with alpha, which is left out. uint8 is
        0 to 255, floats are 0 to 1; other ranges are brought there and told."""
        return self._guide

    @guide.setter
    def guide(self, guide: Any) -> None:
        self._set_guide(guide, stacklevel=3)

    def _set_guide(self, guide: Any, stacklevel: int) -> None:
        self._native.set_guide(np.asarray(_arrays.as_array(guide, "guide")), self._order)
        self._guide = guide
        tell(self._native.guide_notes(), stacklevel, self._told)

    def __call__(self, target: Any, mask: Any = None) -> Result:
        """The target, no larger than the guide in each direction, at the guide's size.

        `mask` has the target's height and width and is 0 where it has a hole, or as mask_at_least and
        soft_mask say. Masked values of a masked array are holes. Raises dkn.Error before the first
        guide, where sizes do not fit, and where nothing is measured.
        """
        return self._upsample(target, mask, stacklevel=3)

    def _upsample(self, target: Any, mask: Any, stacklevel: int) -> Result:
        array = _arrays.as_array(target, "target")
        if mask is not None:
            mask = _arrays.known_mask(np.asarray(_arrays.as_array(mask, "mask")),
                                      self._arguments["soft_mask"],
                                      self._arguments["mask_at_least"] is not None)
        values, weights = _arrays.split_mask(array, mask)
        fields = self._native.upsample(values, weights)
        tell(fields["notes"], stacklevel, self._told)
        coverage = fields["mask"]
        if coverage is None:  # all is measured
            coverage = np.broadcast_to(np.float32(1), fields["size"])
        image = fields["image"]
        dtype = self._dtype if self._dtype is not None else values.dtype
        if self._packed and self._dtype is None:
            dtype = image.dtype
        if _arrays.is_masked(array):
            holes = _arrays.hole_mask(image, fields["mark"], coverage)
            image = _arrays.masked_arrays.array(_arrays.restored(image, dtype), mask=holes)
        else:
            image = _arrays.restored(image, dtype)
        confidence = fields["confidence"]
        notes = self._native.guide_notes() + fields["notes"]
        return Result(image, confidence, coverage, fields["method"], fields["holes"],
                      fields["wild_values"], fields["residual"],
                      tuple(text for _, _, text in notes))

    def sibling(self) -> Upsampler:
        """One more for another thread: the same arguments and network, a guide of its own."""
        other = Upsampler.__new__(Upsampler)
        other._order = self._order
        other._dtype = self._dtype
        other._packed = self._packed
        other._told = set()
        other._guide = None
        other._arguments = self._arguments
        other._native = self._native.sibling()
        return other

    @property
    def choices(self) -> list[tuple[str, str, float]]:
        """What was chosen so far: method, the reason where it is no usual one, and the ratio."""
        return self._native.choices()

    def free_memory(self) -> None:
        """Gives back what frames have left; the guide stays."""
        self._native.free_memory()
