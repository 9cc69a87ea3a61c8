#!/usr/bin/env python3
"""Training in several processes by mpirun, as a user starts it.
Usage: ranks_test.py DKN DKN-TRAIN [unittest options]"""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

from command import main
from training import TrainingTest

TRAIN = os.path.abspath(sys.argv.pop(2)) if len(sys.argv) > 2 else ""

EXPERIMENT = {"architecture": {"n1": 8, "n2": 8}, "degradation": {"scale": 4}, "crop": 32,
              "steps": 8, "validate_every": 1, "checkpoint_every": 2, "validation": "../val"}

# Root is who runs the tests, in a container of perhaps one processor.
ENVIRONMENT = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
               "OMPI_MCA_rmaps_base_oversubscribe": "1",
               "OMPI_MCA_btl_vader_single_copy_mechanism": "none"}


@unittest.skipIf(shutil.which("mpirun") is None, "there is no mpirun")
class RanksTest(TrainingTest):
    def put_experiment(self, name="experiment.json", **members):
        self.put(name, json.dumps({**EXPERIMENT, **members}).encode())

    def command(self, ranks, out, experiment="experiment.json"):
        run = [TRAIN, experiment, "--data", "data/train", "--out", out + ".safetensors",
               "--work", out, "--threads", "1"]
        return ["mpirun", "-n", str(ranks), *run] if ranks > 1 else run

    def train(self, *arguments):
        done = subprocess.run(self.command(*arguments), cwd=self.folder, env=ENVIRONMENT, text=True,
                              capture_output=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def log(self, work):
        with open(self.path(work + "/log.csv"), newline="") as file:
            return list(csv.DictReader(file))

    def check_same_losses(self, **members):
        """Two processes with a crop each beside one with both."""
        self.put_experiment("one.json", batch=2, **members)
        self.put_experiment("two.json", batch=1, **members)
        self.train(1, "one", "one.json")
        text = self.train(2, "two", "two.json")
        self.assertEqual(text.count("step 8: "), 1)
        one, two = self.log("one"), self.log("two")
        self.assertEqual(len(one), 8)
        self.assertEqual(len(two), 8)
        for a, b in zip(one, two):
            for column in ("loss", "validation"):
                self.assertAlmostEqual(float(a[column]) / float(b[column]), 1.0, delta=2e-3)
        self.assertNotEqual(one[0]["loss"], one[-1]["loss"])

    def test_two_processes_are_one_with_twice_the_batch(self):
        for architecture in ({}, {"kind": "dkn"}):
            for precision in ("fp32", "bf16"):
                with self.subTest(precision=precision, **architecture):
                    self.check_same_losses(
                        precision=precision,
                        architecture={**EXPERIMENT["architecture"], **architecture})
                    for name in ("one", "two"):
                        shutil.rmtree(self.path(name))

    def test_a_rank_sees_other_crops_than_the_others(self):
        """The losses of one process with one crop are others than those of two with one each."""
        self.put_experiment()
        self.train(1, "one")
        self.train(2, "two")
        self.assertNotEqual(self.log("one")[0]["loss"], self.log("two")[0]["loss"])

    def ranks_of(self, mpirun):
        with open(f"/proc/{mpirun.pid}/task/{mpirun.pid}/children") as file:
            return [int(pid) for pid in file.read().split()]

    def wait_for(self, process, condition):
        limit = time.monotonic() + 300
        while not condition():
            self.assertLess(time.monotonic(), limit)
            self.assertIsNone(process.poll())
            time.sleep(0.01)

    def test_a_lost_rank_ends_the_run_and_its_checkpoint_goes_on(self):
        self.put_experiment(steps=1000000)
        process = subprocess.Popen(self.command(2, "run"), cwd=self.folder, env=ENVIRONMENT,
                                   text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        checkpoint = self.path("run/last.pt")
        self.wait_for(process, lambda: os.path.exists(checkpoint))
        os.kill(self.ranks_of(process)[-1], signal.SIGKILL)
        text, _ = process.communicate(timeout=120)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn("signal 9", text)
        # Alone, from there.
        taken = len(self.log("run"))
        process = subprocess.Popen(self.command(1, "run"), cwd=self.folder,
                                   stdout=subprocess.DEVNULL)
        try:
            self.wait_for(process, lambda: len(self.log("run")) > taken)
        finally:
            process.kill()
            process.wait()
        steps = [int(row["step"]) for row in self.log("run")]
        self.assertEqual(steps, list(range(1, len(steps) + 1)))

    def test_a_rank_that_cannot_go_on_says_why_and_ends_all(self):
        self.put_experiment()
        self.put("run", b"a file, where the folder should be")
        done = subprocess.run(self.command(2, "run"), cwd=self.folder, env=ENVIRONMENT, text=True,
                              capture_output=True, timeout=300)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("dkn-train: rank 0: ", done.stderr)

    def test_a_sweep_is_one_process(self):
        done = subprocess.run(["mpirun", "-n", "2", TRAIN, "sweep", "absent.json", "--data", "."],
                              cwd=self.folder, env=ENVIRONMENT, text=True, capture_output=True,
                              timeout=300)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("without mpirun, by --jobs", done.stderr)


if __name__ == "__main__":
    main()
