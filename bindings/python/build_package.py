"""Builds the package by CMake, as PEP 517 has it: `pip install .` and `python3 -m build` call this.

The library is built in build/python, where a later call goes on. With `-C build-dir=DIR` (of pip 23:
`--config-settings build-dir=DIR`), DIR is a folder that CMake has configured with DKN_BUILD_PYTHON for
this Python, and what it has built is taken.
"""

import base64
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = "dkn"
# What a source distribution holds: all that the wheel is built from.
SOURCES = ("CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "pyproject.toml", "bindings",
           "cli", "cmake", "include", "models", "src")


def version():
    """The version that include/dkn/dkn.h tells, as Python writes it: 1.0.0rc1."""
    text = (ROOT / "include/dkn/dkn.h").read_text(encoding="utf-8")
    parts = [re.search(rf'#define DKN_VERSION_{part} "?([^\s"]*)', text)[1]
             for part in ("MAJOR", "MINOR", "PATCH", "SUFFIX")]
    return ".".join(parts[:3]) + parts[3].replace("-", "")


def metadata():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return (f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {version()}\n"
            "Summary: Joint image filtering with learned kernels: sharp depth maps from poor ones and "
            "a picture\n"
            "License: Apache-2.0\nRequires-Python: >=3.9\nRequires-Dist: numpy>=1.22\n"
            f"Description-Content-Type: text/markdown\n\n{readme}")


def tag():
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    platform = re.sub(r"[^0-9A-Za-z]", "_", sysconfig.get_platform())
    return f"{python}-{python}-{platform}"


def run(*command):
    subprocess.run([str(word) for word in command], check=True)


def build(settings, stage):
    """Installs the package into the folder `stage`."""
    folder = (settings or {}).get("build-dir")
    if folder is None:
        folder = ROOT / "build/python"
        run("cmake", "-G", "Ninja", "-S", ROOT, "-B", folder, "-DCMAKE_BUILD_TYPE=Release",
            "-DDKN_BUILD_PYTHON=ON", f"-DDKN_PYTHON={os.path.realpath(sys.executable)}")
    run("cmake", "--build", folder, "--target", "dkn_python")
    run("cmake", "--install", folder, "--component", "python", "--prefix", stage, "--strip")


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = f"{NAME}-{version()}-{tag()}.whl"
    info = f"{NAME}-{version()}.dist-info"
    record = []
    with tempfile.TemporaryDirectory() as stage, zipfile.ZipFile(
            pathlib.Path(wheel_directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:

        def add(path, content):
            wheel.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content,
                           zipfile.ZIP_DEFLATED)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(content)}\n")

        build(config_settings, stage)
        for path in sorted(pathlib.Path(stage).rglob("*")):
            if path.is_file():
                add(path.relative_to(stage).as_posix(), path.read_bytes())
        add(f"{info}/METADATA", metadata().encode())
        add(f"{info}/WHEEL", (f"Wheel-Version: 1.0\nGenerator: {NAME}\nRoot-Is-Purelib: false\n"
                              f"Tag: {tag()}\n").encode())
        add(f"{info}/LICENSE", (ROOT / "LICENSE").read_bytes())
        record.append(f"{info}/RECORD,,\n")
        wheel.writestr(f"{info}/RECORD", "".join(record))
    return name


def build_sdist(sdist_directory, config_settings=None):
    base = f"{NAME}-{version()}"
    with tarfile.open(pathlib.Path(sdist_directory) / f"{base}.tar.gz", "w:gz") as archive:
        for source in SOURCES:
            archive.add(ROOT / source, f"{base}/{source}",
                        filter=lambda entry: None if "__pycache__" in entry.name else entry)
        with tempfile.NamedTemporaryFile() as file:
            file.write(metadata().encode())
            file.flush()
            archive.add(file.name, f"{base}/PKG-INFO")
    return f"{base}.tar.gz"
