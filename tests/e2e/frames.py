"""Frames as the tests of `dkn upsample` make them."""

import array
import os
import subprocess
import sys

import command
from command import CommandTest, checks, ramp
from files import Picture, png_bytes

GUIDE = (32, 24)
DEPTH = (8, 6)
MODEL = ("--model", "fdkn_x4", "--precision", "fp32")


def rgb(number, size=GUIDE):
    return Picture.of(*size, lambda x, y, c: checks(x + number, y, c), 3)


def depth(number, size=DEPTH):
    return Picture.of(*size, lambda x, y: ramp(x, y) + 40 * number * (x > 3))


def raw(picture, kind):
    values = array.array(kind, picture.values)
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def gray16(picture):
    return raw(picture, "H")


def rgb24(picture):
    return raw(picture, "B")


class FramesTest(CommandTest):
    def run_bytes(self, *arguments, stdin=b""):
        environment = {name: value for name, value in os.environ.items() if name != "DKN_MODELS"}
        return subprocess.run([command.DKN, *arguments], cwd=self.folder, env=environment,
                              input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=300)

    def put_frames(self, numbers, rgb_name="rgb_%04d.png", depth_name="depth_%04d.png"):
        for number in numbers:
            self.put(rgb_name % number, png_bytes(rgb(number), 8))
            self.put(depth_name % number, png_bytes(depth(number), 16))

    def one(self, guide, target, *options, model=MODEL):
        """The bytes of a single run's result."""
        self.assertEqual(
            self.succeed("upsample", guide, target, "-o", "one.png", *model, *options), "")
        return self.get("one.png")
