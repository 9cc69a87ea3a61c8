#!/usr/bin/env python3
"""Frames that belong together by time or by a list.
Usage: pairing_test.py DKN [unittest options]"""

import os

from command import main
from files import png_bytes
from frames import FramesTest, depth, rgb

QUICK = ("--model", "bicubic")


class PairingTest(FramesTest):
    RGB = ("1305031102.175304", "1305031102.211214", "1305031102.243211")
    DEPTH = ("1305031102.160407", "1305031102.226738", "1305031102.262886", "1305031109.000000")

    def setUp(self):
        """As TUM's sequences lie on a disk, with a frame that has no picture."""
        super().setUp()
        for folder in ("rgb", "depth"):
            os.mkdir(self.path(folder))
        for number, name in enumerate(self.RGB):
            self.put("rgb/%s.png" % name, png_bytes(rgb(number), 8))
        for number, name in enumerate(self.DEPTH):
            self.put("depth/%s.png" % name, png_bytes(depth(number), 16))

    def pair(self, guide, target, *options):
        done = self.run_dkn("upsample", guide, target, "-o", "sharp", *QUICK, *options)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        return done.stderr

    def check(self, pairs):
        """That there are the results of these pairs of numbers and no others."""
        self.assertEqual(sorted(os.listdir(self.path("sharp"))),
                         sorted(self.DEPTH[target] + ".png" for _, target in pairs))
        for guide, target in pairs:
            expected = self.one("rgb/%s.png" % self.RGB[guide],
                                "depth/%s.png" % self.DEPTH[target], model=QUICK)
            self.assertEqual(self.get("sharp/%s.png" % self.DEPTH[target]), expected)

    def test_names_that_are_times(self):
        told = self.pair("rgb", "depth", "--max-time", "0.02")
        self.assertEqual(told, "dkn: depth/%s.png: has no guide within 0.02 s and was left out\n" %
                         self.DEPTH[3])
        self.check(((0, 0), (1, 1), (2, 2)))

    def test_lists_of_times(self):
        self.put("rgb.txt", b"# color images\n" +
                 b"".join(b"%s rgb/%s.png\n" % ((name.encode(),) * 2) for name in self.RGB))
        self.put("depth.txt", b"# depth maps\n%s depth/%s.png\n" % ((self.DEPTH[1].encode(),) * 2))
        self.assertEqual(self.pair("rgb.txt", "depth.txt", "--max-time", "0.02"), "")
        self.check(((1, 1),))

    def test_associations(self):
        lines = ["%s rgb/%s.png %s depth/%s.png" % (self.RGB[guide], self.RGB[guide],
                                                    self.DEPTH[target], self.DEPTH[target])
                 for guide, target in ((0, 0), (2, 1))]
        self.put("associations.txt", "\n".join(lines).encode())
        told = self.pair("rgb", "depth", "--associations", "associations.txt")
        self.assertEqual(told, "dkn: depth/%s.png (and 1 more): is in no line of associations.txt "
                         "and was left out\n" % self.DEPTH[2])
        self.check(((0, 0), (2, 1)))

    def test_what_is_unclear_is_refused(self):
        self.put("associations.txt", b"1 rgb/1.png 2\n")
        listed = ("upsample", "rgb", "depth", "-o", "sharp", "--associations", "associations.txt")
        self.refuse(*listed, naming="associations.txt: line 1: expected two names of images")
        self.refuse(*listed, "--max-time", "1", naming="not by both")
        self.refuse("upsample", "rgb", "depth", "-o", "sharp", "--max-time", "0.001",
                    naming="depth: no target has a guide within 0.001 s; the nearest is 0.0148")
        self.refuse("upsample", "rgb", "depth_%d.png", "-o", "sharp_%d.png", "--max-time", "1",
                    naming="for the frames of two folders")
        self.refuse("upsample", "rgb/%s.png" % self.RGB[0], "depth", "-o", "sharp", "--max-time",
                    "1", naming="is no folder")

    def test_folders_of_other_names_name_the_option(self):
        done = self.run_dkn("upsample", "rgb", "depth", "-o", "sharp", *QUICK)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--max-time", done.stderr)


if __name__ == "__main__":
    main()
