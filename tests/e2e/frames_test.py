#!/usr/bin/env python3
"""`dkn upsample` on many frames, in folders and by patterns, and on depth that lies elsewhere.
Usage: frames_test.py DKN [unittest options]"""

import array
import json
import os
import subprocess

import command
from command import main, ramp
from files import Picture, npy_bytes, png_bytes, read_npy, read_png
from frames import GUIDE, MODEL, FramesTest, depth, gray16, rgb, rgb24


class BatchTest(FramesTest):
    def test_a_pattern_gives_what_single_runs_give(self):
        self.put_frames((1, 2, 10))
        for options in ((), ("--threads", "1"), ("--max-memory", "90"), ("--max-memory", "70")):
            self.succeed("upsample", "rgb_%04d.png", "depth_%04d.png", "-o", "out/s_%03d.png",
                         *MODEL, *options)
            self.assertEqual(sorted(os.listdir(self.path("out"))),
                             ["s_001.png", "s_002.png", "s_010.png"])
            for number in (1, 2, 10):
                one = self.one("rgb_%04d.png" % number, "depth_%04d.png" % number, *options)
                self.assertEqual(self.get("out/s_%03d.png" % number), one, options)

    def test_large_frames_beside_small_ones_are_the_same_too(self):
        """The second takes more than the share of memory that the first one makes."""
        self.put_frames((1, 2, 4))
        self.put("rgb_0003.png", png_bytes(rgb(3, (512, 384)), 8))
        self.put("depth_0003.png", png_bytes(depth(3, (128, 96)), 16))
        options = ("--max-memory", "75", "--threads", "2")
        self.succeed("upsample", "rgb_%04d.png", "depth_%04d.png", "-o", "s_%d.png", *MODEL,
                     *options)
        for number in (1, 2, 3, 4):
            one = self.one("rgb_%04d.png" % number, "depth_%04d.png" % number, *options)
            self.assertEqual(self.get("s_%d.png" % number), one, number)

    def test_frames_of_many_sizes_stay_within_the_bound(self):
        """What a network keeps for the next frame of a size is freed for one of another size: without
        that the program takes 280 MB here."""
        with open(command.DKN, "rb") as program:
            data = program.read()
            if b"__asan_init" in data or b"__tsan_init" in data:
                self.skipTest("the sanitizers take memory of their own")
        for number, (width, height) in enumerate(((960, 720), (968, 720), (960, 728), (976, 720))):
            self.put("rgb_%d.pfm" % number, b"PF\n%d %d\n-1.0\n" % (width, height) +
                     array.array("f", [0.5]).tobytes() * (3 * width * height))
            self.put("depth_%d.npy" % number,
                     npy_bytes(depth(number, (width // 4, height // 4)), "<u2"))
        with subprocess.Popen([command.DKN, "upsample", "rgb_%d.pfm", "depth_%d.npy", "-o",
                               "s_%d.npy", *MODEL, "--max-memory", "200", "--threads", "2"],
                              cwd=self.folder) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        self.assertLess(usage.ru_maxrss * 1024, 200e6)

    def test_each_frame_has_the_model_of_its_scale(self):
        self.put_frames((1,))
        self.put("rgb_0002.png", png_bytes(rgb(2, (64, 48)), 8))
        self.put("depth_0002.png", png_bytes(depth(2, (4, 3)), 16))
        done = self.run_dkn("upsample", "rgb_%04d.png", "depth_%04d.png", "-o", "s_%d.png")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertEqual(done.stderr, "dkn: 4x: used fdkn_x4\ndkn: 16x: used fdkn_x16\n")
        for number, name in ((1, "fdkn_x4"), (2, "fdkn_x16")):
            one = self.one("rgb_%04d.png" % number, "depth_%04d.png" % number,
                           model=("--model", name))
            self.assertEqual(self.get("s_%d.png" % number), one)

    def test_folders_are_matched_by_stem(self):
        for folder in ("rgb", "depth"):
            os.mkdir(self.path(folder))
        self.put_frames((1, 2), "rgb/%d.png", "depth/%d.png")
        self.put("depth/3.npy", npy_bytes(depth(3)))
        self.put("rgb/3.png", png_bytes(rgb(3), 8))
        self.put("rgb/4.png", png_bytes(rgb(4), 8))  # without depth
        self.put("depth/readme.txt", b"not an image")
        self.succeed("upsample", "rgb", "depth/", "-o", "new/out", *MODEL)
        self.assertEqual(sorted(os.listdir(self.path("new/out"))), ["1.png", "2.png", "3.npy"])
        for number in (1, 2):
            one = self.one("rgb/%d.png" % number, "depth/%d.png" % number)
            self.assertEqual(self.get("new/out/%d.png" % number), one)
        self.assertEqual(read_npy(self.path("new/out/3.npy")).size, GUIDE)

    def test_one_picture_guides_all_frames(self):
        self.put_frames((1, 2))
        self.succeed("upsample", "rgb_0001.png", "depth_%04d.png", "-o", "s_%d.png", *MODEL)
        self.assertEqual(self.get("s_2.png"), self.one("rgb_0001.png", "depth_0002.png"))

    def test_confidence_of_patterns(self):
        self.put_frames((1, 2))
        for model in (MODEL, ("--model", "guided")):
            self.succeed("upsample", "rgb_%04d.png", "depth_%04d.png", "-o", "s_%d.png", *model,
                         "--confidence", "sure/%02d.png")
            for number in (1, 2):
                one = self.one("rgb_%04d.png" % number, "depth_%04d.png" % number, "--confidence",
                               "c.png", model=model)
                self.assertEqual(self.get("s_%d.png" % number), one)
                self.assertEqual(self.get("sure/%02d.png" % number), self.get("c.png"))

    def test_confidence_of_folders(self):
        """Frames' names, each in the type that its format holds."""
        for folder in ("rgb", "depth"):
            os.mkdir(self.path(folder))
        self.put_frames((1,), "rgb/%d.png", "depth/%d.png")
        self.put("depth/2.npy", npy_bytes(depth(2)))
        self.put("rgb/2.png", png_bytes(rgb(2), 8))
        self.succeed("upsample", "rgb", "depth", "-o", "out", "--confidence", "new/sure", *MODEL)
        self.assertEqual(sorted(os.listdir(self.path("new/sure"))), ["1.png", "2.npy"])
        for name in ("1.png", "2.npy"):
            self.succeed("upsample", "rgb/%s.png" % name[0], "depth/" + name, "-o", "one" + name,
                         "--confidence", "c" + name, *MODEL)
            self.assertEqual(self.get("out/" + name), self.get("one" + name))
            self.assertEqual(self.get("new/sure/" + name), self.get("c" + name))
        self.assertLessEqual(max(read_npy(self.path("new/sure/2.npy")).values), 1)

    def test_a_frame_that_fails_leaves_neither_file(self):
        self.put_frames((1, 2, 3))
        os.makedirs(self.path("sure_2.npy"))
        done = self.run_dkn("upsample", "rgb_%04d.png", "depth_%04d.png", "-o", "s_%d.png",
                            "--confidence", "sure_%d.npy", *MODEL)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"\Adkn: frame depth_0002.png: sure_2.npy: cannot be written")
        self.assertEqual(sorted(name for name in os.listdir(self.folder) if name[0] == "s"),
                         ["s_1.png", "s_3.png", "sure_1.npy", "sure_2.npy", "sure_3.npy"])
        self.assertEqual(os.listdir(self.path("sure_2.npy")), [])

    def test_bad_frames_in_the_middle_stop_no_other(self):
        self.put_frames((1, 2, 3, 4, 5))
        self.put("depth_0002.png", self.get("depth_0002.png")[:60])
        os.remove(self.path("rgb_0004.png"))
        done = self.run_dkn("upsample", "rgb_%04d.png", "depth_%04d.png", "-o", "s_%d.png", *MODEL)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 3, done.stderr)
        self.assertRegex(lines[0], r"^dkn: frame depth_0002.png: .*depth_0002.png")
        self.assertRegex(lines[1], r"^dkn: frame depth_0004.png: .*rgb_0004.png")
        self.assertEqual(lines[2], "dkn: 2 of 5 frames failed, each told above")
        for number in (1, 3, 5):
            one = self.one("rgb_%04d.png" % number, "depth_%04d.png" % number)
            self.assertEqual(self.get("s_%d.png" % number), one)
        self.assertFalse(os.path.exists(self.path("s_2.png")))

    def test_a_frame_of_holes_names_its_file(self):
        self.put_frames((1, 2))
        self.put("depth_0002.png", png_bytes(Picture.of(4, 3, lambda x, y: 0), 16))
        done = self.run_dkn("upsample", "rgb_%04d.png", "depth_%04d.png", "-o", "s_%d.png", *MODEL)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"\Adkn: frame depth_0002.png: .*depth_0002.png: no value of ")

    def test_a_bad_first_frame_stops_no_other(self):
        self.put_frames((1, 2))
        self.put("rgb_0001.png", b"")
        done = self.run_dkn("upsample", "rgb_%04d.png", "depth_%04d.png", "-o", "s_%d.png", *MODEL)
        self.assertEqual(done.returncode, 1)
        self.assertIn("dkn: 1 of 2 frames failed", done.stderr)
        self.assertEqual(self.get("s_2.png"), self.one("rgb_0002.png", "depth_0002.png"))

    def test_first_and_last(self):
        self.put_frames((1, 2, 3, 4))
        self.succeed("upsample", "rgb_%04d.png", "depth_%04d.png", "-o", "s_%d.png", *MODEL,
                     "--first", "2", "--last", "3")
        self.assertEqual([n for n in (1, 2, 3, 4) if os.path.exists(self.path("s_%d.png" % n))],
                         [2, 3])
        done = self.run_dkn("upsample", "rgb_%04d.png", "depth_%04d.png", "-o", "t_%d.png", *MODEL,
                            "--first", "4", "--last", "6")
        self.assertEqual(done.returncode, 1)
        for name in ("depth_0005.png", "depth_0006.png", "2 of 3 frames failed"):
            self.assertIn(name, done.stderr)
        self.assertTrue(os.path.exists(self.path("t_4.png")))

    def test_what_is_unclear_is_refused(self):
        self.put_frames((1,))
        os.mkdir(self.path("empty"))
        for guide, target, output, naming in (
                ("rgb_%04d.png", "depth_%04d.png", "s.png", "'s.png' is no pattern"),
                ("rgb_%04d.png", "depth_%04d.png", "s_%s.png", "'s_%s.png' is no pattern"),
                ("rgb_%n.png", "depth_%04d.png", "s_%d.png", "'rgb_%n.png' is no pattern"),
                ("rgb_%04d.png", "absent_%d.png", "s_%d.png", "absent_%d.png"),
                ("rgb_%04d.png", "depth_%04d.png", "depth_%04d.png", "take the place"),
                ("empty", "empty", "empty", "folder of their own"),
                ("empty", "empty", "out", "no image")):
            self.refuse("upsample", guide, target, "-o", output, *MODEL, naming=naming)
        for output, confidence, naming in (("s_%d.png", "c.png", "'c.png' is no pattern"),
                                           ("s_%d.png", "s_%d.png", "two files"),
                                           ("s_%d.png", "./rgb_%04d.png", "take the place")):
            self.refuse("upsample", "rgb_%04d.png", "depth_%04d.png", "-o", output, "--confidence",
                        confidence, *MODEL, naming=naming)
        os.mkdir(self.path("depth"))
        self.put("depth/1.png", png_bytes(depth(1), 16))
        for confidence in ("out", "depth", "./out/"):
            self.refuse("upsample", "rgb_0001.png", "depth", "-o", "out", "--confidence", confidence,
                        *MODEL, naming="confidences need a folder of their own")
        self.refuse("upsample", "rgb_0001.png", "depth_0001.png", "-o", "s.png", "--first", "1",
                    naming="--first")


class GeometryTest(FramesTest):
    DEPTH_CAMERA = {"width": 40, "height": 30, "fx": 40, "fy": 40, "cx": 19.5, "cy": 14.5}
    COLOR_CAMERA = {"width": 160, "height": 120, "fx": 160, "fy": 160, "cx": 79.5, "cy": 59.5}

    def put_cameras(self, shift, **changes):
        cameras = {"depth": self.DEPTH_CAMERA, "color": self.COLOR_CAMERA,
                   "depth_to_color": [1, 0, 0, shift, 0, 1, 0, 0, 0, 0, 1, 0], **changes}
        self.put("cameras.json", json.dumps(cameras).encode())

    def test_a_camera_to_the_left_sees_depth_further_right(self):
        """A wall at 2000 mm and a box at 1000 mm that covers columns 12 to 19 of the depth map, seen
        from 50 mm further left: the wall moves by 160 * 50 / 2000 = 4 pixels of the picture, the box
        by 8. Nobody measured the 4 columns at the left, nor the 4 where the box was."""
        self.put("rgb.png", png_bytes(rgb(0, (160, 120)), 8))
        self.put("depth.png", png_bytes(
            Picture.of(40, 30, lambda x, y: 1000 if 12 <= x < 20 else 2000), 16))
        self.put_cameras(50)
        self.upsample("depth.png", "out.png", "--camera", "cameras.json", "--holes", "keep",
                      guide="rgb.png")
        result, bits = read_png(self.path("out.png"))
        self.assertEqual((result.size, bits), ((160, 120), 16))
        row = result.values[160 * 60:160 * 61]
        self.assertEqual(set(row[:4]), {0})  # holes
        self.assertTrue(all(value == 0 for value in row[52:56]), row[48:60])
        for columns, expected in (((12, 44), 2000), ((64, 80), 1000), ((96, 156), 2000)):
            for value in row[columns[0]:columns[1]]:
                self.assertAlmostEqual(value, expected, delta=2)
        self.upsample("depth.png", "full.png", "--camera", "cameras.json", guide="rgb.png")
        self.assertGreaterEqual(min(read_png(self.path("full.png"))[0].values), 1000)

    def test_streams_and_frames_have_cameras_too(self):
        self.put_cameras(50)
        for number in (1, 2):
            self.put("rgb_%d.png" % number, png_bytes(rgb(number, (160, 120)), 8))
            self.put("depth_%d.png" % number, png_bytes(depth(number, (40, 30)), 16))
        self.succeed("upsample", "rgb_%d.png", "depth_%d.png", "-o", "s_%d.png", *MODEL,
                     "--camera", "cameras.json")
        frames = b"".join(rgb24(rgb(n, (160, 120))) + gray16(depth(n, (40, 30))) for n in (1, 2))
        done = self.run_bytes("upsample", "-", "-", "--raw", "40x30:160x120", "-o", "-", *MODEL,
                              "--camera", "cameras.json", stdin=frames)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        singles = b""
        for number in (1, 2):
            one = self.one("rgb_%d.png" % number, "depth_%d.png" % number, "--camera",
                           "cameras.json")
            self.assertEqual(self.get("s_%d.png" % number), one)
            singles += gray16(read_png(self.path("one.png"))[0])
        self.assertEqual(done.stdout, singles)

    def test_depth_on_a_part_of_the_picture(self):
        self.put("rgb.png", png_bytes(rgb(0, (64, 48)), 8))
        self.put("depth.png", png_bytes(depth(1), 16))
        self.put("depth.npy", npy_bytes(Picture.of(8, 6, lambda x, y: ramp(x, y) + 40.0)))
        whole = rgb(0, (64, 48))
        part = Picture.of(32, 24, lambda x, y, c: whole.values[((y + 9) * 64 + x + 20) * 3 + c], 3)
        self.put("part.png", png_bytes(part, 8))
        for model in ("bicubic", "fdkn_x4"):
            self.upsample("depth.png", "out.png", "--place", "20,9,32,24", guide="rgb.png",
                          model=model)
            self.upsample("depth.png", "alone.png", guide="part.png", model=model)
            out, _ = read_png(self.path("out.png"))
            alone, _ = read_png(self.path("alone.png"))
            for y in range(48):
                for x in range(64):
                    inside = 20 <= x < 52 and 9 <= y < 33
                    expected = alone.values[(y - 9) * 32 + x - 20] if inside else 0
                    self.assertEqual(out.values[y * 64 + x], expected, (x, y))
        self.upsample("depth.npy", "out.npy", "--place", "20,9,32,24", guide="rgb.png")
        values = read_npy(self.path("out.npy")).values
        self.assertNotEqual(values[0], values[0])  # NaN
        self.assertEqual(values[20 * 64 + 30], values[20 * 64 + 30])

    def test_what_does_not_fit_is_refused(self):
        self.put("rgb.png", png_bytes(rgb(0, (160, 120)), 8))
        self.put("depth.png", png_bytes(depth(1, (40, 30)), 16))

        def refuse(*options, naming, guide="rgb.png"):
            self.refuse("upsample", guide, "depth.png", "-o", "out.png", *MODEL, *options,
                        naming=naming)
        refuse("--place", "140,0,32,24", naming="does not lie on the guide")
        refuse("--place", "1,2,3", naming="rectangle")
        refuse("--place", "0,0,20,20", naming="larger than the guide")
        refuse("--camera", "absent.json", naming="absent.json")
        self.put_cameras(50)
        refuse("--camera", "cameras.json", "--place", "0,0,160,120", naming="--place")
        self.put("small.png", png_bytes(rgb(0, (80, 60)), 8))
        refuse("--camera", "cameras.json", guide="small.png", naming="160 x 120")
        self.put_cameras(50, depth=dict(self.DEPTH_CAMERA, width=41))
        refuse("--camera", "cameras.json", naming="41 x 30")
        self.put_cameras(50, depth=dict(self.DEPTH_CAMERA, fx="40"))
        refuse("--camera", "cameras.json", naming="depth: 'fx'")
        self.put_cameras(50, distortion=[0.1])
        refuse("--camera", "cameras.json", naming="'distortion'")
        self.put_cameras(50, depth_to_color=[1] * 12)
        refuse("--camera", "cameras.json", naming="rotation")


if __name__ == "__main__":
    main()
