#!/usr/bin/env python3
"""Times dkn.distributed on this machine: efficiency over processes, and overhead for each frame.

Usage: PYTHONPATH=build/dev/python DKN_COMMAND=build/dev/bin/dkn bench/time_distributed.py [FRAMES]

All numbers are of one run, one beside the other; docs/distributed.md has what they were.
"""

import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import distributed
import numpy as np
from PIL import Image

import dkn.distributed

ROOT = pathlib.Path(__file__).resolve().parents[1]


def write_frames(folder, count, size, target_size):
    rgb = Image.open(ROOT / "examples/room_rgb.png").resize(size)
    depth = Image.fromarray(np.asarray(Image.open(ROOT / "examples/room_depth.png")).astype(np.uint16))
    depth = depth.resize(target_size, Image.Resampling.NEAREST)
    for name, image in (("rgb", rgb), ("depth", depth)):
        (folder / name).mkdir(parents=True)
        for i in range(count):
            image.save(folder / name / f"{i:05}.png")
    return folder / "rgb", folder / "depth"


def write_made(folder, count):
    """Frames that are made already, for the cost of telling so: a folder of results, and pairs."""
    for name in ("depth", "out/warm", "out/timed"):
        (folder / name).mkdir(parents=True)
        (folder / name / "00000.png").write_bytes(b"there")
        for i in range(1, count):
            os.link(folder / name / "00000.png", folder / name / f"{i:05}.png")
    (folder / "rgb.png").write_bytes(b"there")
    return folder / "out", (folder / "rgb.png", folder / "depth")


class Cost:
    """What a run took: seconds, and the processors' seconds of those who work and of those who lead."""

    def __init__(self, seconds, workers, leaders=0.0):
        self.seconds, self.workers, self.leaders = seconds, workers, leaders

    def text(self, frames):
        return (f"{1e3 * self.seconds / frames:.2f} (processors: {1e3 * self.workers / frames:.2f} of "
                f"workers, {1e3 * self.leaders / frames:.2f} of client and scheduler)")


def with_workers(workers, threads, pairs, out, **options):
    """Of a run whose workers have their method made already."""
    with distributed.LocalCluster(n_workers=workers, threads_per_worker=threads, processes=True,
                                  dashboard_address=None, memory_limit="2GB") as cluster:
        with distributed.Client(cluster) as client:
            def used():
                return sum(client.run(time.process_time).values())

            dkn.distributed.upsample_dataset(pairs, out / "warm", client, **options)
            before, leaders, start = used(), time.process_time(), time.perf_counter()
            dkn.distributed.upsample_dataset(pairs, out / "timed", client, **options)
            seconds, led = time.perf_counter() - start, time.process_time() - leaders
            return Cost(seconds, used() - before, led)


def command(pairs, out, threads):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([os.environ["DKN_COMMAND"], "upsample", *pairs, "-o", out, "--threads",
                    str(threads)], check=True, capture_output=True)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main(frames):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        pairs = write_frames(folder / "large", frames, (640, 480), (80, 60))
        print(f"{frames} frames of 640 x 480 by fdkn_x8, ms a frame; {os.cpu_count()} processors, load "
              f"{os.getloadavg()[0]:.1f}")
        for threads in (1, 2):
            cost = command(pairs, folder / f"command_{threads}", threads)
            print(f"  dkn upsample, {threads} threads: {cost.text(frames)}", flush=True)
        for workers, threads in ((1, 1), (1, 2), (2, 1)):
            cost = with_workers(workers, threads, pairs, folder / f"out_{workers}_{threads}")
            print(f"  {workers} workers of {threads} threads: {cost.text(frames)}", flush=True)
        many = 4 * frames
        small = write_frames(folder / "small", many, (16, 16), (8, 8))
        cost = command(small, folder / "small_command", 1)
        print(f"{many} frames of 16 x 16 by fdkn_any, ms a frame\n"
              f"  dkn upsample, 1 thread: {cost.text(many)}", flush=True)
        for chunk in (1, 32):
            cost = with_workers(1, 1, small, folder / f"small_{chunk}", chunk=chunk)
            print(f"  1 worker, chunks of {chunk}: {cost.text(many)}", flush=True)
        made, pairs = write_made(folder / "made", 1000 * frames)
        for chunk in (4, 64):
            cost = with_workers(1, 1, pairs, made, chunk=chunk)
            print(f"{1000 * frames} frames that are there, ms a frame\n"
                  f"  1 worker, chunks of {chunk}: {cost.text(1000 * frames)}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
