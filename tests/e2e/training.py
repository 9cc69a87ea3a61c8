"""What the tests of the program `dkn-train` share."""

import os
import shutil
import subprocess
import tempfile

import command
from command import CommandTest


class TrainingTest(CommandTest):
    """Two rooms to train on in data/train, and one in data/val."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rooms = tempfile.TemporaryDirectory(prefix="dkn_rooms_")
        subprocess.run([command.DKN, "synth", "-o", cls.rooms.name, "--count", "3", "--width", "48",
                        "--height", "40"], check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.rooms.cleanup()

    def setUp(self):
        super().setUp()
        names = sorted(name[:-len("_truth.png")] for name in os.listdir(self.rooms.name)
                       if name.endswith("_truth.png"))
        for folder, chosen in (("train", names[:2]), ("val", names[2:])):
            os.makedirs(self.path("data/" + folder))
            for name in chosen:
                for old, new in (("rgb", "color"), ("truth", "depth")):
                    shutil.copy(os.path.join(self.rooms.name, f"{name}_{old}.png"),
                                self.path(f"data/{folder}/{name}_{new}.png"))
