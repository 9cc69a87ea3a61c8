#!/usr/bin/env python3
"""What `dkn upsample` and `dkn filter` take for a hole, and say of it. Usage: holes_test.py DKN
[unittest options]"""

import array
import os
import random
import struct

from command import CommandTest, checks, main
from files import Picture, npy_bytes, png_bytes, read_npy, read_png

ZERO_HOLES = "dkn: 0 counts as a hole: %s; --invalid none takes it for a value\n"
ZERO_VALUES = ("dkn: 0 counts as a value, as in masks and labels: %s; --invalid 0 takes it for a "
               "hole\n")


def slope(x, y):
    """Depth of two walls, in millimetres, with many values."""
    return (1000 if x < 20 else 3000) + 7 * x + 5 * y


def is_hole(x, y):
    return (x - 10) ** 2 + (y - 12) ** 2 < 20 or (7 * x + 3 * y) % 11 == 0


class HolesTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.put("guide.png", png_bytes(Picture.of(40, 24, lambda x, y, c: 60 if x < 20 else 180, 3),
                                        8))
        self.put("large.png", png_bytes(Picture.of(80, 48, checks, 3), 8))

    def told(self, command, guide, target, output, *options, model="bicubic"):
        """What the command tells."""
        done = self.run_dkn(command, guide, target, "-o", output, "--model", model, *options)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        return done.stderr

    def filter(self, target, *options, output="out.png", model="bicubic"):
        return self.told("filter", "guide.png", target, output, *options, model=model)

    def upsample(self, target, *options, output="out.png"):
        return self.told("upsample", "large.png", target, output, *options)

    def values(self, name="out.png"):
        return list(read_png(self.path(name))[0].values if name.endswith(".png")
                    else read_npy(self.path(name)).values)

    def put_depth(self, name="depth.png", hole=0, measured=slope):
        depth = Picture.of(40, 24, lambda x, y: hole if is_hole(x, y) else measured(x, y))
        self.put(name, png_bytes(depth, 16) if name.endswith(".png") else npy_bytes(depth))
        return depth


class FilterTest(HolesTest):
    def test_no_hole_of_depth_mixes_into_its_neighbours(self):
        depth = self.put_depth()
        percent = "%.3g %% of the pixels" % (100 * depth.values.count(0) / 960)
        for model in ("bicubic", "guided", "fdkn_denoise"):
            self.assertEqual(self.filter("depth.png", model=model), ZERO_HOLES % percent)
            self.assertGreaterEqual(min(self.values()), 1000)
        # Of holes as of what is measured.
        self.filter("depth.png")
        for i, value in enumerate(self.values()):
            self.assertAlmostEqual(value, slope(i % 40, i // 40), delta=40, msg=str(i))
        # What stands in them changes no bit.
        expected = self.get("out.png")
        self.put_depth("other.png", hole=65535)
        self.assertEqual(self.filter("other.png", "--invalid", "65535"), "")
        self.assertEqual(self.get("out.png"), expected)

    def test_by_itself_it_takes_the_network_that_removes_noise(self):
        noise = random.Random(3)
        self.put_depth(measured=lambda x, y: slope(x, y) + round(noise.gauss(0, 20)))
        done = self.run_dkn("filter", "guide.png", "depth.png", "-o", "out.png")
        self.assertEqual(done.returncode, 0, done.stderr)
        noisy = read_png(self.path("depth.png"))[0].values
        at = [i for i, value in enumerate(noisy) if value]
        error = [sum(abs(a[i] - slope(i % 40, i // 40)) for i in at)
                 for a in (self.values(), noisy)]
        self.assertLess(error[0], 0.7 * error[1])
        self.assertGreaterEqual(min(self.values()), 900)

    def test_holes_are_kept_and_confidence_says_so(self):
        depth = self.put_depth()
        self.filter("depth.png", "--holes", "keep", "--confidence", "trust.png")
        self.assertEqual(self.values(), depth.values)
        self.assertEqual(self.values("trust.png"), [65535 * (v != 0) for v in depth.values])

    def test_nan_of_floats_is_a_hole(self):
        self.put_depth("depth.npy", hole=float("nan"))
        self.assertEqual(self.filter("depth.npy", output="out.npy"), "")
        self.assertGreaterEqual(min(self.values("out.npy")), 1000)
        kept = Picture.of(40, 24, lambda x, y: -1 if is_hole(x, y) else slope(x, y))
        self.put("depth.npy", npy_bytes(kept))
        self.filter("depth.npy", "--invalid=-1", "--holes", "keep", output="out.npy")
        self.assertEqual(self.values("out.npy"), kept.values)

    def test_a_mask_tells_holes(self):
        depth = self.put_depth(hole=9000)
        mask = Picture.of(40, 24, lambda x, y: 0 if is_hole(x, y) else 1)
        self.put("mask.png", png_bytes(mask, 8))
        self.assertEqual(self.filter("depth.png", "--mask", "mask.png"), "")
        self.assertLess(max(self.values()), 4000)
        self.assertIn(9000, depth.values)

    def test_results_change_their_type_as_their_file_asks_for(self):
        self.put_depth()
        self.filter("depth.png", "--holes", "keep", output="out.pfm")
        self.assertEqual(self.get("out.pfm")[:3], b"Pf\n")
        last = struct.unpack("<f", self.get("out.pfm")[-4:])[0]  # rows from the bottom
        self.assertAlmostEqual(last, slope(39, 0) / 1000, places=4)

    def test_depth_that_guides_itself_has_holes_too(self):
        depth = self.put_depth()
        told = self.told("filter", "depth.png", "depth.png", "out.png", model="guided")
        self.assertIn("0 counts as a hole", told)
        self.assertGreaterEqual(min(self.values()), 900)
        self.told("filter", "depth.png", "depth.png", "out.png", "--holes", "keep", "--confidence",
                  "sure.png", "--iterations", "3", model="guided")
        self.assertEqual([value == 0 for value in self.values()],
                         [value == 0 for value in depth.values])
        self.assertEqual([value == 0 for value in self.values("sure.png")],
                         [value == 0 for value in depth.values])
        # What stands in holes changes no bit.
        self.told("filter", "depth.png", "depth.png", "out.png", model="guided")
        expected = self.get("out.png")
        self.put_depth("other.png", hole=65535)
        self.told("filter", "other.png", "other.png", "out.png", "--invalid", "65535",
                  model="guided")
        self.assertEqual(self.get("out.png"), expected)
        self.put("mask.png", png_bytes(Picture.of(40, 24, lambda x, y: not is_hole(x, y)), 8))
        self.told("filter", "other.png", "other.png", "out.png", "--mask", "mask.png", "--invalid",
                  "65535", model="guided")
        self.assertEqual(self.get("out.png"), expected)

    def test_metres_that_guide_themselves_keep_their_edges(self):
        """By 255, as a picture's floats are, the guide would be black and an edge of half a metre
        nothing."""
        noise = random.Random(4)
        def clean(x, _):
            return 2.0 if x < 20 else 2.5
        noisy = Picture.of(40, 24, lambda x, y: clean(x, y) + noise.gauss(0, 0.01))
        self.put("metres.npy", npy_bytes(noisy))
        self.assertEqual(self.told("filter", "metres.npy", "metres.npy", "out.npy",
                                   model="guided"), "")
        result = self.values("out.npy")
        error = [sum((a - clean(i % 40, 0)) ** 2 for i, a in enumerate(values))
                 for values in (result, noisy.values)]
        self.assertLess(error[0], 0.25 * error[1])


class WhatZeroIsTest(HolesTest):
    def test_of_depth_a_hole_which_is_told_with_its_share(self):
        depth = self.put_depth()
        percent = "%.3g %% of the pixels" % (100 * depth.values.count(0) / 960)
        self.assertEqual(self.upsample("depth.png"), ZERO_HOLES % percent)
        self.assertGreaterEqual(min(self.values()), 1000)
        self.assertEqual(self.upsample("depth.png", "--invalid", "0"), "")
        self.assertEqual(self.upsample("depth.png", "--invalid", "none"), "")
        self.assertEqual(min(self.values()), 0)

    def test_of_masks_a_value(self):
        half = Picture.of(40, 24, lambda x, y: 255 * (x >= 20))
        self.put("mask.png", png_bytes(half, 8))
        self.assertEqual(self.filter("mask.png"), "")
        self.assertEqual(self.values(), half.values)
        self.assertEqual(self.upsample("mask.png"), "")
        self.assertEqual((self.values()[:38], self.values()[-38:]), ([0] * 38, [255] * 38))
        self.put("mask.png", png_bytes(Picture.of(40, 24, lambda x, y: 65535 * (x >= 20)), 16))
        self.assertEqual(self.upsample("mask.png"), ZERO_VALUES % "50 % of the pixels")
        self.assertEqual((min(self.values()), max(self.values())), (0, 65535))

    def test_of_labels_and_palettes_a_value(self):
        labels = Picture.of(40, 24, lambda x, y: (x // 10 + 2 * (y // 12)) % 5)
        self.put("labels.png", png_bytes(labels, 16))
        self.assertIn("dkn: 0 counts as a value", self.filter("labels.png"))
        self.assertEqual(self.values(), labels.values)
        self.put("labels.png", png_bytes(labels, 8))
        self.assertEqual(self.filter("labels.png"), "")
        self.assertEqual(self.values(), labels.values)
        # Each colour lacks a channel: no pixel would be measured.
        colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)]
        palette = Picture.of(40, 24, lambda x, y, c: colours[x // 10][c], 3)
        for bits in (8, 16):
            self.put("palette.png", png_bytes(palette, bits))
            self.assertEqual(self.filter("palette.png"), "")
            self.assertEqual(self.values(), palette.values)

    def test_of_many_frames_it_is_told_together(self):
        os.mkdir(self.path("d"))
        holes = self.put_depth("d/1.png").values.count(0)
        self.put("d/2.png", png_bytes(Picture.of(40, 24, slope), 16))
        self.put("d/3.png", png_bytes(Picture.of(40, 24, lambda x, y: 1 + x // 10 if y else 0), 16))
        self.assertEqual(
            self.upsample("d", output="o"),
            ZERO_HOLES % ("%.3g %% of the pixels of 1 of 3 frames" % (100 * holes / 960)) +
            ZERO_VALUES % ("%.3g %% of the pixels of 1 of 3 frames" % (100 / 24)))


class LoneValuesTest(HolesTest):
    def test_frequent_values_far_from_the_rest_are_told_with_their_cure(self):
        for value in (0, -1, -9999, 100):
            depth = self.put_depth("depth.npy", hole=value, measured=lambda x, y: slope(x, y) / 1e3)
            percent = "%.3g" % (100 * depth.values.count(value) / 960)
            told = self.upsample("depth.npy", output="out.npy")
            self.assertEqual(told, "dkn: %s %% of the pixels are %d, far from all others; if that "
                                   "means no measurement, --invalid%s%d makes holes of them\n" %
                             (percent, value, "=" if value < 0 else " ", value))
            cure = told.split("measurement, ")[1].split(" makes")[0].split()
            self.assertEqual(self.upsample("depth.npy", *cure, output="out.npy"), "")
            self.assertLess(max(self.values("out.npy")), 4)
            self.assertGreater(min(self.values("out.npy")), 0.9)
            self.assertEqual(self.upsample("depth.npy", "--invalid", "none", output="out.npy"), "")

    def test_beside_zeros_that_are_holes(self):
        self.put_depth(measured=lambda x, y: 65535 if y == 0 else slope(x, y))
        told = self.filter("depth.png")
        self.assertIn("are 65535, far from all others", told)
        self.assertIn("--invalid 0,65535 makes", told)
        self.assertEqual(self.filter("depth.png", "--invalid=0,65535"), "")
        self.assertLess(max(self.values()), 4000)

    def test_scores_and_masks_are_left_alone(self):
        scores = Picture.of(40, 24, lambda x, y: max(0, x * y / 900 - 0.3))
        self.put("scores.npy", npy_bytes(scores))
        self.assertEqual(self.filter("scores.npy", output="out.npy"), "")
        self.put("mask.npy", npy_bytes(Picture.of(40, 24, lambda x, y: float(x > 20))))
        self.assertEqual(self.filter("mask.npy", output="out.npy"), "")


class InvalidTest(HolesTest):
    def test_takes_values_and_ranges(self):
        marks = {0: 0, 1: 65535, 2: 8001, 3: 9500, 4: 150}
        depth = Picture.of(40, 24, lambda x, y: marks.get(x + 40 * y, slope(x, y)))
        self.put("depth.png", png_bytes(depth, 16))
        self.filter("depth.png", "--invalid", "0,65535,>8000,100..200", "--holes", "keep")
        self.assertEqual(self.values(), [0] * 5 + depth.values[5:])
        # The first single value stands for holes; without any 0 does, and NaN of floats.
        self.filter("depth.png", "--invalid", ">8000,65535,0,<=200", "--holes", "keep")
        self.assertEqual(self.values()[:6], [65535] * 5 + depth.values[5:6])
        self.filter("depth.png", "--invalid", ">8000,<201", "--holes", "keep")
        self.assertEqual(self.values(), [0] * 5 + depth.values[5:])
        self.put("depth.npy", npy_bytes(depth))
        self.filter("depth.npy", "--invalid", "<200.5,>8000", "--holes", "keep", output="out.npy")
        result = self.values("out.npy")
        self.assertTrue(all(value != value for value in result[:5]))
        self.assertEqual(result[5:], depth.values[5:])

    def test_takes_nan(self):
        self.put_depth("depth.npy", hole=float("nan"))
        self.filter("depth.npy", output="plain.npy")
        self.assertEqual(self.filter("depth.npy", "--invalid", "nan", output="out.npy"), "")
        self.assertEqual(self.get("out.npy"), self.get("plain.npy"))

    def test_says_what_it_does_not_understand(self):
        self.put_depth()
        for bad in ("0,zero", "5..4", ">"):
            for command, guide in (("filter", "guide.png"), ("upsample", "large.png")):
                self.refuse(command, guide, "depth.png", "-o", "o.png", "--invalid", bad,
                            naming="--invalid: '%s' is neither a value nor a range" %
                            bad.split(",")[-1])


class MaskTest(HolesTest):
    def setUp(self):
        super().setUp()
        self.depth = Picture.of(40, 24, slope)
        self.depth.values[40 * 12 + 10] = 9000
        self.put("depth.png", png_bytes(self.depth, 16))

    def mask(self, bad, good):
        return Picture.of(40, 24, lambda x, y: bad if (x, y) == (10, 12) else good)

    def test_at_least_2_of_a_phones_confidence(self):
        self.put("mask.png", png_bytes(self.mask(1, 2), 8))
        self.filter("depth.png", "--mask", "mask.png")
        self.assertEqual(max(self.values()), 9000)
        self.filter("depth.png", "--mask", "mask.png", "--mask-at-least", "2")
        self.assertLess(max(self.values()), 4000)
        self.filter("depth.png", "--mask", "mask.png", "--mask-at-least", "2", "--holes", "keep")
        self.assertEqual(self.values().count(0), 1)

    def test_stored_as_colours(self):
        """Of equal values, as painting programs do; others are no mask."""
        self.put_depth(hole=9000)
        self.put("mask.png", png_bytes(Picture.of(40, 24, lambda x, y: 0 if is_hole(x, y) else 255), 8))
        self.filter("depth.png", "--mask", "mask.png")
        expected = self.get("out.png")
        self.put("grey.png", png_bytes(
            Picture.of(40, 24, lambda x, y, c: 0 if is_hole(x, y) else 255, 3), 8))
        self.filter("depth.png", "--mask", "grey.png")
        self.assertEqual(self.get("out.png"), expected)
        self.refuse("filter", "guide.png", "depth.png", "-o", "o.png", "--mask", "large.png",
                    naming="large.png: the mask has 3 channels, expected 1 (grey)")

    def test_of_bool(self):
        header = b"{'descr': '|b1', 'fortran_order': False, 'shape': (24, 40), }"
        header += b" " * (117 - len(header)) + b"\n"
        self.put("mask.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header +
                 bytes(self.mask(0, 1).values))
        self.filter("depth.png", "--mask", "mask.npy")
        self.assertLess(max(self.values()), 4000)

    def test_soft_ones_draw_values_towards_those_that_are_trusted(self):
        def at_it(weight, *options, name="mask.npy"):
            mask = self.mask(weight, 1.0 if name.endswith(".npy") else 200)
            self.put(name, npy_bytes(mask) if name.endswith(".npy") else png_bytes(mask, 8))
            self.filter("depth.png", "--mask", name, "--confidence", "trust.npy", *options)
            return self.values()[40 * 12 + 10], self.values("trust.npy")[40 * 12 + 10]

        around = slope(10, 12)
        self.assertEqual(at_it(1.0), (9000, 1.0))
        self.assertEqual(at_it(0.5), (9000, 0.5))
        value, trust = at_it(0.25)
        self.assertAlmostEqual(value, (9000 + around) / 2, delta=20)
        self.assertEqual(trust, 0.25)
        self.assertAlmostEqual(at_it(0.0)[0], around, delta=20)
        # Of integers where they are asked for.
        self.assertEqual(at_it(50, name="mask.png")[0], 9000)
        value, trust = at_it(50, "--soft-mask", name="mask.png")
        self.assertAlmostEqual(value, (9000 + around) / 2, delta=20)
        self.assertAlmostEqual(trust, 50 / 255, places=6)
        self.put("mask.npy", npy_bytes(self.mask(3.0, 250.0)))
        self.refuse("filter", "guide.png", "depth.png", "-o", "o.png", "--mask", "mask.npy",
                    naming="a weight of 250 at x = 0, y = 0, expected 0 to 1; --mask-at-least")
        self.filter("depth.png", "--mask", "mask.npy", "--mask-at-least", "100")
        self.assertLess(max(self.values()), 4000)

    def test_of_frames_one_for_each(self):
        for folder in ("d", "m"):
            os.mkdir(self.path(folder))
        for number in (1, 2):
            self.put("d/%d.png" % number, self.get("depth.png"))
        self.put("m/1.png", png_bytes(self.mask(0, 1), 8))
        self.put("m/2.png", png_bytes(self.mask(1, 1), 8))
        for names in (("d", "m", "o"), ("d/%d.png", "m/%d.png", "o/%d.png")):
            self.assertEqual(self.upsample(names[0], "--mask", names[1], output=names[2]), "")
            self.assertLess(max(self.values("o/1.png")), 4000)
            self.assertGreater(max(self.values("o/2.png")), 5000)
        os.remove(self.path("m/2.png"))
        done = self.run_dkn("upsample", "large.png", "d", "-o", "o", "--mask", "m", "--model",
                            "bicubic")
        self.assertEqual(done.returncode, 1)
        self.assertIn("dkn: frame 2.png: m: has no mask named 2 with any ending\n", done.stderr)

    def test_of_raw_frames_one_for_all(self):
        self.put("depth.raw", array.array("H", self.depth.values).tobytes())
        self.put("mask.png", png_bytes(self.mask(0, 1), 8))
        self.upsample("depth.raw", "--raw", "40x24", "--mask", "mask.png", output="o.raw")
        self.assertLess(max(array.array("H", self.get("o.raw"))), 4000)


if __name__ == "__main__":
    main()
