#!/usr/bin/env python3
"""Files of many kinds, and what the command tells of them. Usage: formats_test.py DKN [unittest
options]"""

import io
import os
import zipfile

from command import CommandTest, main, ramp
from files import Picture, npy_bytes, png_bytes


def archive(**arrays):
    """As numpy.savez_compressed writes it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in arrays.items():
            with file.open(name + ".npy", "w", force_zip64=True) as entry:
                entry.write(data)
    return stream.getvalue()


class FormatsTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.put_guide(64, 48)
        self.depth = Picture.of(32, 24, ramp)
        self.put("depth.npy", npy_bytes(self.depth))
        self.upsample("depth.npy", "expected.npy")

    def told(self, *arguments):
        done = self.run_dkn(*arguments)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        return done.stderr

    def test_an_array_is_chosen_by_its_name(self):
        self.put("all.npz", archive(depth=npy_bytes(self.depth), other=npy_bytes(self.depth)))
        self.upsample("all.npz:depth", "out.npy")
        self.assertEqual(self.get("out.npy"), self.get("expected.npy"))
        self.refuse("upsample", "guide.png", "all.npz", "-o", "o.npy", "--model", "bicubic",
                    naming="all.npz: the NPZ has 2 arrays, expected one, or its name as "
                           "FILE.npz:NAME; there are depth, other")
        self.refuse("upsample", "guide.png", "all.npz:depth", "-o", "all.npz", naming="all.npz")

    def test_doubles_are_told_once_for_all_frames(self):
        tenth = Picture.of(32, 24, lambda x, y: ramp(x, y) + 0.1)
        for number in (1, 2, 3):
            self.put("d_%d.npy" % number, npy_bytes(tenth, "<f8"))
        note = "its float64 values are rounded to float32\n"
        self.assertEqual(self.told("upsample", "guide.png", "d_1.npy", "-o", "o.npy", "--model",
                                   "bicubic"), "dkn: d_1.npy: " + note)
        self.assertEqual(self.told("upsample", "guide.png", "d_%d.npy", "-o", "o_%d.npy", "--model",
                                   "bicubic", "--threads", "1"),
                         "dkn: d_1.npy (and 2 more): " + note)
        self.assertIn("note: " + note, self.succeed("info", "d_1.npy"))
        self.put("large.npy", npy_bytes(Picture.of(64, 48, lambda x, y: 0.1 * x), "<f8"))
        self.assertEqual(self.told("filter", "guide.png", "large.npy", "-o", "o.npy", "--model",
                                   "bicubic"), "dkn: large.npy: " + note)

    def test_a_folder_of_what_is_not_written_gives_png(self):
        samples = bytes(self.depth.values[i] % 256 for i in range(32 * 24))
        self.put("d.pgm", b"P5 32 24 255\n" + samples)
        self.put("d.png", png_bytes(Picture(32, 24, 1, list(samples)), 8))
        self.run_dkn("upsample", "guide.png", "d.png", "-o", "one.png", "--model", "bicubic")
        for folder in ("rgb", "depth"):
                os.mkdir(self.path(folder))
        self.put("rgb/d.png", self.get("guide.png"))
        self.put("depth/d.pgm", self.get("d.pgm"))
        self.assertEqual(self.told("upsample", "rgb", "depth", "-o", "sharp", "--model", "bicubic"),
                         "")
        self.assertEqual(self.get("sharp/d.png"), self.get("one.png"))

    def test_an_empty_name_is_called_so(self):
        self.refuse("upsample", "", "depth.npy", "-o", "o.npy", naming="name of a file to read is "
                    "empty")


if __name__ == "__main__":
    main()
