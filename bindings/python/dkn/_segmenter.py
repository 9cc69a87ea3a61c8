"""What a picture's pixels show."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dkn import _arrays
from dkn.lib import _dkn


class Segmenter:
    """A segmentation network and the joint filter of its scores: what `dkn segment` does.

    Parameters
    ----------
    network
        The name of a network that ships (`Segmenter.networks()`), or a model file of dkn-train.
    filter
        The joint filter that brings the scores to the picture's size, by its name or model file;
        "none": bilinear interpolation alone. Without it the one that the network was trained with.
    settings, precision
        Of that filter, as of dkn.Upsampler.
    max_pixels
        Pictures of more pixels are made smaller for the network and its filter, and the scores
        brought back by bilinear interpolation. 0: what the network's file says; -1: no bound.
    threads
        0: one for each processor.

    >>> import numpy as np
    >>> street = np.zeros((96, 128, 3), np.uint8)
    >>> segmenter = Segmenter("camvid")
    >>> segmenter.labels(street).shape, segmenter.scores(street).shape
    ((96, 128), (96, 128, 11))
    >>> segmenter.classes[:3]
    ['sky', 'building', 'pole']
    """

    def __init__(
        self,
        network: str | os.PathLike[str] = "camvid",
        *,
        filter: str | os.PathLike[str] | None = None,
        settings: Mapping[str, float] | None = None,
        precision: str = "fp32",
        max_pixels: int = 0,
        threads: int = 0,
    ) -> None:
        self._segmenter = _dkn.Segmenter(
            os.fspath(network), "" if filter is None else os.fspath(filter), dict(settings or {}),
            precision, max_pixels, threads)

    @staticmethod
    def networks() -> list[str]:
        """The names of the networks that ship."""
        return list(_dkn.segmenters())

    @property
    def classes(self) -> list[str]:
        return list(self._segmenter.classes())

    @property
    def colours(self) -> npt.NDArray[np.uint8]:
        """R,G,B of each class, [classes, 3]."""
        return self._segmenter.colours()

    @property
    def filter(self) -> str:
        """The joint filter in use; "none"."""
        return str(self._segmenter.filter())

    def scores(self, picture: Any, *, order: str = "rgb") -> npt.NDArray[np.float32]:
        """[H, W, classes], before a softmax (of densecrf probabilities); the largest wins.

        The picture is [H, W], [H, W, C] or [C, H, W] with 1 or 3 channels, in any range that
        dkn.upsample takes of a guide.
        """
        return self._segmenter.scores(
            _arrays.as_array(picture, "picture"), order)

    def labels(self, picture: Any, *, order: str = "rgb") -> npt.NDArray[np.uint16]:
        """[H, W], the number of each pixel's class in `classes`."""
        return self._segmenter.labels(
            _arrays.as_array(picture, "picture"), order)
