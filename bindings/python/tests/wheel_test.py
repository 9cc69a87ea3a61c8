"""A wheel by `python3 -m build`, installed into a fresh environment, works without the checkout.

Usage: wheel_test.py BUILD_DIR: what that folder has built is taken. The environment sees the system's
numpy.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
USE = """
import pathlib, sys
import dkn, numpy as np
assert pathlib.Path(dkn.__file__).is_relative_to(sys.prefix), dkn.__file__
assert len(dkn.models()) >= 13, dkn.models()
rgb = np.zeros((64, 64, 3), np.uint8)
rgb[:, 32:] = 255
depth = np.full((16, 16), 1000, np.uint16)
depth[:, 8:] = 3000
sharp = dkn.upsample(rgb, depth)
assert sharp.dtype == np.uint16 and abs(int(sharp[32, 5]) - 1000) < 20, sharp[32]
assert abs(int(sharp[32, 60]) - 3000) < 20, sharp[32]
try:
    dkn.evaluate({}, ".")
except dkn.Error as error:
    print(error)
else:
    raise AssertionError("no error")
"""


def main(build):
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("PYTHONPATH", "DKN_MODELS")}
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)

        def run(*command):
            subprocess.run([str(word) for word in command], check=True, cwd=work, env=environment)

        run(sys.executable, "-m", "build", "--wheel", "--outdir", work / "wheels",
            f"-Cbuild-dir={build}", ROOT)
        wheel, = (work / "wheels").iterdir()
        names = zipfile.ZipFile(wheel).namelist()
        assert "dkn/py.typed" in names and "dkn/share/dkn/models/fdkn_any.safetensors" in names
        assert not any("tests" in name for name in names), names
        # No file of the wheel knows where it was built.
        for name in names:
            assert str(ROOT).encode() not in zipfile.ZipFile(wheel).read(name), name
        run(sys.executable, "-m", "venv", "--system-site-packages", "fresh")
        run("fresh/bin/pip", "install", "--quiet", "--no-index", "--force-reinstall", "--no-deps",
            wheel)
        run("fresh/bin/python", "-c", USE)
        run("fresh/bin/pip", "uninstall", "--quiet", "--yes", "dkn")
        left = [path for path in (work / "fresh").rglob("*") if path.name.startswith("dkn")]
        assert not left, left


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
