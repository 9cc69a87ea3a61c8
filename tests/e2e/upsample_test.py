#!/usr/bin/env python3
"""`dkn upsample` as a user runs it. Usage: upsample_test.py DKN [unittest options]"""

import math
import os
import re
import resource

from command import ROOT, CommandTest, full_disk, main, ramp, rmse, sanitized
from files import Picture, npy_bytes, png_bytes, png_of_size, read_npy, read_png

ROOM_RGB, ROOM_DEPTH, ROOM_TRUTH = (os.path.join(ROOT, "examples", "room_%s.png" % part)
                                    for part in ("rgb", "depth", "truth"))


def upsampled_ramp(scale):
    """The plane of which `ramp` shows every scale-th pixel, centres apart."""
    return lambda x, y: ramp((x + 0.5) / scale - 0.5, (y + 0.5) / scale - 0.5)


class UpsampleTest(CommandTest):
    def check_ramp(self, result, scale, tolerance):
        """Bicubic interpolation reproduces a plane where it does not meet the border."""
        expected = upsampled_ramp(scale)
        for y in range(2 * scale, result.height - 2 * scale):
            for x in range(2 * scale, result.width - 2 * scale):
                self.assertAlmostEqual(result.values[y * result.width + x], expected(x, y),
                                       delta=tolerance)

    def test_16_bit_png_gives_16_bit_png(self):
        self.put_guide(64, 48)
        self.put("depth.png", png_bytes(Picture.of(8, 6, ramp), 16))
        self.upsample("depth.png", "out.png")
        result, bits = read_png(self.path("out.png"))
        self.assertEqual((result.size, result.channels, bits), ((64, 48), 1, 16))
        self.check_ramp(result, 8, 0.501)
        self.assertEqual(sorted(self.contents()), ["depth.png", "guide.png", "out.png"])

    def test_float_npy_gives_float_npy(self):
        self.put_guide(40, 36)
        metres = Picture.of(10, 9, lambda x, y: ramp(x, y) / 1000)
        self.put("depth.npy", npy_bytes(metres))
        self.upsample("depth.npy", "out.npy")
        result = read_npy(self.path("out.npy"))
        self.assertEqual((result.size, result.channels), ((40, 36), 1))
        result.values = [1000 * value for value in result.values]
        self.check_ramp(result, 4, 0.01)

    def test_sizes_need_not_be_multiples(self):
        self.put_guide(37, 23)
        for width, height in ((37, 23), (36, 1), (5, 4), (1, 1)):
            self.put("depth.png", png_bytes(Picture.of(width, height, ramp), 16))
            done = self.run_dkn("upsample", "guide.png", "depth.png", "-o", "out.png", "--model",
                                "bicubic")
            self.assertEqual((done.returncode, done.stderr != ""), (0, height == 1 < width))
            result, _ = read_png(self.path("out.png"))
            self.assertEqual(result.size, (37, 23))
            if (width, height) == (37, 23):
                self.assertEqual(list(result.values), Picture.of(37, 23, ramp).values)
            if (width, height) == (1, 1):
                self.assertEqual(set(result.values), {1000})

    def test_8_bits_stay_8_bits_though_edges_overshoot(self):
        self.put_guide(32, 32)
        self.put("mask.png", png_bytes(Picture.of(8, 8, lambda x, y: 255 * (x >= 4)), 8))
        self.upsample("mask.png", "out.png", "--invalid", "none")
        result, bits = read_png(self.path("out.png"))
        self.assertEqual(bits, 8)
        self.assertEqual((result.values[0], result.values[31]), (0, 255))

    def test_every_channel_is_upsampled(self):
        self.put_guide(16, 12)
        self.put("scores.npy", npy_bytes(Picture.of(4, 3, lambda x, y, c: float(c), 5)))
        self.upsample("scores.npy", "out.npy")
        result = read_npy(self.path("out.npy"))
        self.assertEqual((result.size, result.channels), ((16, 12), 5))
        for i, value in enumerate(result.values):
            self.assertAlmostEqual(value, i % 5, delta=1e-5)

    def test_a_grey_guide_will_do(self):
        self.put("grey.png", png_bytes(Picture.of(16, 12, lambda x, y: 10 * x), 8))
        self.put("depth.png", png_bytes(Picture.of(4, 3, ramp), 16))
        self.upsample("depth.png", "out.png", guide="grey.png", model="fdkn_x8")
        self.assertEqual(read_png(self.path("out.png"))[0].size, (16, 12))

    def test_the_shipped_model_beats_bicubic_on_the_example(self):
        self.upsample(ROOM_DEPTH, "fdkn.png", guide=ROOM_RGB, model="fdkn_x8")
        self.upsample(ROOM_DEPTH, "bicubic.png", guide=ROOM_RGB)
        truth, _ = read_png(ROOM_TRUTH)
        fdkn, bits = read_png(self.path("fdkn.png"))
        bicubic, _ = read_png(self.path("bicubic.png"))
        self.assertEqual((fdkn.size, fdkn.channels, bits), (truth.size, 1, 16))
        self.assertLess(rmse(fdkn, truth), 0.8 * rmse(bicubic, truth))

    def test_dkn_stays_below_400_megabytes_at_640_x_480(self):
        if sanitized():
            self.skipTest("the sanitizers take memory of their own")
        self.upsample(ROOM_DEPTH, "dkn.png", guide=ROOM_RGB, model="dkn_x8")
        # Of all programs that this test has run so far: none needs more than DKN does.
        kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(kilobytes, 400000)
        truth, _ = read_png(ROOM_TRUTH)
        dkn, _ = read_png(self.path("dkn.png"))
        self.upsample(ROOM_DEPTH, "bicubic.png", guide=ROOM_RGB)
        bicubic, _ = read_png(self.path("bicubic.png"))
        self.assertLess(rmse(dkn, truth), 0.8 * rmse(bicubic, truth))

    def test_without_a_model_the_ratio_of_sizes_chooses_one(self):
        self.put_guide(64, 48)
        for width, height, channels, scale, model in (
                (8, 6, 1, "8", "fdkn_x8"), (10, 6, 1, "7.16", "fdkn_x8"), (32, 24, 1, "2", "fdkn_any"),
                (64, 48, 1, "1", "fdkn_any"), (64, 48, 3, "1", "fdkn_photo")):
            self.put("depth.png", png_bytes(
                Picture.of(width, height, lambda x, y, c=0: ramp(x, y) + 50 * c, channels), 16))
            done = self.run_dkn("upsample", "guide.png", "depth.png", "-o", "out.png")
            self.assertEqual((done.returncode, done.stdout), (0, ""))
            told = re.fullmatch(r"dkn: %sx: used (\w+)( \(of the guide.*\))?\n" % re.escape(scale),
                                done.stderr)
            self.assertIsNotNone(told, done.stderr)
            self.assertEqual(told.group(1), model)
            self.assertEqual(told.group(2) is None, model != "fdkn_photo")
            self.upsample("depth.png", "named.png", model=told.group(1))
            if model == "fdkn_photo":  # by default it changes what was measured by noise alone
                clean = read_png(self.path("depth.png"))[0].values
                change = max(abs(a - b) for a, b in zip(read_png(self.path("out.png"))[0].values, clean))
                self.assertLessEqual(change, 0.002 * (max(clean) - min(clean)) + 1)
            else:
                self.assertEqual(self.get("out.png"), self.get("named.png"))

    def test_every_precision_runs_on_every_processor(self):
        """Where the instructions are missing, another precision takes their place, and says so."""
        self.addCleanup(os.environ.pop, "ONEDNN_MAX_CPU_ISA", None)
        self.upsample(ROOM_DEPTH, "fp32.png", "--precision", "fp32", guide=ROOM_RGB,
                      model="fdkn_x8")
        expected, _ = read_png(self.path("fp32.png"))
        truth, _ = read_png(ROOM_TRUTH)
        for isa in ("ALL", "AVX512_CORE_VNNI", "AVX512_CORE", "AVX2", "SSE41"):
            os.environ["ONEDNN_MAX_CPU_ISA"] = isa
            for precision in ("auto", "fp32", "bf16", "int8"):
                done = self.run_dkn("upsample", ROOM_RGB, ROOM_DEPTH, "-o", "out.png", "--model",
                                    "fdkn_x8", "--precision", precision)
                self.assertEqual((done.returncode, done.stdout), (0, ""), (isa, precision))
                if isa in ("AVX2", "SSE41") and precision in ("bf16", "int8"):
                    self.assertIn("using fp32", done.stderr)
                result, _ = read_png(self.path("out.png"))
                self.assertLess(rmse(result, expected), 0.1 * rmse(expected, truth),
                                (isa, precision))

    def test_orientations_are_filtered_too_and_the_mean_counts(self):
        room = ("--precision", "fp32", "--model", "fdkn_x8")
        truth, _ = read_png(ROOM_TRUTH)
        errors = []
        for orientations in ("1", "2", "8"):
            done = self.run_dkn("upsample", ROOM_RGB, ROOM_DEPTH, "-o", "out.png", *room,
                                "--orientations", orientations)
            self.assertEqual((done.returncode, done.stdout), (0, ""))
            errors.append(rmse(read_png(self.path("out.png"))[0], truth))
        self.assertLess(errors[1], errors[0])
        self.assertLess(errors[2], errors[1])

    def test_the_number_of_threads_changes_no_bit(self):
        for threads in ("1", "2", "3"):
            self.upsample(ROOM_DEPTH, threads + ".png", "--threads", threads, guide=ROOM_RGB,
                          model="fdkn_x8")
        self.assertEqual(self.get("1.png"), self.get("2.png"))
        self.assertEqual(self.get("1.png"), self.get("3.png"))


def frame(x, y):
    """As a depth camera gives it: millimetres, 0 in holes."""
    if x in (0, 1) or (x, y) == (5, 3):
        return 0
    return 1000 if x < 4 else 3000


class UpsampleHolesTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.put_guide(64, 48)
        self.put("depth.png", png_bytes(Picture.of(8, 6, frame), 16))

    def result(self, *options, model="fdkn_x8"):
        self.upsample("depth.png", "out.png", *options, model=model)
        result, bits = read_png(self.path("out.png"))
        self.assertEqual((result.size, bits), ((64, 48), 16))
        return result.values

    def test_fill_stays_within_what_was_measured(self):
        for model in ("fdkn_x8", "bicubic", "guided"):
            values = self.result(model=model)
            self.assertGreaterEqual(min(values), 1000)
            self.assertLessEqual(max(values), 3000)

    def test_keep_and_measured_leave_holes(self):
        for mode in ("keep", "measured"):
            values = self.result("--holes", mode)
            self.assertEqual(values[24 * 64 + 4], 0)
            self.assertEqual({v for v in values if 0 < v < 1000}, set())
            self.assertGreater(sum(v > 0 for v in values), 0.6 * len(values))
            self.assertGreater(sum(v == 0 for v in values), 0.1 * len(values))
        few = sum(v == 0 for v in self.result("--holes", "measured", "--support", "0.05"))
        many = sum(v == 0 for v in self.result("--holes", "measured", "--support", "1"))
        self.assertLess(few, many)

    def test_invalid_is_another_value_or_none(self):
        zeros = self.result("--holes", "keep")
        other = Picture.of(8, 6, lambda x, y: frame(x, y) or 65535)
        self.put("depth.png", png_bytes(other, 16))
        values = self.result("--holes", "keep", "--invalid", "65535")
        self.assertEqual([0 if v == 65535 else v for v in values], list(zeros))
        self.put("depth.png", png_bytes(Picture.of(8, 6, frame), 16))
        self.assertEqual(self.result("--invalid", "none", model="bicubic")[24 * 64 + 4], 0)

    def test_a_mask_marks_holes_too(self):
        expected = self.result("--holes", "keep")
        whole = Picture.of(8, 6, lambda x, y: frame(x, y) or 1234)
        self.put("depth.png", png_bytes(whole, 16))
        self.put("mask.png", png_bytes(Picture.of(8, 6, lambda x, y: frame(x, y) > 0), 8))
        self.assertEqual(self.result("--holes", "keep", "--mask", "mask.png"), expected)
        self.put("mask.png", png_bytes(Picture.of(6, 8, lambda x, y: 1), 8))
        self.refuse("upsample", "guide.png", "depth.png", "-o", "new.png", "--mask", "mask.png",
                    naming="dkn: mask.png: the mask is 6 x 8, expected the target's size, 8 x 6")

    def test_no_value_is_taken_for_a_hole(self):
        """2000 lies amid the values of the slope, none of which was measured as 2000."""
        self.put("depth.png", png_bytes(Picture.of(8, 6, lambda x, y: 1990 + 4 * x), 16))
        self.assertIn(2000, self.result("--invalid", "none", model="bicubic"))
        values = self.result("--invalid", "2000", model="bicubic")
        self.assertNotIn(2000, values)
        self.assertTrue({1999, 2001} <= set(values))

    def test_float_metres_keep_nan(self):
        metres = Picture.of(8, 6, lambda x, y: frame(x, y) / 1000 or math.nan)
        self.put("depth.npy", npy_bytes(metres))
        for options, hole in (((), math.isnan), (("--invalid", "0"), lambda value: value == 0)):
            self.upsample("depth.npy", "out.npy", "--holes", "keep", *options, model="fdkn_x8")
            values = read_npy(self.path("out.npy")).values
            self.assertTrue(hole(values[24 * 64 + 4]))
            self.assertAlmostEqual(values[24 * 64 + 60], 3, delta=0.1)
        self.upsample("depth.npy", "out.npy", model="fdkn_x8")
        self.assertFalse(any(math.isnan(v) for v in read_npy(self.path("out.npy")).values))

    def test_confidence_is_written_beside_the_result(self):
        self.result("--confidence", "trust.png")
        trust, bits = read_png(self.path("trust.png"))
        self.assertEqual((trust.size, trust.channels, bits), ((64, 48), 1, 16))
        self.assertEqual(trust.values[24 * 64 + 4], 0)
        self.assertGreater(trust.values[24 * 64 + 60], 50000)
        plain = self.get("out.png")
        self.result("--confidence", "trust.npy")
        self.assertEqual(self.get("out.png"), plain)
        floats = read_npy(self.path("trust.npy"))
        self.assertLessEqual(max(floats.values), 1.0)
        self.assertAlmostEqual(floats.values[0], trust.values[0] / 65535, delta=1e-4)

    def test_confidence_takes_no_other_file_s_place(self):
        self.put("out.png", b"an earlier result")
        for name in ("out.png", "guide.png", "./depth.png"):
            self.refuse("upsample", "guide.png", "depth.png", "-o", "out.png", "--model", "fdkn_x8",
                        "--confidence", name, naming="a file of its own")
        os.mkdir(self.path("folder.png"))
        for name in ("absent/c.png", "folder.png", "c.xyz"):
            self.refuse("upsample", "guide.png", "depth.png", "-o", "out.png", "--model", "fdkn_x8",
                        "--confidence", name, naming=name)
        self.put("flat.png", png_bytes(Picture.of(8, 6, lambda x, y: 1000), 16))  # stays small
        self.refuse("upsample", "guide.png", "flat.png", "-o", "out.png", "--model", "fdkn_x8",
                    "--confidence", "c.npy", naming="c.npy", preexec_fn=full_disk)

    def test_compare_shows_that_errors_grow_as_confidence_falls(self):
        self.upsample(ROOM_DEPTH, "room.png", "--confidence", "trust.png", guide=ROOM_RGB,
                      model="fdkn_x8")
        told = self.succeed("compare", ROOM_RGB, ROOM_DEPTH, "room.png", "--truth", ROOM_TRUTH,
                            "--confidence", "trust.png", "-o", "figure.png")
        errors = [float(row.split("|")[2]) for row in told.splitlines()[2:12]]
        self.assertGreater(errors[0], 10 * errors[9])
        self.assertGreater(errors[2], errors[7])

    def test_fidelity_changes_little_and_keeps_holes(self):
        plain = self.result("--holes", "keep")
        faithful = self.result("--holes", "keep", "--fidelity", "5")
        self.assertNotEqual(plain, faithful)
        self.assertEqual([v == 0 for v in plain], [v == 0 for v in faithful])
        self.assertLess(sum(abs(a - b) for a, b in zip(plain, faithful)) / len(plain), 60)


class UpsampleErrorsTest(CommandTest):
    """What fails leaves one line and no file, neither changed nor new."""

    def setUp(self):
        super().setUp()
        self.put_guide(16, 12)
        self.put("depth.png", png_bytes(Picture.of(4, 3, ramp), 16))

    def check(self, naming, guide="guide.png", target="depth.png", output="out.png",
              model="bicubic", **options):
        arguments = ("upsample", guide, target, "-o", output, "--model", model)
        self.refuse(*arguments, naming=naming, **options)
        if os.path.dirname(output) == "":
            self.put(output, b"the result of an earlier run")
            self.refuse(*arguments, naming=naming, **options)
            os.remove(self.path(output))

    def test_missing_files(self):
        self.check("absent.png", guide="absent.png")
        self.check("absent.png", target="absent.png")
        self.check("absent", model="absent")
        self.check("absent.safetensors", model="absent.safetensors")

    def test_unreadable_files(self):
        whole = png_bytes(Picture.of(16, 12, lambda x, y: (x * 37 + y * 91) % 251), 8)
        broken = {
            "cut.png": whole[:-40],
            "header.png": whole[:40],
            "empty.png": b"",
            "text.png": b"not a picture at all\n",
            "huge.png": png_of_size(1 << 20, 1 << 20),
            "complex.npy": npy_bytes(Picture.of(4, 3, ramp)).replace(b"<f4", b"<c8"),
            "cut.npy": npy_bytes(Picture.of(4, 3, ramp))[:-1],
            "cut.safetensors": b"\x08\0\0\0\0\0\0\0{}",
        }
        for name, data in broken.items():
            with self.subTest(name):
                self.put(name, data)
                if name.endswith("safetensors"):
                    self.check(name, model=name)
                    continue
                self.check(name, target=name)
                self.check(name, guide=name)
        self.check(self.folder, target=self.folder)

    def test_targets_without_a_value(self):
        self.put("none.png", png_bytes(Picture.of(4, 3, lambda x, y: 0), 16))
        self.check("none.png: no value of the target is measured", target="none.png")
        for value in (math.nan, math.inf, -math.inf):
            self.put("none.npy", npy_bytes(Picture.of(4, 3, lambda x, y: value)))
            self.check("none.npy: no value of the target is measured", target="none.npy",
                       output="out.npy")

    def test_pictures_that_guide_nothing(self):
        """What is wrong with the guide names it, and what is wrong with the target does not."""
        self.put("nan.npy", npy_bytes(Picture.of(16, 12, lambda x, y: math.nan)))
        self.put("five.npy", npy_bytes(Picture.of(16, 12, lambda x, y, c: 1, 5)))
        self.check("nan.npy: the guide is not finite at x = 0, y = 0", guide="nan.npy")
        self.check("five.npy: the guide has 5 channels", guide="five.npy")
        self.put("large.png", png_bytes(Picture.of(17, 12, ramp), 16))
        self.check("large.png: the target is", target="large.png")

    def test_options_that_make_no_sense(self):
        for options in (("--invalid", "zero"), ("--invalid", "1x")):
            self.refuse("upsample", "guide.png", "depth.png", "-o", "out.png", "--model", "bicubic",
                        *options, naming=options[1])
        for options in (("--holes", "open"), ("--support", "0"), ("--support", "2"),
                        ("--fidelity", "-1"), ("--hole-refinements", "-1"), ("--orientations", "3")):
            done = self.run_dkn("upsample", "guide.png", "depth.png", "-o", "out.png", *options)
            self.assertGreater(done.returncode, 0, options)
            self.assertIn(options[0], done.stderr)

    def test_sizes_that_do_not_fit(self):
        self.put("depth.png", png_bytes(Picture.of(17, 12, ramp), 16))
        self.check("17 x 12")

    def test_outputs_that_cannot_be_written(self):
        self.check("absent/out.png", output="absent/out.png")
        self.check("depth.png/out.png", output="depth.png/out.png")
        self.check("out.xyz", output="out.xyz")
        self.put("depth.npy", npy_bytes(Picture.of(4, 3, ramp)))
        self.check("does not fit 16 bits", target="depth.npy")
        self.check("out.jpg", target="depth.npy", output="out.jpg")
        self.check("out.jpeg", output="out.jpeg")
        os.mkdir(self.path("folder.png"))
        self.refuse("upsample", "guide.png", "depth.png", "-o", "folder.png", "--model", "bicubic",
                  naming="folder.png")

    def test_a_full_disk(self):
        self.put_guide(64, 48)
        self.check("out.npy", output="out.npy", preexec_fn=full_disk)

    def test_wrong_usage_is_refused(self):
        for arguments in ((), ("sharpen",), ("upsample",), ("upsample", "guide.png", "depth.png"),
                          ("upsample", "guide.png", "depth.png", "-o", "out.png", "--threads",
                           "-1")):
            before = self.contents()
            done = self.run_dkn(*arguments)
            self.assertGreater(done.returncode, 0, arguments)
            self.assertNotEqual(done.stderr, "", arguments)
            self.assertEqual(self.contents(), before, arguments)


if __name__ == "__main__":
    main()
