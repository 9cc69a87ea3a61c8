from collections.abc import Callable
from typing import Any

class Source:
    def __init__(
        self, source: str, is_text: bool, methods: list[str], sets: list[str]
    ) -> None: ...

def evaluate(
    source: Source,
    data: str,
    limit: int,
    results: str,
    max_memory: int,
    threads: int,
    failures: dict[str, str],
    progress: Callable[[int, int], object] | None,
) -> tuple[str, str, list[str], list[str]]: ...

Image = tuple[int, int, int, int, str, str]

class SplitExperiment:
    def __init__(
        self,
        source: Source,
        data: str,
        limit: int,
        results: str,
        max_memory: int,
        threads: int,
    ) -> None: ...
    def left(self) -> list[Image]: ...
    def measure(self, images: list[Image]) -> list[tuple[str, str]]: ...

Frame = tuple[str, str, str, str, str, str]

def folder_frames(
    guides: str, targets: str, masks: str, output: str, confidence: str
) -> list[Frame]: ...
def listed_frames(
    listed: list[tuple[str, str, str]], root: str, output: str, confidence: str
) -> list[Frame]: ...

class FilesUpsampler:
    def __init__(self, arguments: dict[str, Any], share: int) -> None: ...
    def upsample(self, frames: list[Frame]) -> dict[str, Any]: ...
