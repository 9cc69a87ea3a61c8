"""The blocks of Python in README.md and docs/ run, from top to bottom of each document."""

import json
import logging
import re
import warnings

import numpy as np
import pytest
from conftest import ROOT
from PIL import Image

BLOCK = re.compile(r"^(<!-- not run: [^\n]* -->\n)?```python\n(.*?)^```$", re.S | re.M)
# What is no part of the tests' packages: where it is not installed, its block does not run.
OPTIONAL = {"cv2", "open3d", "torch"}


def documents():
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        blocks = BLOCK.findall(path.read_text(encoding="utf-8"))
        if blocks:
            yield pytest.param(blocks, id=path.name)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """With a picture and depth that has holes."""
    Image.open(ROOT / "examples/room_rgb.png").save(tmp_path / "rgb.png")
    depth = np.asarray(Image.open(ROOT / "examples/room_depth.png")).astype(np.uint16)
    depth[20:30, 40:50] = 0
    Image.fromarray(depth).save(tmp_path / "depth.png")
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        yield tmp_path
    logging.getLogger().setLevel(logging.WARNING)


@pytest.mark.parametrize("blocks", documents())
def test_blocks(blocks, folder):
    names = {}
    ran = 0
    for reason, block in blocks:
        code = compile(block, "block", "exec")
        if not reason:
            try:
                exec(code, names)
                ran += 1
            except ModuleNotFoundError as error:
                if error.name not in OPTIONAL:
                    raise
    assert ran > 0


def test_the_notebook(monkeypatch):
    monkeypatch.chdir(ROOT / "examples")
    notebook = json.loads((ROOT / "examples/python.ipynb").read_text(encoding="utf-8"))
    names = {}
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in cells:
        exec(compile(cell, "cell", "exec"), names)
    # What its text says of the pictures.
    error = {name: abs(names[name] - names["truth"]).mean() for name in ("bicubic", "sharp")}
    assert error["sharp"] < 0.7 * error["bicubic"]
    confidence = names["out"].confidence
    assert names["error"][confidence < 0.2].mean() > 5 * names["error"][confidence > 0.6].mean()
    assert confidence[200:240, 280:360].max() < 0.2  # the hole
