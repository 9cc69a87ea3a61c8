"""What the tests share: a picture, a depth map of a room with holes, and the command.

DKN_COMMAND is the command's path; the package is found by PYTHONPATH, as a wheel has it.
"""

import os
import pathlib
import subprocess

import numpy as np
import pytest
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def rgb():
    """[120, 160, 3] uint8."""
    return np.ascontiguousarray(np.asarray(Image.open(ROOT / "examples/room_rgb.png"))[::4, ::4])


@pytest.fixture(scope="session")
def depth():
    """[30, 40] uint16, millimetres, single points of a larger map; 0 in holes."""
    values = np.asarray(Image.open(ROOT / "examples/room_depth.png"))[::2, ::2].astype(np.uint16)
    values[3:6, 10:14] = 0
    values[20, 30] = 0
    return values


@pytest.fixture
def command(tmp_path):
    """Runs dkn with arrays as files; gives the array that it writes, and what it tells."""

    def run(name, guide, target, *options, mask=None):
        paths = [tmp_path / f"{what}.npy" for what in ("guide", "target", "out", "mask")]
        np.save(paths[0], guide)
        np.save(paths[1], target)
        words = [os.environ["DKN_COMMAND"], name, paths[0], paths[1], "-o", paths[2], *options]
        if mask is not None:
            np.save(paths[3], mask)
            words += ["--mask", paths[3]]
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return np.load(paths[2]), done.stderr

    return run
