#!/usr/bin/env python3
"""`dkn upsample` on targets with a few values far from all others. Usage: wild_values_test.py DKN
[unittest options]"""

import array

from command import CommandTest, main, ramp
from files import Picture, png_bytes, read_png


def slope(wild):
    """With holes at two places, or values far from the rest."""
    return Picture.of(32, 24, lambda x, y: {(0, 0): wild and 60000, (20, 12): wild and 65535}.get(
        (x, y), 1000 + 90 * x))


class WildValuesTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.put_guide(64, 48)
        self.put("holes.png", png_bytes(slope(False), 16))
        self.put("wild.png", png_bytes(slope(True), 16))
        self.put("plain.png", png_bytes(Picture.of(32, 24, ramp), 16))

    def run_on(self, target, *options, output="out.png"):
        """What the command tells."""
        done = self.run_dkn("upsample", "guide.png", target, "-o", output, "--model", "bicubic",
                            *options)
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        return done.stderr

    def test_they_are_told_and_are_holes(self):
        self.assertEqual(self.run_on("holes.png", "--invalid", "0"), "")
        expected = self.get("out.png")
        self.assertEqual(self.run_on("wild.png"),
                         "dkn: 2 values far from all others (up to 65535) count as holes; "
                         "--keep-wild-values takes them for real\n")
        self.assertEqual(self.get("out.png"), expected)
        self.run_on("wild.png", "--holes", "keep", "--confidence", "trust.png")
        for name in ("out.png", "trust.png"):
            values = read_png(self.path(name))[0].values
            self.assertEqual((values[0], values[24 * 64 + 40]), (0, 0))

    def test_they_are_real_where_asked_for(self):
        for options in (("--keep-wild-values",), ("--invalid", "none")):
            self.assertEqual(self.run_on("wild.png", *options), "")
            self.assertGreater(read_png(self.path("out.png"))[0].values[24 * 64 + 40], 20000)

    def test_of_many_frames_they_are_told_together(self):
        for number, name in enumerate(("wild.png", "plain.png", "wild.png"), 1):
            self.put("d_%d.png" % number, self.get(name))
        self.assertEqual(self.run_on("d_%d.png", output="s_%d.png"),
                         "dkn: 4 values in 2 of 3 frames far from all others (up to 65535) count "
                         "as holes; --keep-wild-values takes them for real\n")
        self.run_on("holes.png")
        self.assertEqual(self.get("s_3.png"), self.get("out.png"))

    def test_streams_say_nothing(self):
        for name in ("holes", "wild"):
            samples = array.array("H", slope(name == "wild").values)  # of a little-endian machine
            self.put(name + ".raw", samples.tobytes())
            told = self.run_on(name + ".raw", "--raw", "32x24", output=name + ".out")
            self.assertEqual(told, "")
        self.assertEqual(self.get("wild.out"), self.get("holes.out"))


if __name__ == "__main__":
    main()
