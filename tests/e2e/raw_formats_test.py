#!/usr/bin/env python3
"""Raw frames of other pixel formats, packed depth, and what files seem to be.
Usage: raw_formats_test.py DKN [unittest options]"""

import array
import os
import re
import struct

from command import main, ramp
from files import Picture, npy_bytes, png_bytes, read_npy, read_png
from frames import DEPTH, MODEL, FramesTest, depth, gray16, rgb, rgb24

CODES = {"gray": "B", "gray16le": "<H", "gray16be": ">H", "grayf16le": "<e", "grayf16be": ">e",
         "grayf32le": "<f", "grayf32be": ">f"}


def samples(picture, pixel):
    return b"".join(struct.pack(CODES[pixel], value) for value in picture.values)


class RawFormatsTest(FramesTest):
    def setUp(self):
        super().setUp()
        self.put("rgb.png", png_bytes(rgb(7), 8))

    def stream(self, *arguments, stdin=b""):
        done = self.run_bytes("upsample", *arguments, "-o", "-", *MODEL, stdin=stdin)
        self.assertEqual((done.returncode, done.stderr), (0, b""), arguments)
        return done.stdout

    def test_results_have_the_format_of_the_target(self):
        """And the values of a file of the same type."""
        self.put("d.png", png_bytes(depth(2), 16))
        self.one("rgb.png", "d.png")
        whole = read_png(self.path("one.png"))[0]
        self.put("d.npy", npy_bytes(depth(2)))
        self.upsample("d.npy", "one.npy", "--precision", "fp32", guide="rgb.png", model="fdkn_x4")
        floats = read_npy(self.path("one.npy"))
        for pixel, expected in (("gray16le", whole), ("gray16be", whole), ("grayf32le", floats),
                                ("grayf32be", floats)):
            out = self.stream("rgb.png", "-", "--raw", "8x6," + pixel,
                              stdin=samples(depth(2), pixel) * 2)
            self.assertEqual(out, samples(expected, pixel) * 2, pixel)
        for pixel in ("grayf16le", "grayf16be"):
            out = self.stream("rgb.png", "-", "--raw", "8x6," + pixel,
                              stdin=samples(depth(2), pixel))
            halves = [value for value, in struct.iter_unpack(CODES[pixel], out)]
            self.assertLess(max(abs(a - b) for a, b in zip(halves, floats.values)), 1.01)

    def test_eight_bits(self):
        small = Picture.of(*DEPTH, lambda x, y: 10 + 20 * x + 3 * y)
        self.put("d.png", png_bytes(small, 8))
        self.one("rgb.png", "d.png")
        out = self.stream("rgb.png", "-", "--raw", "8x6,gray", stdin=bytes(small.values))
        self.assertEqual(out, bytes(read_png(self.path("one.png"))[0].values))

    def test_guides_in_other_orders(self):
        picture = rgb(7)
        expected = array.array("H", self.stream("-", "-", "--raw", "8x6:32x24",
                                                stdin=rgb24(picture) + gray16(depth(1))))
        expected.byteswap()
        pixels = [picture.values[i:i + 3] for i in range(0, len(picture.values), 3)]
        for pixel, guide in (("bgr24", b"".join(bytes(p[::-1]) for p in pixels)),
                             ("rgba", b"".join(bytes([*p, 9]) for p in pixels)),
                             ("bgra", b"".join(bytes([*p[::-1], 9]) for p in pixels)),
                             ("rgb48be", b"".join(struct.pack(">3H", *(257 * v for v in p))
                                                  for p in pixels))):
            out = self.stream("-", "-", "--raw", "8x6,gray16be:32x24," + pixel,
                              stdin=guide + samples(depth(1), "gray16be"))
            self.assertEqual(array.array("H", out), expected, pixel)

    def test_targets_of_colours_keep_their_order(self):
        colours = Picture.of(*DEPTH, lambda x, y, c: 10 + 20 * x + 3 * y + 40 * c, 3)
        self.put("d.png", png_bytes(colours, 8))
        self.one("rgb.png", "d.png")
        expected = bytes(read_png(self.path("one.png"))[0].values)
        pixels = [bytes(colours.values[i:i + 3]) for i in range(0, len(colours.values), 3)]
        out = self.stream("rgb.png", "-", "--raw", "8x6,rgb24", stdin=b"".join(pixels))
        self.assertEqual(out, expected)
        out = self.stream("rgb.png", "-", "--raw", "8x6,bgr24",
                          stdin=b"".join(p[::-1] for p in pixels))
        self.assertEqual(b"".join(out[i:i + 3][::-1] for i in range(0, len(out), 3)), expected)

    def test_guides_of_luma_and_chroma(self):
        """As cameras and decoders give them: greys are exact, whatever the layout."""
        luma = [16 + (7 * x + 5 * y) % 220 for y in range(24) for x in range(32)]
        grey = [min(255, round((value - 16) * 255 / 219)) for value in luma]
        guide = bytes(value for value in grey for _ in range(3))
        expected = self.stream("-", "-", "--raw", "8x6:32x24", stdin=guide + gray16(depth(1)))
        plane = bytes(luma)
        packed = b"".join(bytes([value, 128]) for value in luma)
        for pixel, frame in (("nv12", plane + bytes([128]) * 384), ("nv21", plane + bytes([128]) * 384),
                             ("yuv420p", plane + bytes([128]) * 384), ("yuyv422", packed),
                             ("uyvy422", b"".join(bytes([128, value]) for value in luma)),
                             ("yuvj420p", bytes(grey) + bytes([128]) * 384)):
            out = self.stream("-", "-", "--raw", "8x6:32x24," + pixel,
                              stdin=frame + gray16(depth(1)))
            self.assertEqual(out, expected, pixel)
        self.put("guide.raw", plane + bytes([128]) * 384)
        self.put("d.raw", gray16(depth(1)))
        self.stream("guide.raw", "d.raw", "--raw", "8x6:32x24,nv12")
        self.assertEqual(self.stream("guide.raw", "d.raw", "--raw", "8x6:32x24,nv12"), expected)
        self.refuse("upsample", "rgb.png", "d.raw", "-o", "o.raw", "--raw", "8x6,nv12",
                    naming="'nv12' is of guides; expected a target of grey or R,G,B")
        self.put("guide.raw", plane)
        self.refuse("upsample", "guide.raw", "d.raw", "-o", "o.raw", "--raw", "8x6:32x24,nv12",
                    naming="guide.raw: has 768 bytes, which are no whole frames of 32x24,nv12, 1152 "
                           "bytes each")

    def test_masks_beside_frames(self):
        """One for each, in a stream of its own or behind its target; else a picture for all."""
        frames, masks, expected = [depth(1), depth(2)], [], b""
        for number, frame in enumerate(frames):
            mask = Picture.of(*DEPTH, lambda x, y, n=number: 2 * ((x + y + n) % 3 != 0))
            masks.append(bytes(mask.values))
            self.put("d.png", png_bytes(frame, 16))
            self.put("m.png", png_bytes(mask, 8))
            self.one("rgb.png", "d.png", "--mask", "m.png")
            expected += gray16(read_png(self.path("one.png"))[0])
        self.put("mask.raw", b"".join(masks))
        targets = b"".join(gray16(frame) for frame in frames)
        self.assertEqual(self.stream("rgb.png", "-", "--raw", "8x6", "--mask", "mask.raw",
                                     stdin=targets), expected)
        turns = b"".join(gray16(frame) + mask for frame, mask in zip(frames, masks))
        self.assertEqual(self.stream("rgb.png", "-", "--raw", "8x6", "--mask", "-", stdin=turns),
                         expected)
        with_guides = b"".join(rgb24(rgb(7)) + gray16(frame) + mask
                               for frame, mask in zip(frames, masks))
        self.assertEqual(self.stream("-", "-", "--raw", "8x6:32x24", "--mask", "-",
                                     stdin=with_guides), expected)
        # A threshold, one frame as an image, and a picture for all frames.
        self.assertEqual(self.stream("rgb.png", "-", "--raw", "8x6", "--mask", "mask.raw",
                                     "--mask-at-least", "2", stdin=targets), expected)
        self.put("d.raw", gray16(frames[1]))
        self.put("one.raw", masks[1])
        self.upsample("d.raw", "o.png", "--raw", "8x6", "--mask", "one.raw", "--precision", "fp32",
                      guide="rgb.png", model="fdkn_x4")
        self.assertEqual(gray16(read_png(self.path("o.png"))[0]), expected[len(expected) // 2:])
        self.assertEqual(self.stream("rgb.png", "-", "--raw", "8x6", "--mask", "m.png",
                                     stdin=gray16(frames[1])), expected[len(expected) // 2:])
        self.put("o.raw", b"a result of yesterday")
        os.mkdir(self.path("folder"))
        self.refuse("upsample", "rgb.png", "d.raw", "-o", "o.raw", "--raw", "8x6", "--mask", "folder",
                    naming="folder: is a folder, expected a raw file, a pipe or a device")
        # Streams that end apart.
        done = self.run_bytes("upsample", "rgb.png", "-", "--raw", "8x6", "--mask", "one.raw", "-o",
                              "-", *MODEL, stdin=targets)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"one.raw: ends before frame 2, of which there is the other half", done.stderr)
        done = self.run_bytes("upsample", "rgb.png", "-", "--raw", "8x6", "--mask", "-", "-o", "-",
                              *MODEL, stdin=turns[:-1])
        self.assertIn(b"ends within frame 2, after 143 of 144 bytes", done.stderr)

    def test_a_bound_of_memory_is_told_with_the_first_frame(self):
        """What the second guide takes beside the first counts from the beginning."""
        frame = bytes(3 * 640 * 480) + gray16(depth(1))
        arguments = ("upsample", "-", "-", "--raw", "8x6:640x480", "-o", "-", *MODEL, "--max-memory")
        least = None
        for bound in ("1", None):
            done = self.run_bytes(*arguments, bound or str(least), stdin=3 * frame)
            if bound:
                self.assertEqual((done.returncode, done.stdout), (1, b""))
                told = re.search(rb"frame 1: .* takes at least ([0-9]+) MB", done.stderr)
                self.assertTrue(told, done.stderr)
                least = int(told[1])
            else:
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertEqual(len(done.stdout), 3 * 2 * 640 * 480)

    def test_a_phone_s_depth(self):
        """13 bits of millimetres; a confidence of 0 is a hole, so is less than what is asked."""
        stored, sure = depth(2), depth(2)
        stored.values = [value | (0, 1, 2, 7)[i % 4] << 13 for i, value in enumerate(sure.values)]
        for packed, kept in (("depth16", (0, 2, 3)), ("depth16:0.5", (0, 3)),
                             ("bits:0-12", (0, 1, 2, 3))):
            holes = [value if i % 4 in kept else 0 for i, value in enumerate(sure.values)]
            self.put("d.png", png_bytes(Picture(*DEPTH, 1, holes), 16))
            expected = self.one("rgb.png", "d.png")
            self.put("phone.raw", gray16(stored))
            self.put("phone.png", png_bytes(stored, 16))
            for target in (("phone.raw", "--raw", "8x6"), ("phone.png",)):
                self.assertEqual(self.one("rgb.png", *target, "--packed", packed), expected)
            self.assertEqual(self.stream("rgb.png", "-", "--raw", "8x6", "--packed", packed,
                                         stdin=gray16(stored)),
                             gray16(read_png(self.path("one.png"))[0]))

    def test_depth_in_three_bytes(self):
        """CARLA's formula, of a file, of many and of the simulator's own bytes."""
        metres = [5 + 0.1 * i for i in range(48)]
        numbers = [round(value / 1000 * (2 ** 24 - 1)) for value in metres]
        colours = [list(struct.pack("<I", number)[:3]) for number in numbers]
        floats = [1000 * number / (2 ** 24 - 1) for number in numbers]
        self.put("d.npy", npy_bytes(Picture(*DEPTH, 1, floats)))
        self.upsample("d.npy", "expected.npy", guide="rgb.png")
        self.put("d_1.png", png_bytes(Picture(*DEPTH, 3, sum(colours, [])), 8))
        self.upsample("d_1.png", "one.npy", "--packed", "carla", guide="rgb.png")
        self.assertEqual(self.get("one.npy"), self.get("expected.npy"))
        self.upsample("d_%d.png", "many_%d.npy", "--packed", "carla", guide="rgb.png")
        self.assertEqual(self.get("many_1.npy"), self.get("expected.npy"))
        self.put("raw", b"".join(bytes([b, g, r, 255]) for r, g, b in colours))
        self.upsample("raw", "raw.npy", "--raw", "8x6,bgra", "--packed", "carla", guide="rgb.png")
        self.assertEqual(self.get("raw.npy"), self.get("expected.npy"))
        self.refuse("upsample", "rgb.png", "d.npy", "-o", "o.npy", "--packed", "carla",
                    naming="d.npy: has 1 channel of float32; --packed carla unpacks 3 of uint8")
        room = Picture.of(64, 48, lambda x, y, c: int((10 + 0.11 * x + 0.031 * y) * 16777.215)
                          >> 8 * c & 255, 3)
        self.put("room.png", png_bytes(room, 8))
        told = self.run_dkn("upsample", "room.png", "room.png", "-o", "o.png", "--model",
                            "bicubic").stderr
        self.assertIn("room.png: is taken as it stands, and seems to be depth of 24 bits in R,G,B, "
                      "red the lowest: --packed carla", told)
        self.refuse("upsample", "rgb.png", "d_1.png", "-o", "o.npy", "--packed", "unity",
                    naming="'unity' is no way to pack depth; expected bits:FIRST-LAST")

    def test_frames_of_a_wrong_size_or_type_are_told(self):
        self.put("d.raw", samples(depth(2), "grayf32le"))
        for output in ("o.raw", "o.png"):
            self.refuse("upsample", "rgb.png", "d.raw", "-o", output, "--raw", "8x7",
                        naming="d.raw: has 192 bytes, which are no whole frames of 8x7,gray16le, "
                               "112 bytes each")
        self.put("o.raw", b"a result of yesterday")
        for output in ("o.raw", "o.png"):
            self.refuse("upsample", "rgb.png", "d.raw", "-o", output, "--raw", "8x12",
                        naming="its values seem to be grayf32le, not gray16le; --raw tells which: "
                               "8x12,grayf32le or 8x12,gray16le")
        self.refuse("upsample", "rgb.png", "d.raw", "-o", "o.png", "--raw", "8x6",
                    naming="its values seem to be grayf32le")
        self.put("zeros.raw", bytes(192))
        self.refuse("upsample", "rgb.png", "zeros.raw", "-o", "o.png", "--raw", "8x6",
                    naming="has several frames, of which one goes into o.png; expected one, or a "
                           "raw output; it would be one frame of 8x6,grayf32le")
        turned = samples(Picture.of(*DEPTH, lambda x, y: 770 + x + y), "gray16be")
        done = self.run_bytes("upsample", "rgb.png", "-", "--raw", "8x6", "-o", "-", stdin=turned)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"standard input: its values seem to be gray16be", done.stderr)

    def test_what_files_seem_to_be(self):
        wide = Picture.of(64, 48, lambda x, y: ramp(x, y) if (x + y) % 9 else 0)
        self.put("d.png", png_bytes(wide, 16))
        self.assertIn("seems: depth in millimetres (1.02 to 8.2", self.succeed("info", "d.png"))
        self.put("kitti.png", png_bytes(wide, 16))
        self.assertIn("seems: depth of KITTI, 256 steps to a metre: --scale 0.00390625",
                      self.succeed("info", "kitti.png"))
        self.assertNotIn("seems", self.succeed("info", "rgb.png"))
        self.assertIn("values: 0 to 124\n",
                      self.succeed("info", "d.png", "--packed", "bits:0-6"))


if __name__ == "__main__":
    main()
