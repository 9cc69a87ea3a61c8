#!/usr/bin/env python3
"""`dkn upsample` where the result's file cannot hold the target's type: units and --scale.
Usage: units_test.py DKN [unittest options]"""

import array
import math
import os
import sys

from command import CommandTest, main
from files import Picture, npy_bytes, png_bytes, read_npy, read_png


def frame(x, y):
    """As a depth camera gives it: millimetres, 0 in holes."""
    if x in (0, 1) or (x, y) == (5, 3):
        return 0
    return 1000 if x < 4 else 3000


def read_pfm(path):
    """One channel; rows from the top."""
    with open(path, "rb") as file:
        kind, size, order, data = file.read().split(b"\n", 3)
    width, height = map(int, size.split())
    assert (kind, float(order), len(data)) == (b"Pf", -1, 4 * width * height), path
    values = array.array("f", data)
    if sys.byteorder == "big":
        values.byteswap()
    return Picture(width, height, 1, [value for y in reversed(range(height))
                                      for value in values[y * width:(y + 1) * width]])


class UnitsTest(CommandTest):
    """What becomes of a type that the result's file cannot hold."""

    def setUp(self):
        super().setUp()
        self.put_guide(64, 48)
        self.put("depth.png", png_bytes(Picture.of(8, 6, frame), 16))
        self.put("metres.npy", npy_bytes(Picture.of(8, 6, lambda x, y: frame(x, y) / 1000 or
                                                    math.nan)))

    def check_metres(self, values, steps, scale):
        """`steps` are the same values, rounded, 0 in holes."""
        self.assertEqual(len(values), len(steps))
        self.assertTrue(any(math.isnan(value) for value in values))
        for value, step in zip(values, steps):
            self.assertEqual(math.isnan(value), step == 0)
            if step != 0:
                self.assertAlmostEqual(value, step * scale, delta=0.501 * scale)

    def test_16_bits_become_metres_in_float_files(self):
        self.upsample("depth.png", "mm.png", "--holes", "keep", model="fdkn_x8")
        steps = read_png(self.path("mm.png"))[0].values
        for options, scale in (((), 0.001), (("--scale", "0.00025"), 0.00025)):
            self.upsample("depth.png", "m.pfm", "--holes", "keep", *options, model="fdkn_x8")
            self.check_metres(read_pfm(self.path("m.pfm")).values, steps, scale)
        self.upsample("depth.png", "m.pfm", model="fdkn_x8")
        filled = read_pfm(self.path("m.pfm")).values
        self.assertTrue(1 <= min(filled) and max(filled) <= 3.0001)
        other = Picture.of(8, 6, lambda x, y: frame(x, y) or 65535)
        self.put("depth.png", png_bytes(other, 16))
        self.upsample("depth.png", "m.pfm", "--holes", "keep", "--invalid", "65535",
                      model="fdkn_x8")
        self.check_metres(read_pfm(self.path("m.pfm")).values, steps, 0.001)
        self.upsample("depth.png", "m.exr", "--holes", "keep", model="fdkn_x8")
        self.assertIn("float32", self.succeed("info", "m.exr"))

    def test_metres_become_16_bits_in_png(self):
        self.upsample("metres.npy", "m.npy", "--holes", "keep", model="fdkn_x8")
        metres = read_npy(self.path("m.npy")).values
        for options, scale in (((), 0.001), (("--scale", "0.0005"), 0.0005)):
            self.upsample("metres.npy", "mm.png", "--holes", "keep", *options, model="fdkn_x8")
            steps, bits = read_png(self.path("mm.png"))
            self.assertEqual(bits, 16)
            self.assertTrue(1 / scale <= min(v for v in steps.values if v) and
                            max(steps.values) <= 3 / scale)
            limited = [min(max(value, 1), 3) for value in metres]
            self.check_metres([limit if value == value else value
                               for value, limit in zip(metres, limited)], steps.values, scale)
        other = Picture.of(8, 6, lambda x, y: frame(x, y) / 1000 or -1)
        self.put("metres.npy", npy_bytes(other))
        plain = self.get("mm.png")
        self.upsample("metres.npy", "mm.png", "--holes", "keep", "--invalid=-1", "--scale",
                      "0.0005", model="fdkn_x8")
        self.assertEqual(self.get("mm.png"), plain)

    def test_a_value_that_is_rounded_to_0_is_no_hole(self):
        self.put("near.npy", npy_bytes(Picture.of(8, 6, lambda x, y: 0.0001 if x < 5 else 0.02)))
        self.upsample("near.npy", "near.png")
        self.assertEqual(min(read_png(self.path("near.png"))[0].values), 1)
        self.upsample("near.npy", "near.png", "--invalid", "none")
        self.assertEqual(min(read_png(self.path("near.png"))[0].values), 0)

    def test_a_value_that_does_not_fit_is_an_error(self):
        for value, scale, naming in ((65.6, "0.001", "the value 65.6 does not fit 16 bits in steps "
                                      "of 0.001, which hold 0 to 65.535"),
                                     (-0.1, "0.001", "the value -0.1 does not"),
                                     (6554, "0.1", "hold 0 to 6553.5")):
            self.put("far.npy", npy_bytes(Picture.of(8, 6, lambda x, y: value if x > 5 else 1)))
            self.refuse("upsample", "guide.png", "far.npy", "-o", "far.png", "--model", "bicubic",
                        "--scale", scale, naming=naming)
        self.put("far.npy", npy_bytes(Picture.of(8, 6, lambda x, y: 65.535 if x > 5 else 0)))
        self.upsample("far.npy", "far.png", "--invalid", "none")
        self.assertEqual(max(read_png(self.path("far.png"))[0].values), 65535)
        for scale in ("0", "-1", "nan", "x"):
            done = self.run_dkn("upsample", "guide.png", "far.npy", "-o", "far.png", "--scale",
                                scale)
            self.assertGreater(done.returncode, 0)
            self.assertIn("--scale", done.stderr)

    def test_8_bits_keep_their_values(self):
        self.put("mask.png", png_bytes(Picture.of(8, 6, lambda x, y: 30 * x), 8))
        for options in ((), ("--invalid", "none")):
            self.upsample("mask.png", "mask_out.png", *options)
            self.upsample("mask.png", "mask.pfm", *options)
            for a, b in zip(read_pfm(self.path("mask.pfm")).values,
                            read_png(self.path("mask_out.png"))[0].values):
                self.assertAlmostEqual(a, b, delta=0.5001)

    def test_the_scale_does_nothing_where_the_type_fits(self):
        for target, result in (("depth.png", "out.png"), ("metres.npy", "out.npy")):
            self.upsample(target, result)
            plain = self.get(result)
            self.upsample(target, result, "--scale", "0.5")
            self.assertEqual(self.get(result), plain)

    def test_frames_are_converted_too(self):
        self.upsample("depth.png", "one.pfm", "--scale", "0.002")
        os.rename(self.path("depth.png"), self.path("depth_1.png"))
        self.upsample("depth_%d.png", "m_%d.pfm", "--scale", "0.002")
        self.assertEqual(self.get("m_1.pfm"), self.get("one.pfm"))


if __name__ == "__main__":
    main()
