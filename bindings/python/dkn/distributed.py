"""Large sets over many processes and machines, by dask.distributed (Debian's python3-distributed).

>>> import distributed, dkn.distributed
>>> client = distributed.Client("tcp://scheduler:8786")  # doctest: +SKIP
>>> done = dkn.distributed.upsample_dataset(("rgb/", "depth/"), "sharp/", client)  # doctest: +SKIP
>>> done.failures  # doctest: +SKIP
(('/data/depth/0007.png', '/data/depth/0007.png: the file is empty'),)

Scheduler, workers and client see the same files under the same paths, and have the same dkn. Each
worker makes a method once, works on as many frames at a time as it has threads, where its memory
allows, each on one thread, and has two chunks at most. What was done stays when anything ends: the
same call again goes on. docs/distributed.md tells how to start workers, and what it costs.
"""

from __future__ import annotations

import collections
import dataclasses
import glob
import hashlib
import json
import logging
import os
import re
import tempfile
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Union

import distributed as dask

from dkn import _evaluate
from dkn._dask import Collector, distribute, here, session
from dkn._evaluate import Evaluation, Progress
from dkn._upsampler import DataWarning, Upsampler
from dkn.lib import _dkn, _eval

Path = Union[str, "os.PathLike[str]"]

_log = logging.getLogger("dkn")

TASK_FILE = "dkn-task.json"
"""In a folder of results: what they were made with."""

_NO_MATTER = ("threads", "max_memory")  # arguments that no result depends on
_LOST = "its worker ended, each time that it was tried"

# What the workers found in targets, of how many frames, and how it is told.
_FINDINGS = {
    "zero_holes": (False, "0 counts as a hole; invalid=\"none\" takes it for a value"),
    "zero_values": (True, "0 counts as a value, as in masks and labels; invalid=0 takes it for a "
                          "hole"),
    "lone_values": (True, "many pixels have one value far from all others, which dkn.upsample of "
                          "such a frame names; if it means no measurement, invalid= tells so"),
    "wild_values": (True, "values far from all others count as holes; keep_wild_values=True takes "
                          "them for real"),
}


@dataclasses.dataclass(frozen=True)
class Dataset:
    """What upsample_dataset did."""

    frames: int
    """Of all that there are."""
    made: int
    """Of them in this run."""
    made_before: int
    """Of them before it, or by workers that ended before they told."""
    failures: tuple[tuple[str, str], ...]
    """Of each frame that failed the target's file and the reason, in the order of the frames."""
    choices: tuple[tuple[str, str, float], ...]
    """As Upsampler.choices."""
    notes: tuple[str, ...]
    """What was told, as warnings and messages of the logger "dkn"."""
    workers: dict[str, int]
    """Frames of this run by worker."""


def upsample_dataset(
    pairs: tuple[Path, Path] | Iterable[Sequence[Path]],
    out: Path,
    client: Any,
    *,
    masks: Path | None = None,
    confidence: Path | None = None,
    root: Path | None = None,
    chunk: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> Dataset:
    """Upsamples files of frames: what `dkn upsample` does with folders, on all workers of a client.

    Parameters
    ----------
    pairs
        Two folders (or one picture and a folder), of which files with names equal but for the ending
        belong together, as of the command; or files: (guide, target) or (guide, target, mask) of
        each frame.
    out
        The folder of results, which have their targets' names, types and units. A file that is
        there is a finished frame, and is not done again. dkn-task.json in it tells what the results
        were made with; a call with other options is refused.
    client
        A distributed.Client with workers.
    masks
        Beside two folders: that of masks, or one for all frames.
    confidence
        A folder for confidences. A frame is finished when both files are there.
    root
        Of files: results are named by their target's path below this folder, so that targets of
        several folders may have one name.
    chunk
        Frames that a worker is given at a time. 0: up to 32 for each of its threads, fewer where
        there are few frames.
    progress
        Called with (done, total) after each chunk.
    options
        As of dkn.Upsampler, but confidence, dtype and order: files tell them. threads: 0 is as many
        as a worker has. max_memory: of each worker, in 10^6 bytes; 0 is half of its limit.

    A frame that fails stops no other: Dataset.failures lists them, and one warning tells of them. A
    worker that ends loses nothing but the frames that it works on, which others do. Raises dkn.Error
    where the frames cannot be listed or the options fit nothing.
    """
    for name in ("confidence", "dtype", "order"):
        if name in options:
            raise _dkn.ArgumentError(f"{name}= is for arrays; files tell it")
    folder = os.path.abspath(out)
    arguments = _arguments(options, confidence is not None)
    frames = _frames(pairs, folder, masks, confidence, root)
    _take_folder(folder, arguments)
    total = _Total(len(frames), progress)
    distribute(client, _upsample_frames, arguments, frames, chunk, total)
    _remove_remains(frames)
    return total.dataset(frames)


def evaluate(
    experiment: str | os.PathLike[str] | Mapping[str, Any],
    data: Path,
    client: Any,
    *,
    methods: Sequence[str] = (),
    sets: Sequence[str] = (),
    limit: int = 0,
    results: Path | None = None,
    max_memory: int = 0,
    threads: int = 0,
    chunk: int = 0,
    progress: Progress | None = None,
) -> Evaluation:
    """Measures methods on data sets, on all workers of a client: what dkn.evaluate does, and gives.

    `results` is the file that `dkn eval --results` and dkn.evaluate(results=) keep: what it has is not
    measured again, by none of the three. max_memory, in 10^6 bytes, and threads are of each worker; 0:
    half of its limit, and as many as it has. Images by one method in one case are measured `chunk` at a
    time. An image that fails is a problem of the result; so is one whose worker ended each time. Raises
    dkn.Error as dkn.evaluate does, and for experiments that measure times.
    """
    data = os.path.abspath(data)
    source = _evaluate.source_of(experiment, methods, sets)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.abspath(results or os.path.join(folder, "results.jsonl"))
        left = _eval.SplitExperiment(source, data, limit, path, 0, 0).left()
        failures: dict[str, str] = {}
        setup = {"experiment": _text_of(experiment), "data": data, "methods": list(methods),
                 "sets": list(sets), "limit": limit, "max_memory": max_memory, "threads": threads}
        with open(path, "a", encoding="utf-8") as file:

            def keep(images: list[_eval.Image], outcomes: list[tuple[str, str]], _: str) -> None:
                file.write("".join(line for line, _ in outcomes))
                file.flush()
                for image, (_, failure) in zip(images, outcomes):
                    if failure:
                        failures[image[4]] = failure

            collector = Collector(
                len(left), progress, keep,
                lambda image: failures.update({image[4]: f"{image[5]}: {_LOST}"}))
            distribute(client, _measure_images, setup, left, chunk, collector,
                       of_one=lambda image: image[:2])
        return _evaluate.run(source, data, limit, path, 0, 0, failures, None, stacklevel=3)


class _Total(Collector):
    """Sums up what upsample_dataset gives."""

    def __init__(self, frames: int, progress: Progress | None) -> None:
        super().__init__(frames, progress, self._add,
                         lambda frame: self._failures.update({frame[0]: _LOST}))
        self._made_before = 0
        self._failures: dict[str, str] = {}
        self._choices: dict[str, tuple[str, str, float]] = {}
        self._notes: dict[str, list[Any]] = {}  # by text: the first file, and how many
        self._findings: collections.Counter[str] = collections.Counter()
        self._workers: collections.Counter[str] = collections.Counter()

    def _add(self, frames: list[_eval.Frame], result: dict[str, Any], worker: str) -> None:
        self._made_before += result["made_before"]
        self._failures.update(result["failures"])
        self._workers[worker] += result["frames"] - len(result["failures"])
        for choice in result["choices"]:
            self._choices.setdefault(choice[0], choice)
        for file, note, files in result["notes"]:
            self._notes.setdefault(note, [file, 0])[1] += files
        self._findings.update({name: result[name] for name in _FINDINGS})

    def dataset(self, frames: list[_eval.Frame]) -> Dataset:
        failures = tuple((frame[0], self._failures[frame[0]]) for frame in frames
                         if frame[0] in self._failures)
        notes = [(True, f"{file}: {note}" + (f" (of {count} files)" if count > 1 else ""))
                 for note, (file, count) in self._notes.items()]
        notes += [(is_warning, f"in {self._findings[name]} of {len(frames)} frames {text}")
                  for name, (is_warning, text) in _FINDINGS.items() if self._findings[name] > 0]
        notes += [(False, f"{scale:.3g}x: used {method}" + (f" ({reason})" if reason else ""))
                  for method, reason, scale in self._choices.values()]
        if failures:
            target, reason = failures[0]
            notes.append((True, f"{len(failures)} of {len(frames)} frames failed, as {target}: {reason}"))
        for is_warning, text in notes:
            if is_warning:
                warnings.warn(text, DataWarning, stacklevel=3)
            else:
                _log.info("%s", text)
        made = len(frames) - self._made_before - len(failures)
        return Dataset(len(frames), made, self._made_before, failures,
                       tuple(self._choices.values()), tuple(text for _, text in notes),
                       {name: count for name, count in self._workers.items() if count > 0})


def _arguments(options: dict[str, Any], confidence: bool) -> dict[str, Any]:
    """Those of the library, with files' names that hold on any machine. Checks them."""
    if options.get("progress") is not None:
        raise _dkn.ArgumentError("progress= is of one frame; distributed work tells its own")
    for name in ("method", "camera"):
        value = options.get(name)
        if isinstance(value, (str, os.PathLike)) and os.path.isfile(value):
            options[name] = os.path.abspath(value)
    return Upsampler(confidence=confidence, **options)._arguments


def _frames(pairs: Any, out: str, masks: Any, confidence: Any, root: Any) -> list[_eval.Frame]:
    def absolute(name: Any) -> str:
        return str(os.path.abspath(name)) if name else ""

    if isinstance(pairs, tuple) and len(pairs) == 2 and all(
            isinstance(name, (str, os.PathLike)) for name in pairs):
        if root is not None:
            raise _dkn.ArgumentError("root= is for pairs of files, not for two folders")
        return _eval.folder_frames(absolute(pairs[0]), absolute(pairs[1]), absolute(masks), out,
                                   absolute(confidence))
    if masks is not None:
        raise _dkn.ArgumentError("masks= is for two folders; of files each has (guide, target, mask)")
    listed = [tuple(absolute(name) for name in pair) for pair in pairs]
    for pair in listed:
        if len(pair) not in (2, 3):
            raise _dkn.ArgumentError(f"{pair}: expected (guide, target) or (guide, target, mask)")
    return _eval.listed_frames([(pair[0], pair[1], pair[2] if len(pair) > 2 else "")
                                for pair in listed], absolute(root), out,
                               absolute(confidence))


def _take_folder(out: str, arguments: dict[str, Any]) -> None:
    """Makes the folder, or sees that its results were made with the same arguments."""
    task = {name: value for name, value in arguments.items() if name not in _NO_MATTER}
    task["dkn"] = _dkn.version
    if os.path.isfile(task["method"]):
        with open(task["method"], "rb") as file:
            task["method_content"] = hashlib.sha256(file.read()).hexdigest()
    path = os.path.join(out, TASK_FILE)
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            before = json.load(file)
        differing = [f"{name} was {before.get(name)!r} and is {task.get(name)!r}"
                     for name in sorted({*before, *task}) if before.get(name) != task.get(name)]
        if differing:
            raise _dkn.Error(f"{path}: these results were made with other options: "
                             f"{'; '.join(differing)}; expected another folder, or the same options")
        return
    os.makedirs(out, exist_ok=True)
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        file.write(json.dumps(task, indent=1, sort_keys=True) + "\n")
    os.replace(path + ".tmp", path)


def _remove_remains(frames: list[_eval.Frame]) -> None:
    """Of workers that ended while they wrote: RESULT.NUMBER.tmp beside results."""
    results = {name for frame in frames for name in frame[3:5] if name}
    for folder in {os.path.dirname(name) for name in results}:
        for path in glob.iglob(os.path.join(glob.escape(folder), "*.tmp")):
            if re.sub(r"\.\d+\.tmp$", "", path) in results:
                os.remove(path)


def _text_of(experiment: str | os.PathLike[str] | Mapping[str, Any]) -> str:
    if isinstance(experiment, Mapping):
        return json.dumps(experiment)
    with open(experiment, encoding="utf-8") as file:
        return file.read()


def _upsample_frames(setup: dict[str, Any], frames: list[_eval.Frame]) -> tuple[Any, str]:
    def make(setup: dict[str, Any]) -> _eval.FilesUpsampler:
        return _eval.FilesUpsampler(setup, setup["share"])

    held = session("frames", here(setup), make)
    with held.lock:
        return held.made.upsample(frames), dask.get_worker().address


def _measure_images(setup: dict[str, Any], images: list[_eval.Image]) -> tuple[Any, str]:
    def make(setup: dict[str, Any]) -> _eval.SplitExperiment:
        source = _eval.Source(setup["experiment"], True, setup["methods"], setup["sets"])
        return _eval.SplitExperiment(source, setup["data"], setup["limit"], "",
                                     setup["max_memory"] or setup["share"], setup["threads"])

    held = session("images", here(setup), make)
    with held.lock:
        return held.made.measure(images), dask.get_worker().address
