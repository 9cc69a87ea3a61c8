"""Every fenced block of README.md and docs/*.md does what it says with the installed package.

Usage: docs_test.py PREFIX PROGRAMS CXX: where the package is installed, the build's programs (for
what is not installed), the compiler. A block names its language. What cannot run here has the line
`<!-- not run: REASON -->` directly above it; its syntax and the options in it are checked even so.
"""

import csv
import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))
from files import Picture, png_bytes, read_png  # noqa: E402

# Those of Python are run by bindings/python/tests/test_docs.py.
LANGUAGES = {"sh", "cpp", "c", "cmake", "json", "csv", "text", "python"}
NOT_RUN = re.compile(r"<!-- not run: (\S.*) -->")
WRITTEN = re.compile(r'\bWrite(?:Frame|Image)\("([^"]+)"')


class Block:
    def __init__(self, document, line, language, reason):
        self.document, self.line, self.language, self.reason = document, line, language, reason
        self.text = ""

    def __str__(self):
        return f"{self.document}:{self.line}"


def documents():
    paths = ["README.md"] + sorted(glob.glob("docs/*.md", root_dir=ROOT))
    for path in paths:
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            yield path, file.read()


def find_blocks():
    found = []
    for path, text in documents():
        block, above = None, ""
        for number, line in enumerate(text.splitlines(), 1):
            if line.startswith("```") and block is None:
                reason = NOT_RUN.fullmatch(above)
                block = Block(path, number, line[3:].strip(), reason and reason[1])
            elif line.startswith("```"):
                found.append(block)
                block = None
            elif block is not None:
                block.text += line + "\n"
            above = line
        assert block is None, f"{block} does not end"
    return found


def commands(shell):
    """The words of each command, what a here-document or a process substitution holds left out."""
    shell = re.sub(r"<<'(\w+)'\n.*?^\1$", "", shell, flags=re.S | re.M)
    shell = re.sub(r"<\([^()]*\)", "FILE", shell.replace("\\\n", " "))
    for line in shell.splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;")
        lexer.whitespace_split = True
        words = []
        for word in lexer:
            if set(word) <= set("|&;"):
                yield words
                words = []
            else:
                words.append(word)
        yield words


def outputs(shell):
    """Patterns of the files that the commands promise to write."""
    for words in commands(shell):
        named = ("-o", "--output") + (("--confidence",) if "upsample" in words else ())
        for option, value in zip(words, words[1:]):
            if option in named and value != "-":
                yield value + "*" if value.endswith("/") else re.sub(r"%0?\d*d", "[0-9]*", value)


def stamps(folder, pattern):
    return {(path, stat.st_ino, stat.st_mtime_ns)
            for path in glob.glob(os.path.join(folder, pattern))
            for stat in [os.stat(path)] if stat.st_size > 0}


def write(folder, name, content):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb" if isinstance(content, bytes) else "w") as file:
        file.write(content)


def every(picture, step):
    return Picture(picture.width // step, picture.height // step, picture.channels,
                   [value for y in range(0, picture.height, step)
                    for x in range(0, picture.width, step)
                    for value in picture.values[(y * picture.width + x) * picture.channels:]
                    [:picture.channels]])


def prepare(folder):
    """What a reader has who tries the commands: the repository's examples and some images."""
    for name in ("examples", "experiments", "models"):
        os.symlink(os.path.join(ROOT, name), os.path.join(folder, name))
    os.makedirs(os.path.join(folder, "build/release/bin"))
    os.symlink(DKN, os.path.join(folder, "build/release/bin/dkn"))
    room, _ = read_png(os.path.join(ROOT, "examples/room_rgb.png"))
    depth, _ = read_png(os.path.join(ROOT, "examples/room_depth.png"))
    for i in range(len(depth.values)):
        if i % 11 == 0 or (i % 80 - 20) ** 2 + (i // 80 - 30) ** 2 < 36:
            depth.values[i] = 0
    write(folder, "rgb.png", png_bytes(room, 8))
    write(folder, "depth.png", png_bytes(depth, 16))
    picture, frame = png_bytes(every(room, 4), 8), png_bytes(every(depth, 4), 16)
    write(folder, "room.png", picture)
    for number in range(1, 21):
        for separator in ("_", "/"):
            write(folder, f"rgb{separator}{number:04}.png", picture)
            write(folder, f"depth{separator}{number:04}.png", frame)
    for name in ("flash.jpg", "noflash.jpg", "mosaic.jpg"):
        run([DKN, "upsample", "room.png", "room.png", "-o", name, "--model", "bicubic",
             "--invalid", "none"], folder)


def run(command, folder):
    """Fails with all that the command printed."""
    environment = {name: value for name, value in os.environ.items() if name != "DKN_MODELS"}
    environment["PATH"] = os.path.dirname(DKN) + os.pathsep + environment["PATH"]
    done = subprocess.run(command, cwd=folder, env=environment, timeout=600, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise AssertionError(f"status {done.returncode} of {command}\n{done.stdout}")
    return done.stdout


class DocumentationTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.blocks = find_blocks()
        cls.work = tempfile.TemporaryDirectory()
        cls.inputs = os.path.join(cls.work.name, "inputs")
        os.mkdir(cls.inputs)
        prepare(cls.inputs)
        cls.helps = {}

    @classmethod
    def tearDownClass(cls):
        cls.work.cleanup()

    def of(self, *languages):
        found = [block for block in self.blocks if block.language in languages]
        self.assertTrue(found, f"no block of {languages}")
        return found

    def folder(self, name):
        """A copy of the inputs."""
        path = os.path.join(self.work.name, name.replace("/", "_"))
        if not os.path.exists(path):
            shutil.copytree(self.inputs, path, symlinks=True)
        return path

    def run_block(self, command, folder, promised):
        """Runs the command, which must write each of the promised files anew."""
        before = {pattern: stamps(folder, pattern) for pattern in promised}
        run(command, folder)
        for pattern, old in before.items():
            self.assertTrue(stamps(folder, pattern) - old, f"{pattern} was not written")

    def check_options(self, words):
        """Of `dkn COMMAND ...`: the command exists and has the options."""
        program = os.path.basename(words[0]) if words else ""
        path = {"dkn": DKN, "dkn-train": TRAIN}.get(program)
        if path is None or not os.path.exists(path):
            return
        command = [path] + [word for word in words[1:2] if word == "sweep" or program == "dkn" and
                            word.islower() and not word.startswith("-")]
        name = " ".join(command)
        if name not in self.helps:
            # What is no command is not refused beside --help: it gives the program's own.
            text = run(command + ["--help"], self.work.name)
            self.assertIn(f"Usage: {name} ", text)
            lines = re.findall(r"^  (-\S+)", text, re.M)
            self.helps[name] = {option for line in lines for option in line.split(",")}
        options = {word.split("=")[0] for word in words if re.match(r"--?[A-Za-z]", word)}
        self.assertEqual(options - self.helps[name], set(), f"{name} has no such option")

    def test_every_block_names_its_language(self):
        for block in self.blocks:
            with self.subTest(str(block)):
                self.assertIn(block.language, LANGUAGES)
        reasons = sum(len(NOT_RUN.findall(text)) for _, text in documents())
        self.assertEqual(reasons, sum(block.reason is not None for block in self.blocks),
                         "a reason not to run that stands above no block")

    def test_data(self):
        for block in self.of("json", "csv"):
            with self.subTest(str(block)):
                if block.language == "json":
                    json.loads(block.text)
                else:
                    rows = list(csv.reader(block.text.splitlines()))
                    self.assertEqual({len(row) for row in rows}, {len(rows[0])})

    def test_options(self):
        for block in self.of("sh"):
            for words in commands(block.text):
                with self.subTest(str(block), command=words):
                    self.check_options(words)
        for path, text in documents():
            for span in re.findall(r"`(dkn [^`]+)`", re.sub(r"^```.*?^```", "", text,
                                                            flags=re.S | re.M)):
                with self.subTest(path, command=span):
                    self.check_options(shlex.split(span))

    def test_shell(self):
        ran = 0
        for block in self.of("sh"):
            with self.subTest(str(block)):
                run(["bash", "-n", "-c", block.text], self.work.name)
                if block.reason is None:
                    # Blocks of one document go on from each other.
                    self.run_block(["bash", "-euo", "pipefail", "-c", block.text],
                                   self.folder(block.document), list(outputs(block.text)))
                    ran += 1
        self.assertGreater(ran, 0)

    def test_programs(self):
        source = os.path.join(self.work.name, "programs")
        programs = {re.sub(r"\W", "_", str(block)): block for block in self.of("cpp", "c")}
        lines = ["cmake_minimum_required(VERSION 3.22)", "project(documentation LANGUAGES C CXX)",
                 "add_compile_options(-Wall -Wextra -Werror)"]
        for name, block in programs.items():
            text = block.text
            if not re.search(r"\bint main\(", text):
                with open(os.path.join(HERE, f"docs_block.{block.language}.in")) as file:
                    text = file.read().replace("@BLOCK@", text)
            write(source, f"{name}.{block.language}", text)
            lines.append(f"add_executable({name} {name}.{block.language})")
            lines += [cmake.text.replace("my_program", name) for cmake in self.of("cmake")]
            lines.append(f"set_target_properties({name} PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)")
        write(source, "CMakeLists.txt", "\n".join(lines))
        # Programs lie where a user's `cmake --install` would put them, beside the models.
        run(["cmake", "-G", "Ninja", "-S", source, "-B", source + "/build",
             "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_COMPILER=" + CXX,
             "-DCMAKE_PREFIX_PATH=" + PREFIX,
             "-DCMAKE_RUNTIME_OUTPUT_DIRECTORY=" + PREFIX + "/bin"], source)
        run(["cmake", "--build", source + "/build"], source)
        for name, block in programs.items():
            with self.subTest(str(block)):
                folder = self.folder(name)
                promised = WRITTEN.findall(block.text)
                self.run_block([os.path.join(PREFIX, "bin", name)], folder, promised)
                for path in promised:
                    # Of the guide's size, of the target's type, and holes are filled.
                    result, bits = read_png(os.path.join(folder, path))
                    self.assertEqual((result.size, bits), ((640, 480), 16))
                    self.assertGreater(min(result.values), 0)


if __name__ == "__main__":
    PREFIX, PROGRAMS, CXX = sys.argv[1:4]
    DKN = os.path.join(PREFIX, "bin", "dkn")
    TRAIN = os.path.join(PROGRAMS, "dkn-train")
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
