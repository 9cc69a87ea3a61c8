#!/usr/bin/env python3
"""Sweeps of dkn-train as a user runs them. Usage: sweep_test.py DKN DKN-TRAIN [unittest options]"""

import json
import os
import signal
import subprocess
import sys
import time

from command import main
from training import TrainingTest

TRAIN = os.path.abspath(sys.argv.pop(2)) if len(sys.argv) > 2 else ""

SWEEP = {
    "title": "Kernels and sources",
    "train": "train",
    "base": {"architecture": {"n1": 8, "n2": 8}, "degradation": {"scale": 4}, "crop": 32,
             "checkpoint_every": 5},
    "steps": 10,
    "columns": [{"label": "3x3"}, {"label": "5x5", "set": {"architecture": {"kernel_size": 5}}}],
    "rows": [{"label": "both", "paper": [1.5, 2.5]},
             {"label": "target", "set": {"architecture": {"guide": "none"}}}],
    "evaluation": {"protocol": {"scale": 4, "down": "bicubic", "up": "bicubic", "border": 2,
                                "normalization": "input"},
                   "sets": [{"label": "rooms", "folder": "val", "unit": "mm",
                             "unit_per_step": 1}]},
}


class SweepTest(TrainingTest):
    def setUp(self):
        super().setUp()
        self.put_sweep()

    def put_sweep(self, **members):
        self.put("sweep.json", json.dumps({**SWEEP, **members}).encode())

    def command(self, *arguments):
        return [TRAIN, "sweep", "sweep.json", "--data", "data", "--threads", "1", *arguments]

    def sweep(self, *arguments, status=0):
        done = subprocess.run(self.command(*arguments), cwd=self.folder, text=True,
                              capture_output=True, timeout=600)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status == 0 else done.stdout + done.stderr

    def records(self, name="sweep.results.jsonl"):
        return {record["run"]: record
                for record in map(json.loads, self.get(name).decode().splitlines())}

    def test_a_sweep_fills_its_table(self):
        plan = self.sweep("--dry-run")
        self.assertIn("4 of 4 runs are left, 40 steps together", plan)
        self.assertEqual(sorted(os.listdir(self.folder)), ["data", "sweep.json"])
        text = self.sweep("--jobs", "2", "--markdown", "table.md")
        self.assertIn("4 of 4: ", text)
        records = self.records()
        self.assertEqual(list(records), ["both, 3x3, seed 1", "target, 3x3, seed 1",
                                         "both, 5x5, seed 1", "target, 5x5, seed 1"])
        for record in records.values():
            self.assertEqual(record["steps"], 10)
            self.assertEqual(record["figures"][0]["images"], 1)
        self.assertGreater(records["both, 5x5, seed 1"]["parameters"],
                           records["both, 3x3, seed 1"]["parameters"])
        for name in ("model.safetensors", "log.csv", "last.pt", "evaluation.jsonl", "output.txt"):
            self.assertTrue(os.path.exists(self.path("sweep.sweep/target_5x5_seed_1/" + name)))
        # The figure is what `dkn eval` measures of the weights.
        self.put("one.json", json.dumps({
            "title": "t", **SWEEP["evaluation"], "methods": [
                {"label": "m", "filter": "sweep.sweep/both_3x3_seed_1/model.safetensors"}]}).encode())
        self.succeed("eval", "one.json", "--data", "data", "--json", "one.out.json")
        self.assertEqual(json.loads(self.get("one.out.json"))[0]["value"],
                         records["both, 3x3, seed 1"]["figures"][0]["mean"])
        # `dkn eval` draws the same table, without data.
        self.assertEqual(self.succeed("eval", "sweep.json"), self.get("table.md").decode())
        mean = records["both, 3x3, seed 1"]["figures"][0]["mean"]
        self.assertIn(f"{mean:.3f}, paper 1.50", self.succeed("eval", "sweep.json"))
        self.refuse("eval", "sweep.json", "--csv", "a.csv", naming="is a sweep")
        # Again: nothing is left.
        self.assertNotIn("of 4: ", self.sweep())

    def test_a_killed_sweep_goes_on_to_the_same_weights(self):
        self.put_sweep(steps=40)
        self.sweep("--work", "whole", "--results", "whole.jsonl", "--only", "both, 3x3")
        process = subprocess.Popen(self.command("--only", "both, 3x3"), cwd=self.folder,
                                   stdout=subprocess.DEVNULL)
        checkpoint = self.path("sweep.sweep/both_3x3_seed_1/last.pt")
        limit = time.monotonic() + 300
        while not os.path.exists(checkpoint) and process.poll() is None:
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        model = "/both_3x3_seed_1/model.safetensors"
        if not os.path.exists(self.path("sweep.sweep" + model)):  # what a busy machine may miss
            self.assertRegex(self.sweep("--dry-run"), r"both, 3x3, seed 1 +\| goes on")
        self.sweep("--only", "both, 3x3")
        self.assertEqual(self.get("sweep.sweep" + model), self.get("whole" + model))
        self.assertEqual(self.records()["both, 3x3, seed 1"]["figures"],
                         self.records("whole.jsonl")["both, 3x3, seed 1"]["figures"])

    def test_a_run_that_fails_is_listed_and_the_others_go_on(self):
        rows = [{"label": "absent", "set": {"init_from": "absent.safetensors"}}, SWEEP["rows"][1]]
        self.put_sweep(rows=rows, columns=[{"label": "3x3"}])
        text = self.sweep(status=1)
        self.assertIn("1 of 2: absent, 3x3, seed 1: failed: init_from: absent.safetensors", text)
        self.assertRegex(text, r"\| absent +\| failed +\|")
        self.assertIn("2 of 2: target, 3x3, seed 1: rmse ", text)
        # Mended, it is run again, and nothing else.
        rows[0]["set"] = {}
        self.put_sweep(rows=rows, columns=[{"label": "3x3"}])
        text = self.sweep("--fresh", "absent")
        self.assertIn("1 of 1: absent, 3x3, seed 1: rmse ", text)

    def test_runs_that_have_changed_are_named(self):
        self.sweep("--only", "both, 3x3", "target, 3x3")
        rows = [SWEEP["rows"][0], {"label": "target", "set": {"loss": "l2"}}]
        self.put_sweep(rows=rows)
        text = self.sweep(status=1)
        self.assertIn("--fresh", text)
        self.assertIn("'target, 3x3, seed 1'", text)
        self.assertNotIn("'both, 3x3, seed 1'", text)
        self.assertIn("2 of 2: target", self.sweep("--only", "target", "--fresh", "target"))

    def test_another_number_of_steps_is_one_option_away(self):
        text = self.sweep("--steps", "3", "--limit", "1", "--only", "target, 5x5", "--work", "w",
                          "--results", "r.jsonl")
        self.assertIn("1 of 1: target, 5x5", text)
        record = self.records("r.jsonl")["target, 5x5, seed 1"]
        self.assertEqual((record["steps"], record["figures"][0]["images"]), (3, 1))
        self.assertIn("0 of 4 runs", self.succeed("eval", "sweep.json"))

    def test_mistakes_are_told_before_anything_runs(self):
        for members, told in (({"setps": 3}, "'setps'"), ({"base": {"steps": 0}}, "steps"),
                              ({"rows": [{"label": "a"}, {"label": "a"}]}, "the label 'a'"),
                              ({"base": "absent.json"}, "absent.json"),
                              ({"train": "absent"}, "'absent'")):
            self.put_sweep(**members)
            if members == {"base": {"steps": 0}}:
                text = json.loads(self.get("sweep.json"))
                del text["steps"]
                self.put("sweep.json", json.dumps(text).encode())
            text = self.sweep(status=1)
            self.assertIn(told, text)
            self.assertRegex(text, r"\Adkn-train: (sweep|data/)[^\n]+\n\Z")
            self.assertEqual(sorted(os.listdir(self.folder)), ["data", "sweep.json"])


if __name__ == "__main__":
    main()
