"""Work in chunks on the workers of a dask.distributed client, and what a worker keeps between chunks."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import distributed as dask

from dkn._evaluate import Progress

T = TypeVar("T")

as_completed: Any = dask.as_completed  # which has no types

_AT_A_TIME = 2  # chunks of a worker: one that is worked on, one that waits
_LARGEST_CHUNK = 32  # items for each thread


class Collector:
    """Takes what workers give: `keep(items, result, worker)`, or `lost(item)` for none."""

    def __init__(self, total: int, progress: Progress | None, keep: Callable[..., None],
                 lost: Callable[[Any], None]) -> None:
        self._done, self._total, self._progress = 0, total, progress
        self._keep, self._lost = keep, lost

    def take(self, items: list[Any], result: Any, worker: str) -> None:
        self._keep(items, result, worker)
        self._count(len(items))

    def lose(self, item: Any) -> None:
        self._lost(item)
        self._count(1)

    def _count(self, items: int) -> None:
        self._done += items
        if self._progress is not None:
            self._progress(self._done, self._total)


def chunks(items: Sequence[T], size: int, of_one: Callable[[T], Any] | None) -> Iterator[list[T]]:
    """Of neighbours, all of which `of_one` is the same of."""
    for _, group in itertools.groupby(items, of_one or (lambda item: None)):
        while chunk := list(itertools.islice(group, size)):
            yield chunk


class Workers:
    """How many there are, asked once a second, and the most threads that one has."""

    def __init__(self, client: Any) -> None:
        self._client, self._asked = client, 0.0
        self.count, self.threads = 1, 1

    def ask(self) -> None:
        if time.monotonic() - self._asked > 1:
            self._asked = time.monotonic()
            threads = self._client.nthreads()
            self.count, self.threads = max(1, len(threads)), max(1, *threads.values(), 1)


def distribute(client: Any, work: Callable[..., Any], setup: dict[str, Any],
               items: Sequence[Any], chunk: int, collector: Collector,
               of_one: Callable[[Any], Any] | None = None) -> None:
    """Calls work(setup, chunk) on workers and hands each chunk's result to the collector. What a chunk
    ended its workers with is tried again item by item, one at a time."""
    workers = Workers(client)
    workers.ask()
    even = -(-len(items) // (_AT_A_TIME * 2 * workers.count))
    size = chunk or max(1, min(even, _LARGEST_CHUNK * workers.threads))
    source = chunks(items, size, of_one)
    again: list[list[Any]] = []
    running: dict[str, tuple[Any, list[Any]]] = {}
    completed: Any = as_completed()

    def submit(piece: list[Any]) -> None:
        future = client.submit(work, setup, piece, pure=False)
        running[future.key] = (future, piece)
        completed.add(future)

    try:
        while True:
            workers.ask()
            while len(running) < _AT_A_TIME * workers.count:
                piece = next(source, None)
                if piece is None:
                    break
                submit(piece)
            if not running and again:
                submit(again.pop(0))
            if not running:
                return
            future = next(completed)
            _, piece = running.pop(future.key)
            try:  # waits where the worker that had the result has ended since
                result, worker = future.result()
            except dask.scheduler.KilledWorker:
                if len(piece) > 1:
                    again.extend([item] for item in piece)
                else:
                    collector.lose(piece[0])
            else:
                collector.take(piece, result, worker)
    finally:
        client.cancel([future for future, _ in running.values()])


class Session:
    """What a worker keeps between chunks: of one process, for one call of the client."""

    def __init__(self, made: Any) -> None:
        self.made = made
        self.lock = threading.Lock()  # chunks take turns: each uses all threads


_sessions: dict[str, tuple[str, Session]] = {}  # by kind, the last one
_lock = threading.Lock()


def session(kind: str, setup: dict[str, Any], make: Callable[[dict[str, Any]], Any]) -> Session:
    """That of the setup, which make(setup) makes where the last one of this kind was another."""
    token = json.dumps(setup, sort_keys=True)
    with _lock:
        if kind not in _sessions or _sessions[kind][0] != token:
            _sessions.pop(kind, None)  # its memory first
            _sessions[kind] = (token, Session(make(setup)))
        return _sessions[kind][1]


def here(setup: dict[str, Any]) -> dict[str, Any]:
    """With this worker's threads where nothing else is said, and its share of memory."""
    worker = dask.get_worker()
    limit = worker.memory_manager.memory_limit
    return {**setup, "threads": setup["threads"] or worker.state.nthreads,
            "share": int(limit) // 2_000_000 if limit else 0}
