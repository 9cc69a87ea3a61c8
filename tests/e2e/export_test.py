#!/usr/bin/env python3
"""`dkn export` as a user runs it, its files in ONNX Runtime (bench/peers/onnx.mjs) where that is
installed. Usage: export_test.py DKN FILTER_RAW [unittest options]"""

import array
import math
import os
import random
import shutil
import subprocess
import sys
import unittest

from command import ROOT, CommandTest, main
from files import Picture, npy_bytes, png_bytes, read_npy
from models import Model

RUNNER = os.path.join(ROOT, "bench", "peers", "onnx.mjs")
ANY_DEPTH = os.path.join(ROOT, "models", "fdkn_any.safetensors")
FILTER_RAW = ""  # the program dkn_filter_raw
NOT_INSTALLED = 77


def run_onnx(*arguments, **options):
    return subprocess.run(["node", RUNNER, *arguments], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=300, **options)


def planes(picture, scale):
    """float32 in the order of ONNX: channel by channel."""
    return array.array("f", [scale * value for c in range(picture.channels)
                             for value in picture.values[c::picture.channels]]).tobytes()


class ExportTest(CommandTest):
    def test_equal_models_give_equal_files(self):
        self.succeed("export", "fdkn_x8", "--onnx", "a.onnx")
        self.succeed("export", os.path.join(ROOT, "models", "fdkn_x8.safetensors"),
                     "--onnx", "b.onnx")
        self.assertEqual(self.get("a.onnx"), self.get("b.onnx"))
        self.succeed("export", "fdkn_x8", "--onnx", "b.onnx", "--width", "64", "--height", "48")
        self.assertNotEqual(self.get("a.onnx"), self.get("b.onnx"))

    def test_failures(self):
        self.refuse("export", "fdkn_x8", naming="--onnx")
        self.refuse("export", "guided", "--onnx", "a.onnx", naming="guided")
        self.refuse("export", "absent", "--onnx", "a.onnx", naming="absent")
        self.refuse("export", "fdkn_x8", "--onnx", "absent/a.onnx", naming="absent/a.onnx")
        self.refuse("export", "fdkn_x8", "--onnx", "a.onnx", "--width", "30", naming="30 x 0")
        self.refuse("export", "fdkn_x8", "--onnx", "a.onnx", "--width", "-4", naming="--width")
        self.put("damaged.safetensors", b"damaged")
        self.refuse("export", "damaged.safetensors", "--onnx", "a.onnx", naming="damaged")


class OnnxRuntimeTest(CommandTest):
    """An exported network gives what `dkn filter` gives, at borders too."""

    WIDTH, HEIGHT = 44, 32

    @classmethod
    def setUpClass(cls):
        if shutil.which("node") is None:
            raise unittest.SkipTest("node is not installed")
        done = run_onnx("absent.onnx", "--size", "4x4")
        if done.returncode == NOT_INSTALLED:
            raise unittest.SkipTest(done.stderr.strip())

    def setUp(self):
        super().setUp()
        self.put_images(self.WIDTH, self.HEIGHT)

    def put_images(self, width, height):
        """A target from 0 to 1, which `dkn filter` takes as it is."""
        noise = random.Random(3)
        guide = Picture.of(width, height, lambda x, y, c: int(
            127 + 90 * math.sin(x / (3 + c)) * math.cos(y / 5) + noise.uniform(-30, 30)), 3)
        target = Picture.of(width, height, lambda x, y: noise.uniform(0, 1) if x > y else x / width)
        target.values[0], target.values[-1] = 0.0, 1.0
        self.put("guide.png", png_bytes(guide, 8))
        self.put("guide.raw", planes(guide, 1 / 255))
        self.put("target.npy", npy_bytes(target))
        self.put("target.raw", planes(target, 1))
        self.put_measured(Picture.of(width, height, lambda x, y: 1))

    def put_measured(self, picture):
        self.put("measured.raw", planes(picture, 1))

    def put_holes(self, width, height):
        """Single ones, one of 10 x 10, and what is measured in part."""
        noise = random.Random(4)
        self.put_measured(Picture.of(
            width, height, lambda x, y: 0 if max(abs(x - 20), abs(y - 14)) < 5 else
            noise.choices((1, 0, noise.random()), (6, 2, 2))[0]))

    def onnx_runtime(self, size, log_ratio=0, noise=0, correlated_noise=0):
        done = run_onnx("model.onnx", "--size", size, "--guide", "guide.raw", "--target",
                        "target.raw", "--measured", "measured.raw", "--log-ratio",
                        str(log_ratio), "--noise", str(noise), "--correlated-noise",
                        str(correlated_noise), "--output", "out.raw", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        result = array.array("f", self.get("out.raw"))
        self.assertTrue(all(map(math.isfinite, result)))  # max() below may pass over NaN
        return result

    def library(self, model, width, height, log_ratio):
        if not model.endswith(".safetensors"):
            model = os.path.join(ROOT, "models", model + ".safetensors")
        done = subprocess.run([FILTER_RAW, model, str(width), str(height), str(log_ratio)],
                              cwd=self.folder, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return array.array("f", self.get("ours.raw")), done.stdout.split()

    def check_measurement(self, model, width=WIDTH, height=HEIGHT, log_ratios=(0, 4)):
        """Without holes and with them, at several ratios; no two results are the same."""
        self.succeed("export", model, "--onnx", "model.onnx")
        results = []
        for put in (self.put_images, self.put_holes):
            put(width, height)
            for log_ratio in log_ratios:
                ours, noise = self.library(model, width, height, log_ratio)
                theirs = self.onnx_runtime("%dx%d" % (width, height), log_ratio, *noise)
                self.assertEqual(len(theirs), len(ours))
                largest = max(1, *map(abs, ours))  # of changed networks some are far above 1
                self.assertLess(max(abs(a - b) for a, b in zip(ours, theirs)), 1e-4 * largest)
                results.append(theirs)
        for i, result in enumerate(results):
            for other in results[:i]:
                self.assertGreater(max(abs(a - b) for a, b in zip(result, other)), 1e-3)

    def check(self, model, *options, width=WIDTH, height=HEIGHT):
        self.succeed("export", model, "--onnx", "model.onnx", *options)
        self.succeed("filter", "guide.png", "target.npy", "-o", "out.npy", "--model", model,
                     "--precision", "fp32")
        ours = read_npy(self.path("out.npy")).values
        _, noise = self.library(model, width, height, 0)
        theirs = self.onnx_runtime("%dx%d" % (width, height), 0, *noise)
        self.assertEqual(len(theirs), len(ours))
        self.assertLess(max(abs(a - b) for a, b in zip(ours, theirs)), 1e-4)
        target = read_npy(self.path("target.npy")).values
        self.assertGreater(max(abs(a - b) for a, b in zip(ours, target)), 1e-2)

    def check_changed(self, name, without=(), **fields):
        """Of a shipped model with other metadata, and without some layers."""
        model = Model.shipped(name)
        for layer in without:
            del model.tensors[layer + ".weight"], model.tensors[layer + ".bias"]
        model.metadata.update(fields)
        self.put("changed.safetensors", model.bytes())
        self.check("changed.safetensors")

    def test_shipped_models(self):
        names = [name.removesuffix(".safetensors")
                 for name in sorted(os.listdir(os.path.join(ROOT, "models")))
                 if name.endswith(".safetensors")]
        self.assertIn("fdkn_x8", names)
        for name in names:
            with self.subTest(name):
                self.check(name)

    def test_other_sizes(self):
        for width, height in ((4, 4), (4, 48), (100, 8)):
            self.put_images(width, height)
            for name in ("fdkn_x8", "dkn_x8"):
                with self.subTest(name, width=width):
                    self.check(name, width=width, height=height)
                    self.check(name, "--width", str(width), "--height", str(height), width=width,
                               height=height)

    def test_rules_of_sampling(self):
        for name in ("fdkn_x8", "dkn_x8"):
            for fields in ({"window_rule": "zero", "window": "5"},
                           {"border_rule": "zero"},
                           {"window_rule": "zero", "border_rule": "zero", "window": "5",
                            "grid_scale": "0.93333334", "grid_origin": "-1.4666667"},
                           {"grid_scale": "3", "grid_origin": "-2", "window": "7"},
                           {"tap_order": "column_major"}):
                with self.subTest(name, **fields):
                    self.check_changed(name, **fields)

    def test_weights(self):
        for name in ("fdkn_x8", "dkn_x8"):
            for fields in ({"weight_activation": "softmax"}, {"mean_subtraction": "false"},
                           {"weight_activation": "softmax", "residual": "false"}):
                with self.subTest(name, **fields):
                    self.check_changed(name, **fields)

    def test_what_gives_weights_and_offsets(self):
        for name in ("fdkn_x8", "dkn_x8"):
            for fields, without in (({"weights_from": "guide"}, ["DepthKernel.conv_weight"]),
                                    ({"offsets_from": "target"}, ["ImageKernel.conv_offset"]),
                                    ({"offsets_from": "none", "window": "3"},
                                     ["ImageKernel.conv_offset", "DepthKernel.conv_offset"])):
                with self.subTest(name, **fields):
                    self.check_changed(name, without, **fields)

    def test_what_is_seen_of_the_guide(self):
        for name, luma_inputs in (("fdkn_x8", 16), ("dkn_x8", 1)):
            self.check_changed(name, channel_order="bgr")
            for change in (lambda model: model.see_luma(luma_inputs), Model.join_streams):
                model = Model.shipped(name)
                change(model)
                self.put("changed.safetensors", model.bytes())
                self.check("changed.safetensors")

    def test_network_for_any_depth(self):
        self.check_measurement(ANY_DEPTH, log_ratios=(0, 0.58, 1, 2, 3, 4))
        for width, height in ((100, 72), (20, 108)):
            with self.subTest(width=width):
                self.check_measurement(ANY_DEPTH, width, height)

    def test_levels_of_few_pixels(self):
        for width, height in ((4, 4), (4, 48), (100, 8)):
            self.put_images(width, height)
            for options in ((), ("--width", str(width), "--height", str(height))):
                with self.subTest(width=width, options=options):
                    self.check(ANY_DEPTH, *options, width=width, height=height)

    def test_levels_and_what_is_measured(self):
        for name in ("fdkn_x8", "dkn_x8"):
            for levels, coarse, sees, fields in (
                    (1, 1, "measurement", {}), (4, 1, None, {}), (3, 2, "noisy_measurement", {}),
                    (6, 3, "correlated_noise", {}),
                    (3, 2, "measurement", {"residual": "false"}),
                    (3, 1, "measurement", {"mean_subtraction": "false"}),
                    (3, 2, "measurement", {"weight_activation": "softmax", "window": "7"}),
                    (3, 2, "measurement",
                     {"weight_activation": "linear", "tap_order": "column_major"})):
                with self.subTest(name, levels=levels, coarse=coarse, sees=sees, **fields):
                    model = Model.shipped(name)
                    model.sample_levels(levels, coarse)
                    if sees:
                        model.see_measurement(sees)
                    model.metadata.update(fields)
                    self.put("changed.safetensors", model.bytes())
                    self.check_measurement("changed.safetensors",
                                           log_ratios=(0, 4) if sees else (0,))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    FILTER_RAW = os.path.abspath(sys.argv.pop(2))
    main()
