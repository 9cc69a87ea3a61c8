#!/usr/bin/env python3
"""`dkn filter` as a user runs it. Usage: filter_test.py DKN [unittest options]"""

import math
import os
import random

from command import CommandTest, checks, main, ramp, rmse
from files import Picture, npy_bytes, png_bytes, read_npy, read_png
from frames import FramesTest, depth, gray16, rgb, rgb24


def step(x, y):
    return 40 if x < 16 else 200


class FilterTest(CommandTest):
    def filter(self, guide, target, output, *options, model="guided"):
        self.assertEqual(
            self.succeed("filter", guide, target, "-o", output, "--model", model, *options), "")

    def put_noise(self, channels=3):
        """Random values in [0, 1] as noise.npy."""
        values = random.Random(5)
        self.put("noise.npy",
                 npy_bytes(Picture.of(20, 14, lambda *_: values.random(), channels)))

    def assert_near(self, result, expected, delta):
        self.assertEqual((result.size, result.channels), (expected.size, expected.channels))
        for a, b in zip(result.values, expected.values):
            self.assertAlmostEqual(a, b, delta=delta)

    def test_noise_goes_and_edges_of_the_guide_stay(self):
        noise = random.Random(1)
        clean = Picture.of(32, 24, step)
        noisy = Picture.of(32, 24, lambda x, y: min(255, max(0, round(step(x, y) +
                                                                      noise.gauss(0, 12)))))
        self.put("guide.png", png_bytes(Picture.of(32, 24, lambda x, y, c: step(x, y), 3), 8))
        self.put("noisy.png", png_bytes(noisy, 8))
        self.filter("guide.png", "noisy.png", "out.png")
        result, bits = read_png(self.path("out.png"))
        self.assertEqual((result.size, result.channels, bits), ((32, 24), 1, 8))
        self.assertLess(rmse(result, clean), 0.4 * rmse(noisy, clean))

    def test_parameters_are_set(self):
        self.put_guide(16, 12)
        self.put("target.png", png_bytes(Picture.of(16, 12, lambda x, y: (x * 37 + y * 91) % 251), 8))
        results = []
        for options in ((), ("--set", "radius=3"), ("--set", "radius=0"),
                        ("--set", "radius=0", "--set", "epsilon=0.5"),
                        ("--set", "epsilon=0.5,radius=0")):
            self.filter("guide.png", "target.png", "out.png", *options)
            results.append(list(read_png(self.path("out.png"))[0].values))
        self.assertEqual(results[0], results[1])
        self.assertNotEqual(results[0], results[2])
        self.assertEqual(results[3], results[4])
        for command in ("filter", "upsample"):
            args = (command, "guide.png", "target.png", "-o", "no.png", "--model", "guided", "--set")
            self.refuse(*args, "sigma=2", naming="no parameter is named 'sigma'; there are: radius")
            self.refuse(*args, "radius=1.5", naming="expected an integer from 0 to 1000")
            self.refuse(*args, "radius", naming="'radius' is not NAME=NUMBER")
            self.refuse(*args, "radius=1", "--set", "radius=2", naming="set twice")
        self.refuse("upsample", "guide.png", "target.png", "-o", "no.png", "--set", "radius=1",
                    naming="no method named")

    def test_the_targets_type_and_values_are_kept(self):
        self.put_guide(16, 12)
        for bits, channels in ((8, 1), (8, 3), (16, 1), (16, 3)):
            target = Picture.of(16, 12, lambda x, y, c=0: (x * 37 + y * 91 + c * 55) % 251, channels)
            self.put("target.png", png_bytes(target, bits))
            for guide in ("guide.png", "target.png"):
                self.filter(guide, "target.png", "out.png", model="bicubic")
                result, got = read_png(self.path("out.png"))
                self.assertEqual((result.channels, got), (channels, bits))
                self.assertEqual(list(result.values), target.values)
        self.put("target.npy", npy_bytes(Picture.of(16, 12, lambda x, y, c: x - y * c, 5)))
        self.filter("guide.png", "target.npy", "out.npy", model="bicubic")
        self.assert_near(read_npy(self.path("out.npy")), read_npy(self.path("target.npy")), 1e-4)

    def test_overshoot_is_clamped(self):
        # The target follows the lower two of the guide's three levels; the fit goes on to the third.
        def level(x, _):
            return 0 if x < 10 else 100 if x < 12 else 250

        def flat(x, _):
            return 255 * (x >= 10)

        self.put("guide.png", png_bytes(Picture.of(24, 12, level), 8))
        self.put("target.png", png_bytes(Picture.of(24, 12, flat), 8))
        self.filter("guide.png", "target.png", "out.png")
        self.put("target.npy", npy_bytes(Picture.of(24, 12, flat)))
        self.filter("guide.png", "target.npy", "out.npy")
        exact = read_npy(self.path("out.npy"))
        self.assertGreater(max(exact.values), 256)
        clamped = Picture(24, 12, 1, [min(255, max(0, value)) for value in exact.values])
        self.assert_near(read_png(self.path("out.png"))[0], clamped, 0.51)

    def test_channels_are_filtered_one_by_one(self):
        self.put_guide(20, 14)
        self.put_noise()
        noise = read_npy(self.path("noise.npy"))
        self.filter("guide.png", "noise.npy", "out.npy")
        result = read_npy(self.path("out.npy"))
        for c in range(3):
            self.put("one.npy", npy_bytes(Picture(20, 14, 1, noise.values[c::3])))
            self.filter("guide.png", "one.npy", "one_out.npy")
            self.assert_near(read_npy(self.path("one_out.npy")),
                             Picture(20, 14, 1, result.values[c::3]), 1e-5)

    def test_each_iteration_takes_the_last_result(self):
        self.put_guide(20, 14)
        self.put_noise(1)
        self.filter("guide.png", "noise.npy", "twice.npy", "--iterations", "2")
        self.filter("guide.png", "noise.npy", "once.npy")
        self.filter("guide.png", "once.npy", "again.npy")
        twice = read_npy(self.path("twice.npy"))
        self.assert_near(twice, read_npy(self.path("again.npy")), 1e-5)
        self.assertGreater(rmse(twice, read_npy(self.path("once.npy"))), 1e-3)

    def test_an_image_that_guides_itself_is_also_the_next_guide(self):
        self.put_noise()
        os.mkdir(self.path("folder"))
        for other_name in ("noise.npy", "folder/../noise.npy"):
            self.filter("noise.npy", other_name, "twice.npy", "--iterations", "2")
            self.filter("noise.npy", other_name, "once.npy")
            self.filter("once.npy", "once.npy", "again.npy")
            self.assertEqual(self.get("twice.npy"), self.get("again.npy"))
        # A copy is another image: it stays the guide.
        self.put("copy.npy", self.get("noise.npy"))
        self.filter("copy.npy", "noise.npy", "copy_twice.npy", "--iterations", "2")
        self.assertGreater(rmse(read_npy(self.path("copy_twice.npy")),
                                read_npy(self.path("twice.npy"))), 1e-3)

    def test_the_number_of_threads_changes_no_bit(self):
        self.put("guide.png", png_bytes(Picture.of(90, 150, checks, 3), 8))
        self.put("target.png", png_bytes(Picture.of(90, 150, ramp), 16))
        for threads in ("1", "3"):
            self.filter("guide.png", "target.png", threads + ".png", "--threads", threads)
        self.assertEqual(self.get("1.png"), self.get("3.png"))


class FilterFramesTest(FramesTest):
    """Many frames give what runs of one file give."""
    SIZE = (32, 24)

    def put_sized(self, numbers):
        for folder in ("rgb", "depth"):
            os.mkdir(self.path(folder))
        for number in numbers:
            self.put("rgb/%d.png" % number, png_bytes(rgb(number), 8))
            self.put("depth/%d.png" % number, png_bytes(depth(number, self.SIZE), 16))

    def clean(self, number, *options):
        self.succeed("filter", "rgb/%d.png" % number, "depth/%d.png" % number, "-o", "one.png",
                     "--model", "guided", *options)
        return self.get("one.png")

    def test_folders_patterns_and_sequences(self):
        self.put_sized((1, 2, 3))
        self.put("list.txt", b"1 rgb/1.png 1 depth/3.png\n2 rgb/2.png 2 depth/1.png\n")
        one_by_one = {"%d.png" % number: self.clean(number) for number in (1, 2, 3)}
        for kind, names in (("folder", ("rgb", "depth", "-o", "folder")),
                            ("time", ("rgb", "depth", "-o", "time", "--max-time", "0.1")),
                            ("pattern", ("rgb/%d.png", "depth/%d.png", "-o", "pattern/%d.png"))):
            self.succeed("filter", *names, "--model", "guided")
            found = {name: self.get(os.path.join(kind, name))
                     for name in os.listdir(self.path(kind))}
            self.assertEqual(found, one_by_one, kind)
        done = self.run_dkn("filter", "rgb", "depth", "-o", "listed", "--associations", "list.txt",
                            "--model", "guided")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(os.listdir(self.path("listed"))), ["1.png", "3.png"])
        self.succeed("filter", "rgb/2.png", "depth/1.png", "-o", "one.png", "--model", "guided")
        self.assertEqual(self.get("listed/1.png"), self.get("one.png"))

    def test_options_of_holes_and_confidence_are_for_each_frame(self):
        self.put_sized((1, 2))
        options = ("--holes", "keep", "--invalid", ">1500", "--iterations", "2")
        self.succeed("filter", "rgb", "depth", "-o", "out", "--confidence", "sure", "--model",
                     "guided", *options)
        for number in (1, 2):
            expected = self.clean(number, *options, "--confidence", "c.png")
            self.assertEqual(self.get("out/%d.png" % number), expected)
            self.assertEqual(self.get("sure/%d.png" % number), self.get("c.png"))

    def test_a_bad_frame_stops_no_other(self):
        self.put_sized((1, 2))
        self.put("depth/1.png", png_bytes(depth(1), 16))  # of another size
        done = self.run_dkn("filter", "rgb", "depth", "-o", "out", "--model", "guided")
        self.assertEqual(done.returncode, 1)
        self.assertIn("frame 1.png: depth/1.png: the target is 8 x 6, expected the guide's size, "
                      "32 x 24", done.stderr)
        self.assertEqual(os.listdir(self.path("out")), ["2.png"])

    def test_raw_streams(self):
        self.put("guide.png", png_bytes(rgb(0), 8))
        frames = [depth(number, self.SIZE) for number in (1, 2)]
        self.put("depth.raw", b"".join(gray16(frame) for frame in frames))
        expected = b""
        for frame in frames:
            self.put("depth.png", png_bytes(frame, 16))
            self.succeed("filter", "guide.png", "depth.png", "-o", "one.png", "--model", "guided")
            expected += gray16(read_png(self.path("one.png"))[0])
        self.succeed("filter", "guide.png", "depth.raw", "-o", "out.raw", "--raw", "32x24",
                     "--model", "guided")
        self.assertEqual(self.get("out.raw"), expected)
        both = b"".join(rgb24(rgb(0)) + gray16(frame) for frame in frames)
        done = self.run_bytes("filter", "-", "-", "-o", "-", "--raw", "32x24:32x24", "--model",
                              "guided", stdin=both)
        self.assertEqual((done.returncode, done.stderr, done.stdout), (0, b"", expected))


    def test_depth_frames_are_their_own_guides(self):
        """In folders, patterns and streams as by themselves, holes and all."""
        frames = [depth(number, self.SIZE) for number in (1, 2)]
        frames[0].values[77] = 0
        os.mkdir(self.path("depth"))
        os.symlink("depth", self.path("link"))
        alone, mine = {}, ("--model", "guided", "--holes", "keep", "--iterations", "2")
        for number, frame in zip((1, 2), frames):
            name = "%d.png" % number
            self.put("depth/" + name, png_bytes(frame, 16))
            self.succeed("filter", "depth/" + name, "depth/" + name, "-o", "one.png", *mine)
            alone[name] = self.get("one.png")
        self.assertEqual(read_png(self.path("one.png"))[0].size, self.SIZE)
        for kind, names in (("folder", ("depth", "depth/", "-o", "folder")),
                            ("linked", ("link", "depth", "-o", "linked")),
                            ("time", ("depth", "depth", "-o", "time", "--max-time", "0")),
                            ("pattern", ("depth/%d.png", "depth/%d.png", "-o", "pattern/%d.png"))):
            self.succeed("filter", *names, *mine)
            found = {name: self.get(os.path.join(kind, name))
                     for name in os.listdir(self.path(kind))}
            self.assertEqual(found, alone, kind)
        stream = b"".join(gray16(frame) for frame in frames)
        expected = b""
        for name in ("1.png", "2.png"):
            self.put("one.png", alone[name])
            expected += gray16(read_png(self.path("one.png"))[0])
        self.put("depth.raw", stream)
        for guide, target in (("-", "-"), ("depth.raw", "depth.raw")):
            done = self.run_bytes("filter", guide, target, "-o", "-", "--raw", "32x24", *mine,
                                  stdin=stream)
            self.assertEqual((done.returncode, done.stderr, done.stdout), (0, b"", expected))
        self.put("first.raw", gray16(frames[0]))
        self.succeed("filter", "first.raw", "first.raw", "-o", "first.png", "--raw", "32x24", *mine)
        self.assertEqual(self.get("first.png"), alone["1.png"])
        self.refuse("filter", "depth", "depth", "-o", "depth", *mine,
                    naming="results need a folder of their own")
        self.refuse("upsample", "depth", "depth", "-o", "out", *mine[:2],
                    naming="guide and target at once")

    def test_depth_by_itself_has_another_network_than_pictures(self):
        noise = random.Random(6)
        clean = Picture.of(48, 36, lambda x, y: 1500 if x < 24 else 2500)
        noisy = Picture(48, 36, 1, [round(v + noise.gauss(0, 15)) for v in clean.values])
        self.put("depth.png", png_bytes(noisy, 16))
        done = self.run_dkn("filter", "depth.png", "depth.png", "-o", "out.png")
        self.assertEqual((done.returncode, done.stderr), (0, "dkn: 1x: used fdkn_any\n"))
        self.assertLess(rmse(read_png(self.path("out.png"))[0], clean), 0.8 * rmse(noisy, clean))
        self.put("rgb.png", png_bytes(rgb(1), 8))
        done = self.run_dkn("filter", "rgb.png", "rgb.png", "-o", "out.png")
        self.assertEqual((done.returncode, done.stderr), (0, "dkn: 1x: used fdkn_denoise\n"))

    def test_a_bound_of_memory_counts_its_iterations(self):
        big = Picture.of(1200, 900, lambda x, y: 1000 + x)
        self.put("depth.png", png_bytes(big, 16))
        self.refuse("filter", "depth.png", "depth.png", "-o", "o.png", "--model", "fdkn_denoise",
                    "--max-memory", "60", "--iterations", "2", naming="takes at least ")


class FilterErrorsTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.put_guide(16, 12)
        self.put("target.png", png_bytes(Picture.of(16, 12, ramp), 16))

    def check(self, naming, *options, guide="guide.png", target="target.png", output="out.png",
              model="guided"):
        self.refuse("filter", guide, target, "-o", output, "--model", model, *options,
                    naming=naming)

    def test_sizes_that_differ(self):
        self.put("target.png", png_bytes(Picture.of(8, 6, ramp), 16))
        self.check("target.png: the target is 8 x 6, expected the guide's size, 16 x 12; "
                   "`dkn upsample`")

    def test_files_and_models_that_are_not_there(self):
        self.check("absent.png", guide="absent.png")
        self.check("absent.png", target="absent.png")
        self.check("absent.png", guide="absent.png", target="absent.png")
        self.check("'absent'", model="absent")
        self.check("absent/out.png", output="absent/out.png")

    def test_nothing_but_holes(self):
        self.put("target.npy", npy_bytes(Picture.of(16, 12, lambda x, y: math.nan)))
        self.check("target.npy: no value of the target is measured: all are holes, by --invalid",
                   target="target.npy", output="out.npy")

    def test_guides_that_are_not_finite(self):
        guide = Picture.of(16, 12, lambda x, y: 0.5)
        guide.values[2 * 16 + 5] = math.nan
        self.put("guide.npy", npy_bytes(guide))
        self.check("x = 5, y = 2", guide="guide.npy")

    def test_what_cannot_guide(self):
        self.put("scores.npy", npy_bytes(Picture.of(16, 12, lambda x, y, c: float(c), 5)))
        self.check("scores.npy", guide="scores.npy", target="scores.npy", output="out.npy")

    def test_wrong_usage(self):
        for value in ("0", "-1", "many"):
            self.check("--iterations", "--iterations", value)


if __name__ == "__main__":
    main()
