"""The Debian packages, made by cpack of what is built: installed into a clean root, used, removed.

Usage: packages_test.py BUILD_DIR [--mmdebstrap]

The root is this machine's, seen through an overlay without the checkout; what is written is gone with
the test. dkn-web is there only where the page was built, as the test `web` does. Where no overlay can be mounted the packages are unpacked into a folder, and that they depend
on what is there and leave nothing behind is not tested. With --mmdebstrap it is a Debian 12 made of
nothing, by apt from its mirror (minutes, 400 MB; without dkn-train, whose LibTorch is 1 GB).
"""

import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = ["dkn", "dkn-train", "dkn-web", "libdkn", "libdkn-dev", "python3-dkn"]
# What dpkg and ldconfig keep of themselves.
BOOKS = ("/var/lib/dpkg/", "/var/log/", "/var/cache/", "/etc/ld.so.cache", "/var/lib/apt/")
PROJECT = """cmake_minimum_required(VERSION 3.22)
project(readme LANGUAGES CXX)
add_executable(my_program my_program.cpp)
"""
IMPORT = """
import dkn, numpy as np, PIL.Image as pil
assert dkn.__file__.startswith({prefix!r} + "/usr/lib/python3/"), dkn.__file__
assert dkn.__version__ == {version!r} and len(dkn.models()) >= 13
assert dkn.evaluate and (np.asarray(pil.open("sharp.png")) == np.asarray(pil.open("of_command.png"))).all()
"""


def block(language):
    """The first block of README.md in the language that holds a whole example."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```$", text, re.S | re.M)
    return next(item for item in found if language != "cpp" or "int main" in item)


def ways():
    """The blocks of README.md that install a package and use it, by the package's name."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^<!-- not run: by tests/packages/packages_test.py -->\n```sh\n(.*?)^```$",
                        text, re.S | re.M)
    found = {re.findall(r"/([\w-]+)_\*\.deb", item)[-1]: item for item in blocks}
    assert sorted(found) == ["dkn", "libdkn-dev", "python3-dkn"], found
    return found


def call(*command, **options):
    """What the command prints on standard output; fails with all that it prints."""
    done = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise AssertionError(f"status {done.returncode} of {command}\n{done.stdout}")
    return done.stdout


class Chroot:
    """A root of its own: a folder that holds all of a system."""

    prefix = ""  # of the installed files, for who runs in it

    def __init__(self, folder):
        self.folder = folder
        self.work = "/root/work"  # as who runs in it sees it
        (self.folder / "root/work").mkdir(parents=True)

    def path(self, name):
        return self.folder / "root/work" / name

    def shell(self, text):
        return self.run("bash", "-euo", "pipefail", "-c",
                        text.replace("sudo apt-get install",
                                     "apt-get install -y -q --no-install-recommends"))

    def run(self, *command):
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
                       "DEBIAN_FRONTEND": "noninteractive"}
        return call("chroot", self.folder, "env", "-C", self.work, *command, env=environment)


class Overlay(Chroot):
    """Called in a mount namespace of its own."""

    names = NAMES

    def __init__(self, work):
        call("mount", "-t", "tmpfs", "tmpfs", work)
        for name in ("upper", "scratch", "root"):
            (work / name).mkdir()
        call("mount", "-t", "overlay", "overlay", "-o",
             f"lowerdir=/,upperdir={work}/upper,workdir={work}/scratch", work / "root")
        for name in ("dev", "proc"):
            call("mount", "--rbind", f"/{name}", work / "root" / name)
        if os.path.isdir(f"{work}/root{ROOT}"):
            call("mount", "-t", "tmpfs", "tmpfs", f"{work}/root{ROOT}")  # no checkout, no build
        # Without this file man-db makes no index of all pages.
        (work / "root/var/lib/man-db/auto-update").unlink(missing_ok=True)
        super().__init__(work / "root")
        self._upper = work / "upper"
        self._work = work

    def close(self):
        call("umount", "-R", "-l", self._work)

    def install(self, debs):
        """What README.md does not."""
        self._before = self._files()
        self.run("dpkg", "-i", *(f"build/packages/{deb}" for deb in debs if "train" in deb))

    def add(self, deb):
        self.run("dpkg", "-i", f"build/packages/{deb}")

    def remove(self):
        self.run("dpkg", "-P", *self.names)
        left = self._files() - self._before
        assert not left, f"dpkg left {sorted(left)}"

    def _files(self):
        """What was written, but folders that the machine has."""
        found = {f"/{path.relative_to(self._upper)}" for path in self._upper.rglob("*")}
        return {name for name in found if not name.startswith((*BOOKS, f"{self.work}/"))
                and not os.path.isdir(name)}


class Mmdebstrap(Chroot):
    names = [name for name in NAMES if name != "dkn-train"]

    def __init__(self, work):
        call("mmdebstrap", "--variant=apt", "--include=g++,cmake,pkgconf,man-db,python3-pil,make",
             "bookworm", work / "root")
        call("mount", "-t", "proc", "proc", work / "root/proc")  # by which a program finds its models
        super().__init__(work / "root")

    def close(self):
        call("umount", self.folder / "proc")

    def install(self, debs):
        self.run("apt-get", "update", "-qq")
        # What they need first, so that what is left is theirs.
        self.run("sh", "-c", "apt-get install -y -qq --no-install-recommends python3-pil "
                 + " ".join(f"./build/packages/{deb}" for deb in debs if "train" not in deb)
                 + " && dpkg -P " + " ".join(self.names))
        self._before = self._files()

    add = Overlay.add
    remove = Overlay.remove

    def _files(self):
        found = set()
        for folder, folders, files in os.walk(self.folder):
            if "proc" in folders and pathlib.Path(folder) == self.folder:
                folders.remove("proc")  # of processes that come and go
            found |= {f"/{(pathlib.Path(folder) / name).relative_to(self.folder)}"
                      for name in (*folders, *files)}
        return {name for name in found if not name.startswith((*BOOKS, f"{self.work}/"))}


class Prefix:
    """No root at all: the files in a folder, found by variables of the environment."""

    names = NAMES

    def __init__(self, work):
        self.prefix = str(work / "prefix")
        self.work = str(work / "work")
        os.mkdir(self.work)

    def path(self, name):
        return pathlib.Path(self.work) / name

    def install(self, debs):
        for deb in debs:
            call("dpkg-deb", "-x", self.path("build/packages") / deb, self.prefix)

    def add(self, deb):
        pass

    def shell(self, text):
        return self.run("bash", "-euo", "pipefail", "-c", re.sub(r"^sudo .*$", "", text, flags=re.M))

    def run(self, *command):
        usr = f"{self.prefix}/usr"
        return call(*command, cwd=self.work, env={
            **os.environ, "PATH": f"{usr}/bin:{os.environ['PATH']}", "LD_LIBRARY_PATH": f"{usr}/lib",
            "CMAKE_PREFIX_PATH": usr, "PKG_CONFIG_PATH": f"{usr}/lib/pkgconfig",
            "MANPATH": f"{usr}/share/man", "PYTHONPATH": f"{usr}/lib/python3/dist-packages"})

    def close(self):
        pass

    def remove(self):
        print("packages_test.py: no overlay here; what dpkg leaves was not tested")


def check_command(root, version, way):
    root.shell(way)
    root.path("sharp.png").rename(root.path("of_command.png"))
    assert root.run("dkn", "--version").strip() == version
    assert root.run("man", "-w", "dkn-upsample").strip().endswith("man1/dkn-upsample.1")
    completion = f"{root.prefix}/usr/share/bash-completion/completions/dkn"
    for words, expected in (("ups", "upsample"), ("upsample --holes m", "measured"),
                            ("upsample --hole-r", "--hole-refinements"), ("eval --cs", "--csv")):
        script = (f'. "$0"; COMP_WORDS=(dkn {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _dkn; '
                  'echo "${COMPREPLY[@]}"')
        assert root.run("bash", "-c", script, completion).strip() == expected
    if "dkn-train" in root.names:
        assert "Usage: dkn-train" in root.run("dkn-train", "--help")


def check_page(root, debs):
    """`dkn serve` without a folder: the installed page, or what to do."""
    deb = next((name for name in debs if name.startswith("dkn-web_")), None)
    if deb is None:
        told = root.run("bash", "-c", "! dkn serve 2>&1")
        assert "the package dkn-web installs it" in told, told
        print("packages_test.py: the page was not built, and is not tested")
        return
    root.add(deb)
    page = root.run("bash", "-euo", "pipefail", "-c", """
        dkn serve --port 0 >address &
        trap 'kill %1' EXIT
        for _ in {1..600}; do grep -q http address && break; sleep 0.1; done
        /usr/bin/python3 - "$(cat address)" <<'END'
import sys, urllib.request
for name in ("", "page.js", "worker.js", "dkn_page.wasm", "models/fdkn_any.safetensors", "LICENSES.txt"):
    print(name, len(urllib.request.urlopen(sys.argv[1] + name).read()))
END""")
    assert len(re.findall(r"\d{4,}$", page, re.M)) == 6, page


def check_library(root, way):
    root.path("my_program.cpp").write_text(block("cpp"), encoding="utf-8")
    root.path("CMakeLists.txt").write_text(PROJECT + block("cmake"), encoding="utf-8")
    expected = root.path("of_command.png").read_bytes()
    root.shell(way)
    assert root.path("sharp.png").read_bytes() == expected
    root.path("sharp.png").unlink()
    root.run("cmake", "-S", ".", "-B", "by_cmake", "-DCMAKE_BUILD_TYPE=Debug")
    root.run("cmake", "--build", "by_cmake")
    root.run("by_cmake/my_program")
    assert root.path("sharp.png").read_bytes() == expected


def check_python(root, version, way):
    root.path("sharp.png").unlink()
    root.shell(way)
    root.run("/usr/bin/python3", "-c", IMPORT.format(prefix=root.prefix, version=version))


def check_fields(folder, debs):
    def field(name, what):
        deb, = (deb for deb in debs if deb.startswith(f"{name}_"))
        return call("dpkg-deb", "-f", folder / deb, what).strip()

    version = field("libdkn", "Version")
    for name, needed in (("libdkn", ("libdnnl2", "libpng16-16", "libopenexr", "libc6 (>=")),
                         ("libdkn-dev", (f"libdkn (= {version})",)),
                         ("dkn", (f"libdkn (= {version})", "libdnnl2", "libcairo2")),
                         ("dkn-train", ("libtorch", "libdnnl2")),
                         ("python3-dkn", (f"libdkn (= {version})", "python3-numpy", "libdnnl2"))):
        for package in needed:
            assert package in field(name, "Depends"), (name, field(name, "Depends"))
    return version


def prepare(root, packages, page):
    """Packages, with the page or without, and images where README.md has them: their names, the version."""
    debs = sorted(os.path.basename(path) for path in glob.glob(f"{packages}/*.deb"))
    root.names = [name for name in root.names if name != "dkn-web" or page]
    assert sorted(deb.split("_")[0] for deb in debs) == [name for name in NAMES if name != "dkn-web" or page], debs
    root.path("build/packages").mkdir(parents=True)
    for deb in debs:
        shutil.copy(packages / deb, root.path("build/packages"))
    for name, example in (("rgb.png", "room_rgb.png"), ("depth.png", "room_depth.png")):
        shutil.copy(ROOT / "examples" / example, root.path(name))
    return debs, check_fields(packages, debs).replace("~", "-")


def main(build, kind):
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        (work / "root").mkdir()
        call("cpack", "--config", f"{build}/CPackConfig.cmake", "-B", work / "packages")
        root = {"overlay": Overlay, "mmdebstrap": Mmdebstrap, "prefix": Prefix}[kind](work / "root")
        try:
            page = os.path.isfile(f"{build}/web/dist/index.html")
            debs, version = prepare(root, work / "packages", page)
            way = ways()
            root.install(debs)
            check_command(root, version, way["dkn"])
            check_page(root, debs)
            check_library(root, way["libdkn-dev"])
            check_python(root, version, way["python3-dkn"])
            root.remove()
        finally:
            root.close()
    print(f"packages_test.py: {', '.join(root.names)} {version} in a root of kind {kind}")


def can_overlay():
    with tempfile.TemporaryDirectory() as folder:
        script = (f"mount -t tmpfs tmpfs {folder} && mkdir {folder}/u {folder}/w {folder}/m && "
                  f"mount -t overlay overlay -o lowerdir=/,upperdir={folder}/u,workdir={folder}/w "
                  f"{folder}/m && chroot {folder}/m true")
        return subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True,
                              check=False).returncode == 0


if __name__ == "__main__":
    BUILD = os.path.abspath(sys.argv[1])
    if sys.argv[2:] == ["overlay"]:
        main(BUILD, "overlay")
    elif sys.argv[2:] == ["--mmdebstrap"]:
        main(BUILD, "mmdebstrap")
    elif can_overlay():
        os.execvp("unshare", ["unshare", "--mount", sys.executable, "-B", __file__, BUILD, "overlay"])
    else:
        main(BUILD, "prefix")
