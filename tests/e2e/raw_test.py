#!/usr/bin/env python3
"""`dkn upsample` on raw streams. Usage: raw_test.py DKN [unittest options]"""

import math
import os
import signal
import subprocess
import threading
import time

import command
from command import main, ramp
from files import Picture, npy_bytes, png_bytes, read_png
from frames import DEPTH, GUIDE, MODEL, FramesTest, depth, gray16, rgb, rgb24


class RawTest(FramesTest):
    SIZES = "%dx%d:%dx%d" % (DEPTH + GUIDE)

    def expected(self, guides, numbers, model=MODEL):
        """Raw frames of what single runs give."""
        frames = b""
        for guide, number in zip(guides, numbers):
            self.put("g.png", png_bytes(rgb(guide), 8))
            self.put("d.png", png_bytes(depth(number), 16))
            self.one("g.png", "d.png", model=model)
            frames += gray16(read_png(self.path("one.png"))[0])
        return frames

    def stream(self, *arguments, stdin=b""):
        done = self.run_bytes("upsample", *arguments, stdin=stdin)
        self.assertEqual((done.returncode, done.stderr), (0, b""), arguments)
        return done.stdout

    def fail_with(self, arguments, stdin, message, output):
        done = self.run_bytes("upsample", *arguments, stdin=stdin)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.decode(), "dkn: " + message + "\n")
        self.assertEqual(done.stdout, output)

    def test_guide_and_depth_on_one_pipe(self):
        for model in (MODEL, ("--model", "guided")):
            frames = b"".join(rgb24(rgb(n)) + gray16(depth(n)) for n in (1, 2, 3))
            out = self.stream("-", "-", "--raw", self.SIZES, "-o", "-", *model, stdin=frames)
            self.assertEqual(out, self.expected((1, 2, 3), (1, 2, 3), model))

    def test_one_picture_guides_the_stream(self):
        self.put("rgb.png", png_bytes(rgb(7), 8))
        frames = b"".join(gray16(depth(n)) for n in (1, 2, 3))
        out = self.stream("rgb.png", "-", "--raw", "8x6", "-o", "-", *MODEL, stdin=frames)
        self.assertEqual(out, self.expected((7, 7, 7), (1, 2, 3)))

    def test_one_frame_may_become_an_image(self):
        self.put("rgb.png", png_bytes(rgb(7), 8))
        self.put("depth.raw", gray16(depth(2)))
        self.put("rgb.raw", rgb24(rgb(7)))
        expected = self.expected((7,), (2,))
        for guide, sizes in (("rgb.png", "8x6"), ("rgb.raw", self.SIZES)):
            self.stream(guide, "depth.raw", "--raw", sizes, "-o", "./out.png", "--confidence",
                        "trust.png", *MODEL)
            self.assertEqual(gray16(read_png(self.path("out.png"))[0]), expected)
            self.assertEqual(read_png(self.path("trust.png"))[0].width, GUIDE[0])
        self.put("depth.raw", gray16(depth(2)) * 2)
        self.refuse("upsample", "rgb.png", "depth.raw", "--raw", "8x6", "-o", "new.png",
                    naming="depth.raw: has several frames, of which one goes into new.png")
        self.put("depth.raw", gray16(depth(2))[:-1])
        self.refuse("upsample", "rgb.png", "depth.raw", "--raw", "8x6", "-o", "new.png",
                    naming="depth.raw: has 95 bytes, which are no whole frames of 8x6,gray16le, 96 "
                           "bytes each")

    def test_frames_of_one_depth_come_back(self):
        """They have no range, and no network sees them; the one between does."""
        flat = Picture.of(*DEPTH, lambda x, y: 1234)
        self.put("rgb.png", png_bytes(rgb(7), 8))
        out = self.stream("rgb.png", "-", "--raw", "8x6", "-o", "-", *MODEL,
                          stdin=gray16(flat) + gray16(depth(2)) + gray16(flat))
        flat_out = gray16(Picture.of(*GUIDE, lambda x, y: 1234))
        self.assertEqual(out, flat_out + self.expected((7,), (2,)) + flat_out)

    def test_a_frame_without_depth_does_not_end_the_stream(self):
        self.put("rgb.png", png_bytes(rgb(7), 8))
        empty = bytes(2 * 8 * 6)
        out = self.stream("rgb.png", "-", "--raw", "8x6", "-o", "-", *MODEL,
                          stdin=empty + gray16(depth(2)))
        self.assertEqual(out, bytes(2 * 32 * 24) + self.expected((7,), (2,)))

    def test_holes_and_confidence(self):
        """Support of kernels is what a stream does not tell: the model does."""
        frame = gray16(Picture.of(*DEPTH, lambda x, y: 0 if x < 3 else ramp(x, y)))
        self.put("g.png", png_bytes(rgb(1), 8))
        self.put("d.png", png_bytes(Picture.of(*DEPTH, lambda x, y: 0 if x < 3 else ramp(x, y)),
                                    16))
        for options in (("--holes", "keep"), ("--holes", "measured"), ("--fidelity", "2"),
                        ("--invalid", "none")):
            self.one("g.png", "d.png", *options)
            out = self.stream("-", "-", "--raw", self.SIZES, "-o", "-", *MODEL, *options,
                              stdin=rgb24(rgb(1)) + frame)
            self.assertEqual(out, gray16(read_png(self.path("one.png"))[0]), options)
        for value in ("70000", "-1", "1.5"):
            self.refuse("upsample", "g.png", "d.png", "-o", "o.png", *MODEL, "--invalid", value,
                        naming="no value of the target")

    def test_confidence_has_a_stream_of_its_own(self):
        """As single runs write it, and 0 of a frame of holes alone."""
        self.put("g.png", png_bytes(rgb(1), 8))
        frames = [Picture.of(*DEPTH, lambda x, y: 0 if x < n else ramp(x, y)) for n in (3, 8, 0)]
        stdin = b"".join(gray16(frame) for frame in frames)
        arguments = ("g.png", "-", "--raw", "8x6", "-o", "-", "--confidence", "c.raw")
        for model in (MODEL, ("--model", "guided")):
            images = sure = b""
            for frame in frames:
                if max(frame.values) == 0:
                    images += bytes(2 * 32 * 24)
                    sure += bytes(2 * 32 * 24)
                    continue
                self.put("d.png", png_bytes(frame, 16))
                self.one("g.png", "d.png", "--confidence", "c.png", model=model)
                images += gray16(read_png(self.path("one.png"))[0])
                sure += gray16(read_png(self.path("c.png"))[0])
            self.assertEqual(self.stream(*arguments, *model, stdin=stdin), images)
            self.assertEqual(self.get("c.raw"), sure)
            self.assertGreater(len(set(sure)), 2)

    def test_confidence_into_a_named_pipe(self):
        self.put("g.png", png_bytes(rgb(1), 8))
        os.mkfifo(self.path("c"))
        read = []

        def reader():
            with open(self.path("c"), "rb") as pipe:
                read.append(pipe.read())
        thread = threading.Thread(target=reader)
        thread.start()
        out = self.stream("g.png", "-", "--raw", "8x6", "-o", "-", "--confidence", "c", *MODEL,
                          stdin=gray16(depth(1)) + gray16(depth(2)))
        thread.join()
        self.assertEqual((len(out), len(read[0])), (4 * 32 * 24, 4 * 32 * 24))

    def test_confidence_takes_no_other_stream_s_place(self):
        self.put("g.png", png_bytes(rgb(1), 8))
        self.put("g.raw", rgb24(rgb(1)))
        self.put("d.raw", gray16(depth(1)))
        self.put("o.raw", b"an earlier result")
        os.symlink("o.raw", self.path("link.raw"))
        for guide, size, confidence, naming in (
                ("g.png", "8x6", "-", "of its own"), ("g.png", "8x6", "o.raw", "of its own"),
                ("g.png", "8x6", "link.raw", "of its own"), ("g.png", "8x6", "d.raw", "take the"),
                ("g.raw", self.SIZES, "g.raw", "take the"), ("g.png", "8x6", "g.png", "take the")):
            self.refuse("upsample", guide, "d.raw", "--raw", size, "-o", "o.raw", "--confidence",
                        confidence, *MODEL, naming=naming)
        os.remove(self.path("link.raw"))
        os.remove(self.path("o.raw"))
        self.refuse("upsample", "g.png", "d.raw", "--raw", "8x6", "-o", "o.raw", "--confidence",
                    "./o.raw", *MODEL, naming="of its own")

    def test_files_and_named_pipes(self):
        self.put("rgb.raw", b"".join(rgb24(rgb(n)) for n in (1, 2)))
        os.mkfifo(self.path("depth"))

        def write():
            with open(self.path("depth"), "wb") as pipe:
                for number in (1, 2):
                    pipe.write(gray16(depth(number)))
        writer = threading.Thread(target=write)
        writer.start()
        self.assertEqual(self.stream("rgb.raw", "depth", "--raw", self.SIZES, "-o", "out.raw",
                                     *MODEL), b"")
        writer.join()
        self.assertEqual(self.get("out.raw"), self.expected((1, 2), (1, 2)))

    def test_each_frame_leaves_before_the_next_comes(self):
        """So that a camera's frames are not late: nothing waits for the end of the input."""
        self.put("rgb.png", png_bytes(rgb(7), 8))
        with subprocess.Popen([command.DKN, "upsample", "rgb.png", "-", "--raw", "8x6", "-o", "-",
                               *MODEL], cwd=self.folder, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as process:
            for number in (1, 2):
                process.stdin.write(gray16(depth(number)))
                process.stdin.flush()
                self.assertEqual(process.stdout.read(2 * 32 * 24), self.expected((7,), (number,)))
            process.stdin.close()
            self.assertEqual(process.stdout.read(), b"")
            self.assertEqual(process.wait(60), 0)

    def test_a_truncated_frame_comes_after_whole_ones(self):
        frames = b"".join(rgb24(rgb(n)) + gray16(depth(n)) for n in (1, 2))
        first = self.expected((1,), (1,))
        size = len(frames) // 2
        arguments = ("-", "-", "--raw", self.SIZES, "-o", "-", *MODEL)
        for left in (1, size - 2 * 8 * 6, size - 1):
            self.fail_with(arguments, frames[:size + left],
                           "standard input: ends within frame 2, after %d of %d bytes" %
                           (left, size), first)
        self.fail_with(arguments, b"", "standard input: ends before the first frame", b"")

    def test_one_stream_shorter_than_the_other(self):
        self.put("rgb.raw", rgb24(rgb(1)))
        depths = gray16(depth(1)) + gray16(depth(2))
        arguments = ("rgb.raw", "-", "--raw", self.SIZES, "-o", "-", *MODEL)
        first = self.expected((1,), (1,))
        self.fail_with(arguments, depths, "rgb.raw: ends before frame 2, of which there is the "
                       "other half", first)
        self.fail_with(arguments, b"", "standard input: ends before frame 1, of which there is the "
                       "other half", b"")

    def test_a_reader_that_goes_away(self):
        self.put("rgb.png", png_bytes(rgb(7), 8))
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([command.DKN, "upsample", "rgb.png", "-", "--raw", "8x6", "-o", "-",
                               *MODEL], cwd=self.folder, input=gray16(depth(1)) * 2,
                              stdout=writer, stderr=subprocess.PIPE, timeout=60)
        os.close(writer)
        self.assertEqual((done.returncode, done.stderr),
                         (1, b"dkn: standard output: who reads it has closed it\n"))

    def start(self, *arguments):
        """The program on a stream of 8x6 depths, with pipes."""
        self.put("rgb.png", png_bytes(rgb(7), 8))
        process = subprocess.Popen([command.DKN, "upsample", "rgb.png", "-", "--raw", "8x6", *MODEL,
                                    *arguments], cwd=self.folder, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        for pipe in (process.stdin, process.stdout, process.stderr):
            self.addCleanup(pipe.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_a_reader_that_goes_away_while_no_frame_comes(self):
        """The input stays open: what waits for it must not keep the program."""
        for frames_after in (0, 1):
            process = self.start("-o", "-")
            process.stdin.write(gray16(depth(1)))
            self.assertEqual(len(process.stdout.read(2 * 32 * 24)), 2 * 32 * 24)
            process.stdout.close()
            if frames_after:
                try:
                    process.stdin.write(gray16(depth(1)))
                except BrokenPipeError:
                    pass
            self.assertEqual(process.wait(60), 1)
            self.assertEqual(process.stderr.read(),
                             b"dkn: standard output: who reads it has closed it\n")

    def test_a_reader_of_confidence_that_goes_away(self):
        os.mkfifo(self.path("c"))
        process = self.start("-o", "out.raw", "--confidence", "c")
        with open(self.path("c"), "rb") as pipe:
            process.stdin.write(gray16(depth(1)))
            self.assertEqual(len(pipe.read(2 * 32 * 24)), 2 * 32 * 24)
        self.assertEqual(process.wait(60), 1)
        self.assertEqual(process.stderr.read(), b"dkn: c: who reads it has closed it\n")
        self.assertEqual(len(self.get("out.raw")), 2 * 32 * 24)

    def test_a_signal_ends_the_wait_for_a_frame(self):
        process = self.start("-o", "-")
        process.stdin.write(gray16(depth(1)))
        self.assertEqual(len(process.stdout.read(2 * 32 * 24)), 2 * 32 * 24)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), 128 + signal.SIGINT)
        self.assertEqual(process.stderr.read(), b"\ndkn: stopped by SIGINT\n")

    def test_one_frame_is_read_ahead(self):
        """While nobody takes the first result, the next frame is taken, and the one after it not."""
        self.put("rgb.png", png_bytes(rgb(7, (512, 384)), 8))
        frame = bytes(range(256)) * (2 * 256 * 192 // 256)  # larger than a pipe's 64 KB
        process = subprocess.Popen([command.DKN, "upsample", "rgb.png", "-", "--raw", "256x192",
                                    "--model", "bicubic", "-o", "-"], cwd=self.folder,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        os.set_blocking(process.stdin.fileno(), False)
        taken, frames = 0, 10 * frame

        def feed(until, seconds):
            nonlocal taken
            deadline = time.monotonic() + seconds
            while taken < until and time.monotonic() < deadline:
                taken += process.stdin.write(frames[taken:until]) or 0
                time.sleep(0.001)
        feed(2 * len(frame), 60)
        self.assertEqual(taken, 2 * len(frame))
        feed(len(frames), 1)
        self.assertLess(taken, 4 * len(frame))
        os.set_blocking(process.stdin.fileno(), True)
        rest = threading.Thread(target=lambda: (process.stdin.write(frames[taken:]),
                                                process.stdin.close()))
        rest.start()
        out = process.stdout.read()
        rest.join()
        size = 2 * 512 * 384
        self.assertEqual(len(out), 10 * size)
        self.assertEqual(out, 10 * out[:size])

    def test_a_terminal_gets_no_frames(self):
        self.put("rgb.png", png_bytes(rgb(7), 8))
        main_end, terminal = os.openpty()
        done = subprocess.run([command.DKN, "upsample", "rgb.png", "-", "--raw", "8x6", "-o", "-",
                               *MODEL], cwd=self.folder, input=gray16(depth(1)),
                              stdout=terminal, stderr=subprocess.PIPE, timeout=60)
        os.close(terminal)
        os.close(main_end)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"is a terminal", done.stderr)

    def test_what_is_unclear_is_refused(self):
        self.put("rgb.png", png_bytes(rgb(7), 8))
        self.put("depth.raw", gray16(depth(1)))
        for sizes in ("8", "8x", "x6", "8x6:", "8x6x2", "0x6", "-8x6", "8x6:0x1", "99999x99999",
                      "8x6,32x24", "8 x6", "65536x65536"):
            self.refuse("upsample", "rgb.png", "depth.raw", "--raw=" + sizes, "-o", "-", *MODEL,
                        naming="no size of raw frames")
        for sizes in ("8", "0x6", "+8x6", " 8x6", "8x6 ", "65537x1", "65536x65536"):
            self.refuse("bench", "bicubic", "--sizes=" + sizes, naming="no size")
        for guide, target, output, naming in (("absent.png", "depth.raw", "-", "absent.png"),
                                              ("rgb.png", "absent.raw", "-", "absent.raw"),
                                              ("rgb.png", "depth.raw", "depth.raw", "take the"),
                                              ("rgb.png", "depth.raw", "absent/o.raw", "absent/")):
            self.refuse("upsample", guide, target, "--raw", "8x6", "-o", output, *MODEL,
                        naming=naming)
        self.put("nan.npy", npy_bytes(Picture.of(*GUIDE, lambda x, y: math.nan)))
        self.refuse("upsample", "nan.npy", "depth.raw", "--raw", "8x6", "-o", "-", *MODEL,
                    naming="nan.npy: the guide is not finite")
        self.refuse("upsample", "rgb.png", "depth.raw", "--raw", "48x1", "-o", "-", *MODEL,
                    naming="depth.raw: frame 1: the target is 48 x 1")


if __name__ == "__main__":
    main()
