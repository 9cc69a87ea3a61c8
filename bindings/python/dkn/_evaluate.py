"""Experiments: tables of methods on data sets."""

from __future__ import annotations

import dataclasses
import json
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dkn._upsampler import DataWarning

if TYPE_CHECKING:
    from dkn.lib import _eval

Progress = Callable[[int, int], object]


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """What an experiment measured."""

    rows: list[dict[str, Any]]
    """One for each method, set, case and metric: "method", "dataset", "scale", "metric", "unit",
    "value", "spread", "images", "paper" (the published value or None), and "case" where several."""
    markdown: str
    """The tables as `dkn eval` prints them."""
    problems: tuple[str, ...]
    """What failed, each told as a warning too."""
    missing: tuple[str, ...]
    """Sets and methods that are known to be missing, and why."""


def evaluate(
    experiment: str | os.PathLike[str] | Mapping[str, Any],
    data: str | os.PathLike[str],
    *,
    methods: Sequence[str] = (),
    sets: Sequence[str] = (),
    limit: int = 0,
    results: str | os.PathLike[str] | None = None,
    max_memory: int = 0,
    threads: int = 0,
    progress: Progress | None = None,
) -> Evaluation:
    """Measures methods on data sets, as an experiment says: what `dkn eval` does.

    Parameters
    ----------
    experiment
        A file such as experiments/table03.json (docs/evaluation.md), or what it holds as a dict.
    data
        The folder in which the sets lie (docs/datasets.md).
    methods, sets
        Labels of those that are measured; none: all.
    limit
        The first images of each set alone; 0: all.
    results
        A file that keeps each image's result, and from which those that are there are taken.
    max_memory, threads
        In 10^6 bytes, and threads, of all images that are measured at a time; 0: half of what is
        free, and all that OpenMP has.
    progress
        Called with (done, total) of images over the whole experiment; what it raises ends the run.

    Raises dkn.Error where the experiment cannot be read; what fails in it is a problem of the result.
    """
    return run(source_of(experiment, methods, sets), data, limit, results, max_memory, threads, {},
               progress, stacklevel=3)


def source_of(experiment: str | os.PathLike[str] | Mapping[str, Any], methods: Sequence[str],
              sets: Sequence[str]) -> _eval.Source:
    from dkn.lib import _eval  # needs the libraries of all file formats; the rest does not

    is_text = isinstance(experiment, Mapping)
    text = json.dumps(experiment) if isinstance(experiment, Mapping) else os.fspath(experiment)
    return _eval.Source(text, is_text, list(methods), list(sets))


def run(
    source: _eval.Source,
    data: str | os.PathLike[str],
    limit: int,
    results: str | os.PathLike[str] | None,
    max_memory: int,
    threads: int,
    failures: dict[str, str],
    progress: Progress | None,
    stacklevel: int,
) -> Evaluation:
    """With `failures`, of images by their keys, which are not measured again."""
    from dkn.lib import _eval

    rows, markdown, problems, missing = _eval.evaluate(
        source, os.fspath(data), limit, "" if results is None else os.fspath(results), max_memory,
        threads, failures, progress)
    for problem in problems:
        warnings.warn(problem, DataWarning, stacklevel=stacklevel)
    return Evaluation(json.loads(rows), markdown, tuple(problems), tuple(missing))
