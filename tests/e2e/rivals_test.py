#!/usr/bin/env python3
"""Model files of learned rivals as a user uses them. Usage: rivals_test.py DKN [unittest options]"""

import json
import os
import shutil

from command import CommandTest, main, ramp, rmse
from files import Picture, png_bytes, read_png
from models import Model


class RivalsTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.put("djf.safetensors", Model.djf(96).bytes())
        self.put_guide(64, 48)
        self.put("depth.png", png_bytes(Picture.of(8, 6, ramp), 16))

    UPSAMPLE = ("upsample", "guide.png", "depth.png", "-o", "out.png", "--model", "djf.safetensors",
                "--set", "joint_width=96")

    def result(self, *options):
        self.succeed(*self.UPSAMPLE, *options)
        return read_png(self.path("out.png"))[0]

    def test_info_tells_network_parameters_and_cost(self):
        model = Model.djf(16)
        model.metadata = {"network": "djf", "stream_width": "16", "joint_width": "16", "by": "tests"}
        self.put("small.safetensors", model.bytes())
        text = self.succeed("info", "small.safetensors")
        values = sum(len(data) // 4 for _, _, data in model.tensors.values())
        self.assertIn("\nparameters: %d\n" % values, text)
        self.assertRegex(text, r"\nGFLOP for 640 x 480: [0-9.]+\n")
        self.assertIn("\nby: tests\n", text)
        self.assertIn("\nnetwork: djf, deep joint filter", text)
        self.assertRegex(text, r"\n\| residual +\| 0 +\| 0 +\| 1 ")
        self.assertRegex(text, r"\n\| stream_width +\| 16 +\|")

    def test_upsamples_and_takes_settings(self):
        plain = self.result()
        self.assertEqual(plain.size, (64, 48))
        residual = self.result("--set", "residual=1")
        moved = self.result("--set", "residual=1", "--set", "shift=3.5")
        self.assertGreater(rmse(plain, residual), 100)
        self.assertGreater(rmse(residual, moved), 10)
        self.succeed(*self.UPSAMPLE, "--max-memory", "1000", "--precision", "auto")

    def test_refuses_what_it_has_not(self):
        for options, naming in ((("--set", "radius=1"), "radius"), (("--set", "shift=99"), "shift"),
                                (("--set", "stream_width=8"), "guide.conv1.weight"),
                                (("--precision", "bf16"), "fp32"), (("--max-memory", "1"), "MB")):
            self.refuse(*self.UPSAMPLE, *options, naming=naming)
        model = Model.djf(64)
        model.metadata["network"] = "djf"
        self.put("named.safetensors", model.bytes())
        self.refuse("inspect", "guide.png", "depth.png", "--model", "named.safetensors", "--at", "3,3",
                    "-o", "kernel.png", naming="djf")
        self.refuse("export", "named.safetensors", "--onnx", "out.onnx", naming="djf")
        model.metadata["network"] = "unet"
        self.put("named.safetensors", model.bytes())
        self.refuse("info", "named.safetensors", naming="unet")

    def test_eval_and_bench_tell_what_networks_take(self):
        self.succeed("synth", "-o", "rooms", "--count", "2", "--width", "96", "--height", "64")
        os.mkdir(self.path("data"))
        for part, name in (("rgb", "color"), ("truth", "depth")):
            shutil.copy(self.path("rooms/room_0_%s.png" % part), self.path("data/0_%s.png" % name))
        djf = {"label": "DJF", "filter": self.path("djf.safetensors"), "set": {"joint_width": 96}}
        self.put("experiment.json", json.dumps({
            "title": "Rooms", "protocol": {"scale": 8, "down": "bicubic", "up": "bicubic", "border": 6,
                                           "normalization": "input"},
            "sets": [{"label": "rooms", "folder": ".", "unit": "cm", "unit_per_step": 0.1}],
            "methods": [djf, {"label": "bicubic", "filter": "bicubic"},
                        {"label": "ours", "filter": "fdkn_x8"}]}).encode())
        text = self.succeed("eval", "experiment.json", "--data", "data", "--json", "results.json",
                            "--report", "report.html")
        table = text[text.index("Networks:"):]
        self.assertRegex(table, r"\| DJF +\| 0\.\d{3} +\| [0-9.]+ +\|\n\| ours ")
        self.assertIn("GFLOP for 640 x 480", self.get("report.html").decode())
        costs = {result["method"]: result.get("parameters")
                 for result in json.loads(self.get("results.json"))}
        self.assertGreater(costs["ours"], 500000)
        self.assertGreater(costs["DJF"], 10000)
        self.assertIsNone(costs["bicubic"])
        model = Model.djf(64)
        model.metadata = {"network": "djf", "stream_width": "64"}
        self.put("djf64.safetensors", model.bytes())
        self.assertRegex(self.succeed("bench", "djf64.safetensors", "--sizes", "64x48", "--seconds", "0"),
                         r"\| djf64.safetensors +\| fp32 .* 0\.\d\d +\| ")


if __name__ == "__main__":
    main()
