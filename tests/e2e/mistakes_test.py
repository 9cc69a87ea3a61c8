#!/usr/bin/env python3
"""What people get wrong: names, sizes, units and files that would take the place of others. Each ends in
one line that says what was found, what was expected and what helps. Usage: mistakes_test.py DKN [unittest options]"""

import os
import re
import resource
import struct
import subprocess

import command
from command import CommandTest, main, ramp, sanitized
from files import Picture, npy_bytes, png_bytes, read_png
from frames import gray16

BICUBIC = ("--model", "bicubic")


class MistakesTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.put_guide(32, 24)
        self.put("depth.png", png_bytes(Picture.of(8, 6, ramp), 16))

    def told(self, *arguments):
        """What a run that succeeds says on standard error."""
        done = self.run_dkn(*arguments)
        self.assertEqual((done.returncode, done.stdout), (0, ""), (arguments, done.stderr))
        return done.stderr


class FilesTest(MistakesTest):
    def test_nothing_takes_the_place_of_what_it_is_made_of(self):
        self.put("mask.png", png_bytes(Picture.of(8, 6, lambda x, y: 255), 8))
        os.symlink("guide.png", self.path("link.png"))
        os.link(self.path("depth.png"), self.path("hard.png"))
        os.mkdir(self.path("sub"))
        for output, what in (("guide.png", "guide"), ("./guide.png", "guide"), ("link.png", "guide"),
                             ("sub/../depth.png", "target"), ("hard.png", "target"),
                             ("mask.png", "mask")):
            self.refuse("upsample", "guide.png", "depth.png", "-o", output, "--mask", "mask.png",
                        *BICUBIC, naming=output + ": the result would take the place of the " + what)
        self.refuse("upsample", "guide.png", "depth.png", "-o", "o.png", "--confidence", "hard.png",
                    naming="file of its own")
        self.put("one.raw", gray16(Picture.of(8, 6, ramp)))
        self.refuse("upsample", "guide.png", "one.raw", "-o", "one.raw", "--raw", "8x6",
                    naming="take the place")
        self.refuse("filter", "guide.png", "guide.png", "-o", "link.png", naming="take the place")
        self.refuse("compare", "guide.png", "depth.png", "depth.png", "-o", "guide.png",
                    naming="take the place")
        self.refuse("inspect", "guide.png", "depth.png", "--at", "3,4", "-o", "depth.png",
                    naming="take the place")

    def test_where_no_file_can_be_is_told_before_the_work(self):
        self.put("e.json", b"{}")
        for command in (("compare", "none.png", "none.png", "none.png", "-o"),
                        ("inspect", "none.png", "none.png", "--at", "3,4", "-o"),
                        ("inspect", "none.png", "none.png", "--at", "3,4", "--kernels"),
                        ("export", "fdkn_x4", "--onnx"), ("tune", "e.json", "--data", ".", "-o"),
                        ("eval", "e.json", "--data", ".", "--markdown"),
                        ("eval", "e.json", "--data", ".", "--report")):
            self.refuse(*command, "nowhere/made", naming="nowhere")

    def test_one_thing_is_not_guide_and_target(self):
        os.symlink("guide.png", self.path("link.png"))
        for target in ("guide.png", "link.png"):
            self.refuse("upsample", "guide.png", target, "-o", "o.png",
                        naming=target + ": is guide and target at once")
        os.mkdir(self.path("both"))
        os.symlink("both", self.path("again"))
        for name in ("1.png", "2.png"):
            self.put("both/" + name, self.get("guide.png"))
        for target in ("both", "both/", "again"):
            self.refuse("upsample", "both", target, "-o", "out", naming="guide and target at once")
        self.refuse("upsample", "both/%d.png", "both/%d.png", "-o", "%d.png",
                    naming="guide and target at once")

    def test_a_link_stays_a_link(self):
        os.mkdir(self.path("sub"))
        for name in ("old.png", "new.png"):
            os.symlink("sub/" + name, self.path(name))
        self.put("sub/old.png", b"old")
        for name in ("old.png", "new.png"):
            self.upsample("depth.png", name)
            self.assertEqual(os.readlink(self.path(name)), "sub/" + name)
            self.assertFalse(os.path.islink(self.path("sub/" + name)))
            self.assertEqual(read_png(self.path("sub/" + name))[0].size, (32, 24))
        self.assertEqual(sorted(os.listdir(self.path("sub"))), ["new.png", "old.png"])
        os.symlink("round.png", self.path("round.png"))
        done = self.run_dkn("upsample", "guide.png", "depth.png", "-o", "round.png", *BICUBIC)
        self.assertIn("round.png: cannot be followed", done.stderr)
        os.mkfifo(self.path("pipe.png"))
        done = self.run_dkn("upsample", "guide.png", "depth.png", "-o", "pipe.png", *BICUBIC)
        self.assertIn("expected a plain file", done.stderr)

    def test_a_limit_of_the_shell_is_an_error(self):
        def limit():  # SIGXFSZ has its usual effect, which ends a program
            resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
        if sanitized():
            self.skipTest("LLVM's OpenMP would be refused before the file")
        self.put_guide(64, 48)
        self.refuse("upsample", "guide.png", "depth.png", "-o", "o.png", *BICUBIC, preexec_fn=limit,
                    naming="o.png: cannot be written: File too large, the file system or `ulimit -f`")
        frame = Picture.of(8, 6, ramp)
        self.put("frames.raw", gray16(frame))
        done = self.run_dkn("upsample", "guide.png", "frames.raw", "--raw", "8x6", "-o", "o.raw",
                            *BICUBIC, preexec_fn=limit)
        self.assertEqual(done.returncode, 1)
        self.assertIn("o.raw: cannot be written: File too large", done.stderr)


class UnitsTest(MistakesTest):
    def test_a_scale_in_which_nothing_is_left(self):
        metres = Picture.of(8, 6, lambda x, y: ramp(x, y) / 1003)
        self.put("metres.npy", npy_bytes(metres))
        for scale in ("1000", "3", "1"):
            self.refuse("upsample", "guide.png", "metres.npy", "-o", "o.png", "--scale", scale,
                        *BICUBIC, naming="metres.npy: the values, 1.79462 at most, are lost in 16 "
                        "bits in steps of " + scale)
        self.refuse("upsample", "guide.png", "metres.npy", "-o", "o.png", "--scale", "0.00001",
                    *BICUBIC, naming="does not fit 16 bits")
        self.upsample("metres.npy", "o.png", "--scale", "0.001")
        self.upsample("metres.npy", "o.npy", "--scale", "1000")  # floats stay floats
        # Whole steps are labels.
        self.put("labels.npy", npy_bytes(Picture.of(8, 6, lambda x, y: 1 + (x > 3))))
        self.upsample("labels.npy", "o.png", "--scale", "1")

    def test_a_target_of_another_shape_is_told(self):
        for size, expected in (((8, 6), ""), ((11, 8), ""), ((8, 4), "stretched 4 times along x"),
                               ((6, 8), "turned by a quarter it would fit"), ((3, 2), "")):
            self.put("t.png", png_bytes(Picture.of(*size, ramp), 16))
            told = self.told("upsample", "guide.png", "t.png", "-o", "o.png", *BICUBIC)
            if expected:
                self.assertRegex(told, r"\Adkn: t\.png: is %d x %d on a guide of 32 x 24[^\n]*\n\Z" % size)
                for text in (expected, "--place", "--camera"):
                    self.assertIn(text, told)
            else:
                self.assertEqual(told, "", size)
        self.put("t.png", png_bytes(Picture.of(8, 4, ramp), 16))
        self.assertEqual(self.told("upsample", "guide.png", "t.png", "-o", "o.png", *BICUBIC, "--place",
                                   "0,4,32,16"), "")
        self.assertIn("on a place of 20 x 20", self.told(
            "upsample", "guide.png", "t.png", "-o", "o.png", *BICUBIC, "--place", "0,4,20,20"))
        # Of many frames once; of raw frames too.
        for number in (1, 2, 3):
            self.put("t_%d.png" % number, png_bytes(Picture.of(8, 4, ramp), 16))
        told = self.told("upsample", "guide.png", "t_%d.png", "-o", "o_%d.png", *BICUBIC)
        self.assertRegex(told, r"\Adkn: t_\d\.png \(and 2 more\): is 8 x 4 [^\n]*\n\Z")
        self.put("t.raw", gray16(Picture.of(8, 4, ramp)) * 3)
        told = self.told("upsample", "guide.png", "t.raw", "--raw", "8x4", "-o", "o.raw", *BICUBIC)
        self.assertRegex(told, r"\Adkn: t\.raw: is 8 x 4 [^\n]*\n\Z")

    def test_a_camera_that_sees_nothing(self):
        view = '{"width": %d, "height": %d, "fx": %d, "fy": %d, "cx": %g, "cy": %g}'
        self.put("camera.json", ('{"depth": %s, "color": %s, "depth_to_color": '
                                 '[1,0,0,90000, 0,1,0,0, 0,0,1,0]}' % (
                                     view % (8, 6, 8, 8, 3.5, 2.5),
                                     view % (32, 24, 32, 32, 15.5, 11.5))).encode())
        camera = ("--camera", "camera.json", *BICUBIC)
        self.refuse("upsample", "guide.png", "depth.png", "-o", "o.png", *camera,
                    naming="depth.png: nothing that the depth camera measured lies in the picture's view")
        self.put("d.raw", gray16(Picture.of(8, 6, ramp)) * 2)
        done = self.run_dkn("upsample", "guide.png", "d.raw", "--raw", "8x6", "-o", "o.raw", *camera)
        self.assertEqual(done.returncode, 1)
        self.assertIn("d.raw: of no frame lies anything in the picture's view", done.stderr)


class GuidesTest(MistakesTest):
    """Guides in other ranges give what they give in their own."""

    def result(self, guide, told):
        done = self.run_dkn("upsample", guide, "depth.png", "-o", "o.png", "--model", "guided")
        self.assertEqual(done.returncode, 0, done.stderr)
        if told:
            self.assertRegex(done.stderr, r"\Adkn: %s: [^\n]*%s[^\n]*\n\Z" % (guide, told))
        else:
            self.assertEqual(done.stderr, "")
        return read_png(self.path("o.png"))[0].values

    def test_bits_in_16_bits_and_floats(self):
        def picture(largest):
            return Picture.of(32, 24, lambda x, y: round((x * 7 + y * 5 + 90 * (x > 15)) / 422 * largest))
        self.put("8.png", png_bytes(picture(255), 8))
        expected = self.result("8.png", "")
        for bits in (8, 10, 12, 14):
            name = "%d_in_16.png" % bits
            self.put(name, png_bytes(picture((1 << bits) - 1), 16))
            values = self.result(name, " %d bits" % bits)
            self.assertLess(max(abs(a - b) for a, b in zip(values, expected)), 8, bits)
        self.put("16.png", png_bytes(picture(65535), 16))
        self.result("16.png", "")
        self.put("floats.npy", npy_bytes(picture(255)))
        self.assertEqual(list(self.result("floats.npy", "8 bits")), list(expected))
        whole = picture(255)
        self.put("unit.npy", npy_bytes(Picture(32, 24, 1, [v / 255 for v in whole.values])))
        self.assertEqual(list(self.result("unit.npy", "")), list(expected))
        self.put("light.npy", npy_bytes(Picture(32, 24, 1, [v / 300 for v in whole.values[:-1]] + [99])))
        self.result("light.npy", "median")

    def test_orientation_is_shown(self):
        self.upsample("guide.png", "plain.jpg", "--invalid", "none", "--hole-refinements", "0")
        plain = self.get("plain.jpg")
        exif = (b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 274, 3, 1, 6, 0) + b"\0" * 4)
        self.put("phone.jpg", plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif +
                 plain[2:])
        self.assertIn("size: 32 x 24", self.succeed("info", "plain.jpg"))
        shown = self.succeed("info", "phone.jpg")
        self.assertIn("size: 24 x 32", shown)
        self.assertRegex(shown, r"\nnote: its EXIF orientation, 6,")

    def test_other_commands_say_so_too(self):
        self.put("10.png", png_bytes(Picture.of(32, 24, lambda x, y: 33 * x), 16))
        self.put("same.png", png_bytes(Picture.of(32, 24, ramp), 16))
        told = self.told("filter", "10.png", "same.png", "-o", "o.png", "--model", "guided")
        self.assertIn("10.png: its 16-bit values are those of 10 bits", told)
        # Its own guide: the result has the picture's values.
        self.told("filter", "10.png", "10.png", "-o", "smooth.png", "--model", "guided")
        self.assertGreater(max(read_png(self.path("smooth.png"))[0].values), 900)

    def test_guide_and_target_exchanged(self):
        """Of one size both orders work, and only one is meant."""
        self.put("rgb.png", png_bytes(Picture.of(32, 24, lambda x, y, c: (7 * x + 5 * y + 20 * c) % 256, 3), 8))
        self.put("same.png", png_bytes(Picture.of(32, 24, ramp), 16))
        told = self.told("upsample", "same.png", "rgb.png", "-o", "o.png", "--model", "guided")
        self.assertIn("dkn: rgb.png: is in colour, and its guide has one channel of 16 bits, as depth "
                      "has: are the two exchanged? The guide comes first\n", told)
        self.put("same_1.png", self.get("same.png"))
        self.put("rgb_1.png", self.get("rgb.png"))
        told = self.told("upsample", "same_%d.png", "rgb_%d.png", "-o", "o_%d.png", "--model", "guided")
        self.assertIn("are the two exchanged?", told)
        for guide, target in (("rgb.png", "same.png"), ("guide.png", "rgb.png")):
            told = self.told("upsample", guide, target, "-o", "o.png", "--model", "guided")
            self.assertNotIn("exchanged", told)


class WordsTest(MistakesTest):
    def test_the_nearest_name(self):
        for word, meant in (("upscale", "upsample"), ("upsmaple", "upsample"), ("filtre", "filter"),
                            ("calibration", "calibrate")):
            self.refuse(word, "a", "b", naming="'%s' is no command; did you mean %s?" % (word, meant))
        self.refuse("sharpen", "a", naming="there are upsample, filter, segment,")
        for word, meant in (("--modle=x", "--model"), ("--ouput", "--output"), ("--maxmemory", "--max-memory"),
                            ("--hole", "--holes")):
            self.refuse("upsample", "guide.png", word, "x", naming="did you mean %s?" % meant)
        self.refuse("upsample", "a", "b", "--zzzzzz", naming="`dkn upsample --help` lists them")

    def test_ranges_that_a_person_can_read(self):
        for option, value, expected in (
                ("--threads", "100000", "an integer from 0 to 1024"),
                ("--threads", "40000", "an integer from 0 to 1024"),
                ("--threads", "99999999999999999999", "an integer from 0 to 1024"),
                ("--scale", "0", "a number from 0.000000001 to 1000000"),
                ("--scale", "1e38", "a number from 0.000000001 to 1000000"),
                ("--support", "2", "a number from 0.001 to 1"),
                ("--support", "nan", "a number from 0.001 to 1"),
                ("--fidelity", "-1", "an integer from 0 to 1000"),
                ("--hole-refinements", "4e9", "an integer from 0 to 1000"),
                ("--max-memory", "2147483648", "an integer from 0 to 1000000000"),
                ("--first", "-1", "an integer from 0 to 1000000000")):
            self.refuse("upsample", "guide.png", "depth.png", "-o", "o.png", option, value,
                        naming="%s: '%s', expected %s" % (option, value, expected))
        self.refuse("synth", "-o", "rooms", "--seed", "-1", naming="--seed")

    def test_what_helps(self):
        self.refuse("upsample", "depth.png", "guide.png", "-o", "o.png", naming="are the two exchanged?")
        self.refuse("upsample", "guide.png", "depth.png", "-o", "o.what", *BICUBIC,
                    naming="o.what: the name's ending tells no format")
        self.refuse("upsample", "guide.png", "depth.png", "-o", "none/o.png", *BICUBIC,
                    naming="none/o.png: cannot be written: No such file or directory: its folder is missing")
        self.refuse("upsample", "guide.png", "depth.png", "-o", "o.jpg", *BICUBIC, naming=".png, .tif, .npy")
        self.refuse("upsample", "guide.png", "depth.png", "-o", "o.png", "--place", "1,2", naming="--place: ")
        self.refuse("upsample", "guide.png", "depth.png", "-o", "o.png", "--place", "30,2,8,6", *BICUBIC,
                    naming="(--place)")


def peak_bytes(folder, *arguments):
    """The exit status, the most memory that the program held, and what it said."""
    with subprocess.Popen([command.DKN, *arguments], cwd=folder, stderr=subprocess.PIPE,
                          text=True) as process:
        text = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss * 1024, text


class MemoryTest(CommandTest):
    """--max-memory bounds the process, holes and confidence included, or the error names what would do."""

    def check(self, *arguments):
        least = None
        for megabytes in (1, 60, 90, 400):
            status, peak, text = peak_bytes(self.folder, *arguments, "--max-memory", str(megabytes))
            if status != 0:
                self.assertRegex(text, r"at least \d+ MB\n")
                named = int(re.search(r"at least (\d+) MB", text)[1])
                self.assertGreater(named, megabytes)
                self.assertEqual(named, least or named)
                least = named
            else:
                self.assertGreaterEqual(megabytes, least)
                self.assertLess(peak, megabytes * 1e6, (arguments, megabytes))
        status, peak, text = peak_bytes(self.folder, *arguments, "--max-memory", str(least))
        self.assertEqual(status, 0, text)
        self.assertLess(peak, least * 1e6, arguments)

    def test_the_bound_holds(self):
        if sanitized():
            self.skipTest("the sanitizers take memory of their own")
        size = (800, 602)
        row = bytes(range(256)) * 14
        self.put("guide.ppm", b"P6\n%d %d\n255\n" % size + b"".join(
            row[y % 200:y % 200 + 3 * size[0]] for y in range(size[1])))
        def holes(x, y):
            return 0 if (x // 9 + y // 7) % 16 == 0 else ramp(x % 40, y % 50)
        self.put("small.npy", npy_bytes(Picture.of(200, 150, holes), "<u2"))
        self.put("full.npy", npy_bytes(Picture.of(*size, holes), "<u2"))
        confidence = ("--confidence", "c.npy", "-o", "o.npy", "--threads", "2")
        self.check("upsample", "guide.ppm", "small.npy", *confidence, "--holes", "keep", "--fidelity", "2")
        self.check("upsample", "guide.ppm", "full.npy", *confidence)
        self.put("small_1.npy", self.get("small.npy"))
        self.put("small_2.npy", self.get("small.npy"))
        self.check("upsample", "guide.ppm", "small_%d.npy", "-o", "o_%d.npy", "--threads", "2")

    def test_what_frames_leave_does_not_add_up(self):
        """Memory that a frame has freed does not stay beside what the next ones take: 150 MB without
        that, where the bound leaves 160."""
        if sanitized():
            self.skipTest("the sanitizers take memory of their own")
        size = (1600, 1200)
        for number in range(3):
            self.put("guide_%d.ppm" % number, b"P6\n%d %d\n255\n" % size +
                     bytes(range(256)) * (3 * size[0] * size[1] // 256))
            self.put("small_%d.npy" % number, npy_bytes(Picture.of(
                200, 150, lambda x, y: 0 if (x // 9 + y // 7) % 16 == 0 else ramp(x % 40, y % 50)), "<u2"))
        status, peak, text = peak_bytes(self.folder, "upsample", "guide_%d.ppm", "small_%d.npy", "-o", "o_%d.npy",
                                        "--max-memory", "160")
        self.assertEqual(status, 0, text)
        self.assertLess(peak, 140e6)


if __name__ == "__main__":
    main()
