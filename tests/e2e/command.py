"""What the tests of the program `dkn` share."""

import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import unittest

from files import Picture, png_bytes

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DKN = ""  # the program, set by main
ZERO_NOTES = re.compile(r"^dkn: 0 counts as [^\n]+\n", re.MULTILINE)


def ramp(x, y):
    return 1000 + 100 * x + 20 * y


def checks(x, y, channel):
    return 255 * ((x // 4 + y // 4 + channel) % 2)


def rmse(a, b):
    assert len(a.values) == len(b.values)
    return (sum((x - y) ** 2 for x, y in zip(a.values, b.values)) / len(a.values)) ** 0.5


def sanitized():
    """Whether the program holds the address or the thread sanitizer."""
    with open(DKN, "rb") as program:
        code = program.read()
    return b"__asan_init" in code or b"__tsan_init" in code


def full_disk():
    """For preexec_fn: no file can grow beyond 1024 bytes, as on a full disk. (LLVM's OpenMP makes a
    file of that size in shared memory when it starts.)"""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))


class CommandTest(unittest.TestCase):
    """Each test has an empty folder, in which the program runs."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dkn_e2e_")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def put(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)

    def put_guide(self, width, height):
        self.put("guide.png", png_bytes(Picture.of(width, height, checks, 3), 8))

    def get(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def contents(self):
        """Every file below the folder with its bytes."""
        found = {}
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                found[os.path.relpath(path, self.folder)] = self.get(path)
        return found

    def run_dkn(self, *arguments, **options):
        environment = {name: value for name, value in os.environ.items() if name != "DKN_MODELS"}
        # Needed by nothing but the thread sanitizer, which goes without: on a full disk it would end.
        environment["TMPDIR"] = self.path("absent")
        return subprocess.run([DKN, *arguments], cwd=self.folder, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300,
                              **options)

    def succeed(self, *arguments):
        """The program's standard output. It tells no more than what 0 was taken for, of which
        holes_test.py has tests."""
        done = self.run_dkn(*arguments)
        self.assertEqual((done.returncode, ZERO_NOTES.sub("", done.stderr)), (0, ""), arguments)
        return done.stdout

    def upsample(self, target, output, *options, guide="guide.png", model="bicubic"):
        self.assertEqual(
            self.succeed("upsample", guide, target, "-o", output, "--model", model, *options), "")

    def refuse(self, *arguments, naming="", **options):
        """The program refuses with one line on standard error, and changes no file."""
        before = self.contents()
        done = self.run_dkn(*arguments, **options)
        self.assertGreater(done.returncode, 0, arguments)  # negative: ended by a signal
        self.assertEqual(done.stdout, "", arguments)
        self.assertRegex(done.stderr, r"\Adkn: [^\n]+\n\Z", arguments)
        self.assertIn(naming, done.stderr)
        self.assertEqual(self.contents(), before, arguments)


def main():
    """Usage: x_test.py DKN [unittest options]"""
    global DKN
    if len(sys.argv) < 2:
        sys.exit(main.__doc__)
    DKN = os.path.abspath(sys.argv.pop(1))
    unittest.main()
