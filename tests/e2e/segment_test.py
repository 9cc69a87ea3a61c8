#!/usr/bin/env python3
"""What pictures show, as a user asks for it. Usage: segment_test.py DKN [unittest options]"""

import os

from command import ROOT, CommandTest, main
from files import Picture, png_bytes, read_png

SKY, ROAD = 0, 3


def street(x, y, channel):
    """A bright sky above a dark road."""
    return (200, 215, 240)[channel] if y < 60 else 70 + (x * 7 + y * 3) % 9


class SegmentTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.put("street.png", png_bytes(Picture.of(160, 120, street, 3), 8))

    def test_writes_labels_overlay_and_scores(self):
        text = self.succeed("segment", "street.png", "-o", "labels.png", "--overlay", "seen.png",
                            "--scores", "scores.npy")
        labels, bits = read_png(self.path("labels.png"))
        self.assertEqual((labels.size, bits), ((160, 120), 8))
        self.assertEqual(labels.values[10 * 160 + 80], SKY)
        self.assertLess(max(labels.values), 11)
        self.assertRegex(text, r"\n? *0  sky +[0-9.]+ %\n")
        seen = read_png(self.path("seen.png"))[0]
        self.assertEqual(seen.size, (160, 120))
        # 0.4 of the picture's colour and 0.6 of the sky's grey of 128.
        red, green, blue = (seen.values[3 * (10 * 160 + 80) + c] for c in range(3))
        for value, own in ((red, 200), (green, 215), (blue, 240)):
            self.assertAlmostEqual(value, 0.4 * own + 0.6 * 128, delta=1)
        with open(self.path("scores.npy"), "rb") as file:
            self.assertIn(b"(120, 160, 11)", file.read(128))

    def test_others_scores_are_sharpened_by_the_same_network(self):
        """`dkn filter` of a network's enlarged scores gives what `dkn segment` does."""
        self.succeed("segment", "street.png", "--filter", "none", "--scores", "plain.npy")
        self.succeed("segment", "street.png", "--scores", "sharp.npy")
        self.succeed("filter", "street.png", "plain.npy", "-o", "filtered.npy", "--model",
                     "fdkn_camvid", "--precision", "fp32")
        with open(self.path("sharp.npy"), "rb") as sharp, open(self.path("filtered.npy"), "rb") as one:
            self.assertEqual(sharp.read(), one.read())

    def test_takes_filters_and_files(self):
        network = os.path.join(ROOT, "models", "segmentation", "camvid.safetensors")
        self.succeed("segment", "street.png", "-o", "own.png", "--network", network)
        self.succeed("segment", "street.png", "-o", "named.png")
        self.succeed("segment", "street.png", "-o", "crf.png", "--filter", "densecrf", "--set",
                     "iterations=2")
        with open(self.path("own.png"), "rb") as own, open(self.path("named.png"), "rb") as named:
            self.assertEqual(own.read(), named.read())

    def test_large_pictures_are_made_smaller(self):
        text = self.succeed("segment", "street.png", "-o", "small.png", "--max-pixels", "4800")
        self.assertIn("worked at 80 x 60", text)
        self.assertEqual(read_png(self.path("small.png"))[0].size, (160, 120))
        self.assertNotIn("worked at", self.succeed("segment", "street.png", "-o", "all.png", "--max-pixels", "-1"))

    def test_names_what_is_wrong(self):
        self.refuse("segment", "street.png", naming="-o")
        self.refuse("segment", "none.png", "-o", "labels.png", naming="none.png")
        self.refuse("segment", "street.png", "-o", "street.png", naming="street.png")
        self.refuse("segment", "street.png", "-o", "labels.png", "--network", "voc", naming="camvid")
        model = os.path.join(ROOT, "models", "fdkn_x8.safetensors")
        self.refuse("segment", "street.png", "-o", "labels.png", "--network", model,
                    naming="is no segmentation network")
        self.refuse("segment", "street.png", "-o", "labels.png", "--filter", "blur", naming="blur")
        self.refuse("segment", "street.png", "-o", "labels.what", naming="tells no format")
        network = os.path.join(ROOT, "models", "segmentation", "camvid.safetensors")
        self.refuse("filter", "street.png", "street.png", "-o", "o.png", "--model", network,
                    naming="'dkn segment --network' takes")


if __name__ == "__main__":
    main()
