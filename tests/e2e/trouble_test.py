#!/usr/bin/env python3
"""What is left when the program is stopped, has no memory or no disk, or reads hostile names: whole
files, one line that is safe to print, and nothing else. Usage: trouble_test.py DKN [unittest options]"""

import json
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import time

import command
from command import ROOT, CommandTest, full_disk, main, ramp, sanitized
from files import Picture, png_bytes, read_png

ROOM_RGB, ROOM_DEPTH = (os.path.join(ROOT, "examples", "room_%s.png" % part)
                        for part in ("rgb", "depth"))


def usual_signals():
    """In the program's process: as a shell starts it in the foreground."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def ignored_signals():
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def keeps_signals(pid):
    """Whether the program's first thread blocks what stops it and nothing else: who makes a thread
    blocks every signal for a moment."""
    with open("/proc/%d/status" % pid, encoding="ascii") as status:
        mask = int(re.search(r"^SigBlk:\s*(\w+)$", status.read(), re.MULTILINE).group(1), 16)
    blocked = {number for number in signal.valid_signals() if mask >> number - 1 & 1}
    return blocked - {signal.SIGINT} == {signal.SIGTERM}


class StopTest(CommandTest):
    """A signal ends the program with 128 + its number and leaves whole files alone."""

    def start(self, *arguments, preexec_fn=usual_signals):
        """The program, once it keeps signals for the thread that waits for them."""
        program = subprocess.Popen([command.DKN, *arguments], cwd=self.folder, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   preexec_fn=preexec_fn)
        self.addCleanup(program.stdout.close)
        self.addCleanup(program.stderr.close)
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        while program.poll() is None and not keeps_signals(program.pid):
            time.sleep(0.002)
        return program

    def stop(self, program, after, number=signal.SIGINT):
        """Sends the signal once `after` holds."""
        deadline = time.monotonic() + 60
        while not after() and time.monotonic() < deadline:
            time.sleep(0.002)
        self.assertIsNone(program.poll(), "ended by itself")
        program.send_signal(number)
        _, text = program.communicate(timeout=60)
        self.assertEqual(program.returncode, 128 + number, text)
        self.assertEqual(text, "\ndkn: stopped by %s\n" % signal.Signals(number).name)

    def elapsed(self, seconds):
        end = time.monotonic() + seconds
        return lambda: time.monotonic() > end

    def test_upsample(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.stop(self.start("upsample", ROOM_RGB, ROOM_DEPTH, "-o", "out.png", "--model",
                                 "dkn_x8", "--precision", "fp32", "--threads", "1"),
                      self.elapsed(0.2), number)
            self.assertEqual(self.contents(), {})

    def test_bench(self):
        self.stop(self.start("bench", "fdkn_x8", "--sizes", "64x48", "--seconds", "1000", "--json",
                             "b.json"), self.elapsed(0.2))
        self.assertEqual(self.contents(), {})

    def test_synth(self):
        """Files come one after the other: each is whole, however late the signal is."""
        for i in range(5):
            folder = "rooms%d" % i
            program = self.start("synth", "-o", folder, "--count", "100000", "--width", "96",
                                 "--height", "64")
            self.stop(program, lambda: len(os.listdir(self.folder)) > i and
                      len(os.listdir(self.path(folder))) > 3 * i + 2)
            for name in os.listdir(self.path(folder)):
                self.assertTrue(name.endswith(".png"), name)
                read_png(os.path.join(self.path(folder), name))

    def test_eval(self):
        """What was measured is kept, and the next run goes on from there."""
        self.succeed("synth", "-o", "rooms", "--count", "3", "--width", "192", "--height", "128")
        os.makedirs(self.path("data/rooms"))
        for seed in range(3):
            for part, name in (("rgb", "color"), ("truth", "depth")):
                shutil.copy(self.path("rooms/room_%d_%s.png" % (seed, part)),
                            self.path("data/rooms/%d_%s.png" % (seed, name)))
        self.put("experiment.json", json.dumps({
            "title": "Rooms",
            "protocol": {"scale": 8, "down": "bicubic", "up": "bicubic", "border": 6,
                         "normalization": "input"},
            "sets": [{"label": "rooms", "folder": "rooms", "unit": "cm", "unit_per_step": 0.1}],
            "methods": [{"label": "baseline", "filter": "bicubic"},
                        {"label": "ours", "filter": "dkn_x8"},
                        {"label": "more", "filter": "dkn_x4"}],
        }).encode())
        arguments = ("eval", "experiment.json", "--data", "data", "--json", "out.json")
        results = self.path("experiment.results.jsonl")
        before = set(self.contents())
        self.stop(self.start(*arguments, "--threads", "1"),
                  lambda: os.path.exists(results) and os.path.getsize(results) > 0)
        self.assertLessEqual(set(self.contents()) - before, {"experiment.results.jsonl"})
        kept = self.get(results).splitlines()
        self.assertEqual(self.run_dkn(*arguments).returncode, 0)
        lines = self.get(results).splitlines()
        self.assertEqual(len(lines), 9)
        self.assertEqual(lines[:len(kept) - 1], kept[:-1])

    def test_a_signal_that_is_ignored_stays_so(self):
        program = self.start("upsample", ROOM_RGB, ROOM_DEPTH, "-o", "out.png", "--model", "bicubic",
                             preexec_fn=ignored_signals)
        program.send_signal(signal.SIGINT)
        self.assertEqual(program.communicate(timeout=60), ("", ""))
        self.assertEqual(program.returncode, 0)
        self.assertEqual(os.listdir(self.folder), ["out.png"])


class MemoryTest(CommandTest):
    """Without memory the program says so, whatever it was about to do."""

    def test_any_bound(self):
        if sanitized():
            self.skipTest("the sanitizers take terabytes of addresses")
        arguments = ("upsample", ROOM_RGB, ROOM_DEPTH, "-o", "out.png", "--threads", "1", "--model")
        refused = 0
        for model in ("fdkn_x8", "guided"):
            self.succeed(*arguments, model)
            expected = self.get("out.png")
            os.remove(self.path("out.png"))
            succeeded = 0
            for megabytes in range(100, 1400, 8):
                done = self.run_dkn(*arguments, model, preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_AS, (megabytes << 20, megabytes << 20)))
                self.assertGreaterEqual(done.returncode, 0, (megabytes, done.stderr))
                if done.returncode == 0:
                    self.assertEqual(self.get("out.png"), expected)
                    os.remove(self.path("out.png"))
                    succeeded += 1
                    if succeeded == 3:
                        break
                elif done.stderr.startswith("dkn: "):  # before, the program or its libraries find no room
                    self.assertRegex(done.stderr, r"\Adkn: [^\n]*memory[^\n]*\n\Z")
                    refused += 1
                self.assertEqual(self.contents(), {})
            self.assertEqual(succeeded, 3)
        self.assertGreater(refused, 0)


class DiskTest(CommandTest):
    """A full disk leaves no part of a file, in any command that writes."""

    def refuse_to_write(self, *arguments, naming):
        before = self.contents()
        done = self.run_dkn(*arguments, preexec_fn=full_disk)
        self.assertGreater(done.returncode, 0, arguments)
        self.assertIn(naming, done.stderr.splitlines()[-1])
        self.assertIn("cannot be written", done.stderr.splitlines()[-1])
        self.assertEqual(self.contents(), before, arguments)

    def test_every_command(self):
        self.refuse_to_write("upsample", ROOM_RGB, ROOM_DEPTH, "-o", "out.png", "--model",
                             "bicubic", naming="out.png")
        self.refuse_to_write("filter", ROOM_RGB, ROOM_RGB, "-o", "out.png", "--model", "guided",
                             naming="out.png")
        self.refuse_to_write("synth", "-o", "rooms", naming="room_rgb.png")
        self.refuse_to_write("export", "fdkn_x8", "--onnx", "out.onnx", naming="out.onnx")
        self.refuse_to_write("compare", ROOM_RGB, ROOM_DEPTH, ROOM_RGB.replace("rgb", "truth"), "-o",
                             "figure.png", naming="figure.png")


class HostileNamesTest(CommandTest):
    """Names and values from files reach the terminal as text that does nothing there."""

    NASTY = "\x1b]0;owned\x07\x1b[2J\r\n\u202egnp.\u2028\x9b31m\x00\x7f"

    def check(self, *arguments, returncode):
        environment = {**os.environ, "DKN_MODELS": ""}
        done = subprocess.run([command.DKN, *arguments], cwd=self.folder, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
        self.assertEqual(done.returncode, returncode, done.stderr)
        text = (done.stdout + done.stderr).decode("utf-8")
        for character in text.replace("\n", ""):
            self.assertTrue(character.isprintable(), (ascii(text), ascii(character)))
        if returncode != 0:
            self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
        return text

    def put_model(self, name, header):
        text = json.dumps(header).encode()
        self.put(name, struct.pack("<Q", len(text)) + text)

    def test_names_of_tensors(self):
        self.put_model("a.safetensors", {self.NASTY: {"dtype": self.NASTY}})
        self.check("info", "a.safetensors", returncode=1)
        self.put_model("b.safetensors", {"__metadata__": {self.NASTY: 1}})
        self.check("info", "b.safetensors", returncode=1)
        self.put_model("c.safetensors", {"__metadata__": {"kind": self.NASTY}})
        self.check("info", "c.safetensors", returncode=1)
        self.put("d.safetensors", b"\x09\0\0\0\0\0\0\0{\"\x1b\xff\": 1")
        self.check("info", "d.safetensors", returncode=1)

    def test_metadata(self):
        with open(os.path.join(ROOT, "models", "fdkn_x8.safetensors"), "rb") as file:
            model = file.read()
        length, = struct.unpack_from("<Q", model)
        header = json.loads(model[8:8 + length])
        header["__metadata__"]["note" + self.NASTY] = self.NASTY
        text = json.dumps(header).encode()
        self.put("a.safetensors", struct.pack("<Q", len(text)) + text + model[8 + length:])
        self.assertIn("\\x1b]0;owned", self.check("info", "a.safetensors", returncode=0))

    def test_experiments_and_manifests(self):
        for experiment in ({self.NASTY: 1}, {"title": "x", "protocol": {"down": self.NASTY}}, self.NASTY):
            self.put("e.json", json.dumps(experiment).encode())
            self.check("eval", "e.json", "--data", ".", returncode=1)
        for data in (b"\xff\x1b[31m", b"{\"\x1b\xc3\": 1}", b"{\"a\": \"\xed\xa0\x80\"}"):
            self.put("e.json", data)
            self.check("eval", "e.json", "--data", ".", returncode=1)

    def test_names_of_files(self):
        self.check("info", "no\x1b[31m\nsuch.png", returncode=1)
        self.check("info", b"no\xff\x9bsuch.png", returncode=1)
        self.put("a\nb.png", png_bytes(Picture.of(4, 3, ramp), 16)[:-9])
        self.check("info", "a\nb.png", returncode=1)


if __name__ == "__main__":
    main()
