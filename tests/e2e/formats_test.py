#!/usr/bin/env python3
"""Files of many kinds, and what the command tells of them. Usage: formats_test.py DKN [unittest
options]"""

import io
import os
import struct
import zipfile

from command import CommandTest, main, ramp
from files import Picture, npy_bytes, png_bytes, read_png


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

    def test_grey_stored_as_colours_is_one_channel_and_told(self):
        """Depth that a painting program or cv2.imwrite of a merged image has saved."""
        grey = Picture.of(32, 24, ramp)
        equal = Picture.of(32, 24, lambda x, y, c: ramp(x, y), 3)
        note = "its R, G and B are equal everywhere: it is read as one channel\n"
        self.put("grey.png", png_bytes(grey, 16))
        self.put("equal.png", png_bytes(equal, 16))
        self.upsample("grey.png", "expected.png")
        told = self.told("upsample", "guide.png", "equal.png", "-o", "out.png", "--model", "bicubic")
        self.assertEqual(told, "dkn: equal.png: " + note)
        self.assertEqual(self.get("out.png"), self.get("expected.png"))
        equal.values[1] += 1
        self.put("equal.png", png_bytes(equal, 16))
        self.assertEqual(self.told("upsample", "guide.png", "equal.png", "-o", "out.png", "--model",
                                   "bicubic"), "")
        self.assertEqual(read_png(self.path("out.png"))[0].channels, 3)

    def test_a_mask_of_a_wrong_size_is_named(self):
        wrong = "mask.png: the mask is 31 x 24, expected the target's size, 32 x 24"
        self.put("mask.png", png_bytes(Picture.of(31, 24, lambda x, y: 1), 8))
        for number in (1, 2):
            self.put("d_%d.npy" % number, npy_bytes(self.depth))
            self.put("mask_%d.png" % number, self.get("mask.png"))
        self.put("depth.raw", bytes(2 * 32 * 24))
        for target, mask, options in (("depth.npy", "mask.png", ()),
                                      ("depth.raw", "mask.png", ("--raw", "32x24"))):
            self.refuse("upsample", "guide.png", target, "-o", "o.npy", "--mask", mask, *options,
                        naming="dkn: " + wrong)
        self.refuse("upsample", "guide.png", "depth.raw", "-o", "o.raw", "--mask", "mask.png",
                    "--raw", "32x24", naming="dkn: " + wrong)
        for mask in ("mask.png", "mask_%d.png"):
            done = self.run_dkn("upsample", "guide.png", "d_%d.npy", "-o", "o_%d.npy", "--mask",
                                mask, "--model", "bicubic")
            self.assertIn(("dkn: frame d_2.npy: " + wrong).replace("mask.png", mask % 2
                                                                   if "%" in mask else mask),
                          done.stderr)

    def test_bands_of_a_tiff_go_through(self):
        """Five of a satellite, each filtered by itself."""
        bands = Picture.of(32, 24, lambda x, y, c: ramp(x, y) + 100 * c, 5)
        self.put("bands.npy", npy_bytes(bands))
        self.upsample("bands.npy", "bands.tif")
        self.upsample("bands.npy", "expected.npy")
        self.put_guide(64, 48)
        self.upsample("bands.tif", "again.npy", "--invalid", "none")
        self.assertEqual(self.get("again.npy"), self.get("expected.npy"))
        self.refuse("upsample", "bands.tif", "depth.npy", "-o", "o.npy",
                    naming="bands.tif: the guide has 5 channels, expected 1 or 3")

    def test_bitmaps_are_masks(self):
        rows = [[(x + y) % 5 == 0 for x in range(32)] for y in range(24)]  # True: a hole
        self.put("mask.png", png_bytes(Picture.of(32, 24, lambda x, y: 255 * (not rows[y][x])), 8))
        self.upsample("depth.npy", "expected.npy", "--mask", "mask.png")
        packed = bytes(sum(row[8 * i + k] << 7 - k for k in range(8)) for row in rows
                       for i in range(4))
        self.put("mask.pbm", b"P4\n32 24\n" + packed)
        self.put("text.pbm", b"P1\n32 24\n" + b"\n".join(
            b" ".join(b"1" if hole else b"0" for hole in row) for row in rows))
        upward = b"".join(packed[4 * y:4 * y + 4] for y in reversed(range(24)))
        self.put("mask.bmp", b"BM" + struct.pack("<IIIIiiHHIIIIII", 62 + 96, 0, 62, 40, 32, 24, 1, 1,
                                                 0, 0, 0, 0, 2, 0) +
                 bytes([255, 255, 255, 0, 0, 0, 0, 0]) + upward)
        for mask in ("mask.pbm", "text.pbm", "mask.bmp"):
            self.upsample("depth.npy", "out.npy", "--mask", mask)
            self.assertEqual(self.get("out.npy"), self.get("expected.npy"), mask)

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
