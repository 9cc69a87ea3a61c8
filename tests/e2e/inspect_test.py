#!/usr/bin/env python3
"""`dkn inspect` as a user runs it. Usage: inspect_test.py DKN [unittest options]"""

import os
import re

from command import ROOT, CommandTest, main, ramp
from files import Picture, npy_bytes, png_bytes, read_npy, read_png


class InspectTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.put_guide(37, 30)
        self.put("depth.npy", npy_bytes(Picture.of(5, 4, lambda x, y: ramp(x, y) + 400 * (x > 2))))

    def inspect(self, *arguments):
        return self.succeed("inspect", "guide.png", "depth.npy", "--model", "fdkn_x8", *arguments)

    def kernel(self, x, y):
        """(weight, x, y) of each tap, from the file of all kernels."""
        kernels = read_npy(self.path("kernels.npy"))
        values = kernels.values[(y * 37 + x) * 27:(y * 37 + x + 1) * 27]
        return [values[i:i + 3] for i in range(0, 27, 3)]

    def test_the_table_explains_what_upsample_gives(self):
        text = self.inspect("--at", "20,11", "--at", "36,29")
        self.upsample("depth.npy", "out.npy", model="fdkn_x8")
        result = read_npy(self.path("out.npy"))
        parts = text.split("\npixel ")
        self.assertEqual((len(parts), parts[0]), (3, "model: fdkn_x8\n"))
        for part, (x, y) in zip(parts[1:], ((20, 11), (36, 29))):
            self.assertTrue(part.startswith("%d,%d: " % (x, y)), part)
            own = float(re.search(r": target (\S+)\n", part).group(1))
            rows = [[float(cell) for cell in line.split("|")[1:-1]]
                    for line in part.splitlines() if re.match(r"\| \d", line)]
            self.assertEqual([row[0] for row in rows], list(range(9)))
            self.assertAlmostEqual(sum(row[3] for row in rows), 0, delta=1e-3)
            change = sum(row[5] for row in rows)
            for row in rows:
                self.assertLessEqual(max(abs(row[1] - x), abs(row[2] - y)), 7)
                self.assertAlmostEqual(row[5], row[3] * (row[4] - own), delta=0.1)
            told, upsampled = re.search(r" is (\S+); dkn upsample gives (\S+)\n", part).groups()
            self.assertAlmostEqual(own + change, float(told), delta=0.05)
            self.assertAlmostEqual(float(upsampled), result.values[y * 37 + x], delta=0.01)
            self.assertAlmostEqual(float(told), float(upsampled), delta=0.05)

    def test_all_kernels_are_written(self):
        text = self.inspect("--at", "20,11", "--kernels", "kernels.npy")
        kernels = read_npy(self.path("kernels.npy"))
        self.assertEqual((kernels.size, kernels.channels), ((37, 30), 27))
        self.assertIn(b"(30, 37, 9, 3)", self.get("kernels.npy")[:128])
        for tap, (weight, x, y) in enumerate(self.kernel(20, 11)):
            row = re.search(r"\| %d +\| (\S+) +\| (\S+) +\| (\S+)" % tap, text).groups()
            for told, value in zip(row, (20 + x, 11 + y, weight)):
                self.assertAlmostEqual(float(told), value, delta=0.006)

    def test_figures_show_a_row_for_each_pixel(self):
        sizes = []
        for pixels in (("0,0",), ("0,0", "36,29")):
            at = [word for pixel in pixels for word in ("--at", pixel)]
            self.inspect(*at, "-o", "figure.png")
            figure, bits = read_png(self.path("figure.png"))
            self.assertEqual((figure.channels, bits), (3, 8))
            self.assertGreater(len(set(figure.values)), 50)
            sizes.append(figure.size)
        self.assertEqual(sizes[0][0], sizes[1][0])
        self.assertGreater(sizes[1][1], sizes[0][1] + 400)
        self.inspect("--at", "3,4", "-o", "wide.png", "--window", "30")
        self.assertNotEqual(self.get("wide.png"), self.get("figure.png"))

    def test_options_may_come_first_and_the_scale_chooses_a_model(self):
        text = self.succeed("inspect", "--at", "1,2", "guide.png", "depth.npy")
        self.assertTrue(text.startswith("model: fdkn_x8\n"))

    def test_dkn_and_targets_of_the_guides_size(self):
        self.put("full.png", png_bytes(Picture.of(37, 30, ramp), 16))
        for model in ("dkn_x8", "dkn_x8_no_residual"):
            text = self.succeed("inspect", "guide.png", "full.png", "--at", "9,9", "--model", model)
            self.assertIn("pixel 9,9: target 2080\n", text)

    def test_holes_are_those_of_upsample(self):
        self.put("depth.png", png_bytes(Picture.of(
            37, 30, lambda x, y: 0 if 15 < x < 22 and 8 < y < 15 else ramp(x, y)), 16))
        for model in ("fdkn_x8", "fdkn_any"):
            text = self.succeed("inspect", "guide.png", "depth.png", "--at", "18,11", "--model", model)
            self.upsample("depth.png", "out.png", model=model)
            result = read_png(self.path("out.png"))[0].values[11 * 37 + 18]
            own, told, upsampled = map(float, re.search(
                r"target (\S+) with \S+ \S+ is (\S+); dkn upsample gives (\S+)\n", text).groups())
            self.assertGreater(own, 1000)
            self.assertAlmostEqual(told, upsampled, delta=0.05)
            self.assertAlmostEqual(upsampled, result, delta=0.51)

    def test_failures(self):
        self.put("rgb.png", png_bytes(Picture.of(5, 4, lambda x, y, c: 10 * x + c, 3), 8))
        self.put("flat.png", png_bytes(Picture.of(5, 4, lambda x, y: 7), 8))
        self.put("large.png", png_bytes(Picture.of(38, 30, ramp), 16))

        def refuse(*options, naming, target="depth.npy", model="fdkn_x8", at="1,2"):
            self.refuse("inspect", "guide.png", target, "--at", at, "--model", model, "-o",
                        "figure.png", *options, naming=naming)

        for at in ("37,0", "0,30", "-1,0", "0,-1"):
            refuse(at=at, naming="x = %s, y = %s is outside" % tuple(at.split(",")))
        for at in ("1", "1,", "1,2,3", "x,y", "1.5,2", ""):
            refuse(at=at, naming="--at")
        refuse(model="bicubic", naming="'bicubic' is no network")
        refuse(model="absent", naming="absent")
        refuse(target="rgb.png", naming="3 channels")
        refuse(target="flat.png", naming="7 everywhere")
        refuse(target="large.png", naming="38 x 30")
        refuse(target="absent.png", naming="absent.png")
        refuse("--kernels", "kernels.png", naming="kernels.png")
        refuse("--kernels", "absent/kernels.npy", naming="absent/kernels.npy")
        refuse("--window", "101", naming="--window")
        self.refuse("inspect", "guide.png", "depth.npy", "--at", "1,2", "-o", "absent/figure.png",
                    naming="absent/figure.png")
        self.refuse("inspect", "guide.png", "depth.npy", naming="--at")


if __name__ == "__main__":
    main()
