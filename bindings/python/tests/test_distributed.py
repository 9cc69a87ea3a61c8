"""dkn.distributed on a scheduler and worker processes on loopback: the same bytes as one process."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from conftest import ROOT
from PIL import Image

import dkn

dask = pytest.importorskip("distributed")
import dkn.distributed  # noqa: E402
from dkn import _dask  # noqa: E402

FRAMES = 24
PATIENCE = 180  # seconds, for processes to start on a machine that others keep busy


@pytest.fixture(scope="module")
def processes(tmp_path_factory):
    """Starts scheduler and three workers of one thread each; gives (client, workers by process id)."""
    folder = tmp_path_factory.mktemp("dask")
    environment = {**os.environ, "OMP_WAIT_POLICY": "passive", "DASK_TEMPORARY_DIRECTORY": str(folder),
                   "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": f"{PATIENCE}s"}
    address = folder / "scheduler.json"

    def start(program, *options):
        with open(folder / f"{program}.log", "a") as log:
            return subprocess.Popen(
                [sys.executable, "-B", "-m", f"distributed.cli.{program}", "--host", "127.0.0.1",
                 "--scheduler-file", address, "--no-dashboard", *options],
                env=environment, cwd=folder, stdout=log, stderr=log)

    started = [start("dask_scheduler", "--port", "0")]
    workers = {}
    try:
        for _ in range(3):
            worker = start("dask_worker", "--nthreads", "1", "--no-nanny", "--memory-limit", "1GB")
            started.append(worker)
            workers[worker.pid] = worker
        deadline = time.monotonic() + PATIENCE
        while not address.exists():
            assert time.monotonic() < deadline and started[0].poll() is None, "no scheduler"
            time.sleep(0.05)
        with dask.Client(scheduler_file=str(address), timeout=PATIENCE) as client:
            client.wait_for_workers(3, timeout=PATIENCE)
            yield client, workers
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Pictures and depth of 160 x 120 and 40 x 30, each another part of the room, and what the
    command makes of them."""
    folder = tmp_path_factory.mktemp("frames")
    rgb = np.asarray(Image.open(ROOT / "examples/room_rgb.png"))
    depth = np.asarray(Image.open(ROOT / "examples/room_depth.png")).astype(np.uint16)
    for name in ("rgb", "depth"):
        (folder / name).mkdir()
    for i in range(FRAMES):
        x, y = 16 * i, 8 * i
        Image.fromarray(rgb[y:y + 120, x:x + 160]).save(folder / f"rgb/{i:03}.png")
        part = depth[y // 8:y // 8 + 15, x // 8:x // 8 + 20].copy()
        part[2, 3:5] = 0
        Image.fromarray(part).save(folder / f"depth/{i:03}.png")
    subprocess.run([os.environ["DKN_COMMAND"], "upsample", folder / "rgb", folder / "depth", "-o",
                    folder / "expected", "--confidence", folder / "trust"], check=True)
    return folder


def contents(folder):
    return {path.name: path.read_bytes() for path in pathlib.Path(folder).glob("*.png")}


def stamps(folder):
    return {path.name: path.stat().st_mtime_ns for path in pathlib.Path(folder).glob("*.png")}


def test_a_worker_that_is_killed_half_way_changes_nothing(processes, folders, tmp_path):
    client, workers = processes
    killed = []

    def progress(done, total):
        assert total == FRAMES
        if not killed and done >= FRAMES // 3:
            busy = [name for name, tasks in client.processing().items() if tasks]
            killed.append(client.run(os.getpid, workers=busy[:1])[busy[0]])
            os.kill(killed[0], signal.SIGKILL)
            workers[killed[0]].wait()

    # What a worker leaves that ends within a file.
    (tmp_path / "out").mkdir()
    (tmp_path / "out/003.png.12345.tmp").write_bytes(b"half")
    (tmp_path / "out/mine.1.tmp").write_bytes(b"another's")
    done = dkn.distributed.upsample_dataset(
        (folders / "rgb", folders / "depth"), tmp_path / "out", client,
        confidence=tmp_path / "trust", chunk=2, progress=progress)
    assert killed and len(client.nthreads()) == 2
    assert (done.frames, done.failures) == (FRAMES, ())
    assert done.made + done.made_before == FRAMES
    assert done.choices[0][0] == "fdkn_x8"
    assert contents(tmp_path / "out") == contents(folders / "expected")
    assert contents(tmp_path / "trust") == contents(folders / "trust")
    assert [path.name for path in (tmp_path / "out").glob("*.tmp")] == ["mine.1.tmp"]


def test_finished_frames_stay_and_others_are_made(processes, folders, tmp_path):
    client, _ = processes
    out = tmp_path / "out"
    files = [(folders / f"rgb/{i:03}.png", folders / f"depth/{i:03}.png") for i in range(6)]
    first = dkn.distributed.upsample_dataset(files[:4], out, client, method="bicubic")
    assert (first.made, first.made_before, sum(first.workers.values())) == (4, 0, 4)
    before = stamps(out)
    (out / "002.png").unlink()
    calls = []
    second = dkn.distributed.upsample_dataset(files, out, client, method="bicubic", threads=2,
                                              progress=lambda *count: calls.append(count))
    assert (second.frames, second.made, second.made_before) == (6, 3, 3)
    assert calls[-1] == (6, 6)
    after = stamps(out)
    assert {name for name in after if after[name] != before.get(name)} == {
        "002.png", "004.png", "005.png"}
    with pytest.raises(dkn.Error, match="method was 'bicubic' and is 'guided'"):
        dkn.distributed.upsample_dataset(files, out, client, method="guided")


def test_failures_are_listed_with_their_reasons(processes, folders, tmp_path):
    client, _ = processes
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    depth = (folders / "depth/000.png").read_bytes()
    (tmp_path / "a/000.png").write_bytes(depth)
    (tmp_path / "b/000.png").write_bytes(depth[:50])
    rgb = folders / "rgb/000.png"
    pairs = [(rgb, tmp_path / "b/000.png"), (rgb, tmp_path / "a/000.png"),
             (tmp_path / "none.png", folders / "depth/001.png")]
    with pytest.raises(dkn.Error, match="two files of results"):
        dkn.distributed.upsample_dataset(pairs, tmp_path / "out", client)
    with pytest.warns(dkn.DataWarning, match="2 of 3 frames failed"):
        done = dkn.distributed.upsample_dataset(pairs, tmp_path / "out", client, root="/")
    assert [target for target, _ in done.failures] == [str(tmp_path / "b/000.png"),
                                                       str(folders / "depth/001.png")]
    assert "none.png" in done.failures[1][1] and done.made == 1
    made = tmp_path / "out" / (tmp_path / "a/000.png").relative_to("/")
    assert made.read_bytes() == contents(folders / "expected")["000.png"]
    with pytest.raises(dkn.ArgumentError, match="for arrays"):
        dkn.distributed.upsample_dataset(pairs, tmp_path / "out", client, order="bgr")
    with pytest.raises(dkn.MethodError):
        dkn.distributed.upsample_dataset(pairs, tmp_path / "other", client, method="no_such")


def test_a_method_is_made_once(monkeypatch):
    made = []

    class Session:
        def __init__(self, setup):
            made.append(setup)

    for setup in ({"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}):
        _dask.session("test", setup, Session)
    assert made == [{"a": 1}, {"a": 2}]


class Scripted:
    """Stands for a client whose workers end with chunks that hold a certain item."""

    def __init__(self, bad):
        self.bad, self.most, self.open = bad, 0, 0

    def nthreads(self):
        return {"a": 1, "b": 1}

    def cancel(self, futures):
        assert not futures

    def submit(self, work, setup, piece, pure):
        self.open += 1
        self.most = max(self.most, self.open)
        return Future(self, piece)


class Future:
    def __init__(self, client, piece):
        self.client, self.piece, self.key = client, piece, str(piece)

    def result(self):
        if self.client.bad in self.piece:
            raise dask.scheduler.KilledWorker("task", None, 3)
        return list(self.piece), "a"


class Completed(list):
    add = list.append

    def __next__(self):
        future = self.pop(0)
        future.client.open -= 1
        return future


def test_what_ends_each_worker_is_lost_alone_and_chunks_in_flight_are_few(monkeypatch):
    monkeypatch.setattr(_dask, "as_completed", Completed)
    client, kept, lost = Scripted(7), [], []
    collector = _dask.Collector(
        20, None, lambda items, result, worker: kept.extend(result), lost.append)
    _dask.distribute(client, None, {}, range(20), 3, collector)
    assert (sorted(kept), lost, client.most) == ([i for i in range(20) if i != 7], [7], 4)


def test_evaluations_share_their_results_with_the_command(processes, tmp_path):
    client, _ = processes
    command = os.environ["DKN_COMMAND"]
    subprocess.run([command, "synth", "-o", tmp_path / "set/rooms", "--count", "2", "--width", "160",
                    "--height", "120", "--scale", "4"], check=True, stdout=subprocess.DEVNULL)
    experiment = json.loads((ROOT / "experiments/rooms.json").read_text())
    experiment["protocol"]["scale"] = [4]
    experiment["methods"] = [{"label": name, "filter": name} for name in ("bicubic", "no_such")]
    path = tmp_path / "experiment.json"
    path.write_text(json.dumps(experiment))
    results = tmp_path / "results.jsonl"

    def evaluated():
        with pytest.warns(dkn.DataWarning, match="no_such"):
            return dkn.distributed.evaluate(path, tmp_path / "set", client, results=results, chunk=1)

    here = [evaluated()]
    lines = results.read_bytes()
    assert len(lines.splitlines()) == 2
    done = subprocess.run([command, "eval", path, "--data", "set", "--results", results, "--json",
                           "rows.json"], cwd=tmp_path, capture_output=True, text=True)
    assert results.read_bytes() == lines  # the command measured nothing
    results.unlink()
    subprocess.run([command, "eval", path, "--data", "set", "--results", results], cwd=tmp_path,
                   capture_output=True)
    of_command = results.read_bytes()
    assert sorted(of_command.splitlines()) == sorted(lines.splitlines())
    here.append(evaluated())
    assert results.read_bytes() == of_command
    with pytest.warns(dkn.DataWarning):
        one = dkn.evaluate(path, tmp_path / "set")
    for result in here:
        assert result == one
        assert result.markdown == done.stdout
        assert result.rows == json.loads((tmp_path / "rows.json").read_text())


def test_an_image_that_fails_is_a_problem_of_the_evaluation(processes, tmp_path):
    client, _ = processes
    subprocess.run([os.environ["DKN_COMMAND"], "synth", "-o", tmp_path / "set/rooms", "--count", "2",
                    "--width", "160", "--height", "120", "--scale", "4"], check=True,
                   stdout=subprocess.DEVNULL)
    damaged = sorted((tmp_path / "set/rooms").rglob("*.png"))[-1]
    damaged.write_bytes(damaged.read_bytes()[:100])
    experiment = json.loads((ROOT / "experiments/rooms.json").read_text())
    experiment["protocol"]["scale"] = [4]
    experiment["methods"] = [{"label": "bicubic", "filter": "bicubic"}]
    calls = []
    with pytest.warns(dkn.DataWarning, match=damaged.name):
        result = dkn.distributed.evaluate(experiment, tmp_path / "set", client,
                                          progress=lambda *count: calls.append(count))
    with pytest.warns(dkn.DataWarning):
        assert result == dkn.evaluate(experiment, tmp_path / "set")
    assert result.problems and calls[-1] == (2, 2)
