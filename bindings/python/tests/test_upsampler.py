"""The Upsampler: frames, threads, warnings, errors."""

import logging
import multiprocessing
import os
import pickle
import signal
import threading
import time
import warnings

import dkn
import numpy as np
import pytest


def test_frames_and_guides(rgb, depth):
    up = dkn.Upsampler("fdkn_any", threads=2)
    with pytest.raises(dkn.ArgumentError, match="guide"):
        up(depth)
    up.guide = rgb
    assert up.guide is rgb
    first = up(depth).image
    np.testing.assert_array_equal(up(depth).image, first)
    up.guide = rgb[:60, :80]
    assert up(depth).image.shape == (60, 80)
    with pytest.raises(dkn.Error):
        up.guide = np.full((8, 8), np.nan, np.float32)
    assert up(depth).image.shape == (60, 80)  # the guide before stays
    up.guide = rgb
    up.free_memory()
    np.testing.assert_array_equal(up(depth).image, first)


@pytest.mark.filterwarnings("ignore::dkn.DataWarning")
def test_a_result(rgb, depth):
    up = dkn.Upsampler(confidence=False)
    up.guide = rgb
    out = up(np.maximum(depth, 1000))
    assert out.confidence is None
    assert out.mask.shape == (120, 160) and (out.mask == 1).all()
    assert (out.holes, out.wild_values, out.method) == (0, 0, "fdkn_any")
    assert any("used fdkn_any" in note for note in out.notes)
    assert [(name, ratio) for name, _, ratio in up.choices] == [("fdkn_any", 4.0)]
    assert "single points" in up.choices[0][1]


def test_threads_give_the_same_bits(rgb, depth):
    one = dkn.upsample(rgb, depth, threads=1)
    np.testing.assert_array_equal(dkn.upsample(rgb, depth, threads=3), one)


def test_several_threads(rgb, depth):
    frames = [np.where(depth > 0, depth + i, 0).astype(np.uint16) for i in range(6)]
    shared = dkn.Upsampler(threads=1)
    shared.guide = rgb
    expected = [shared(frame).image for frame in frames]
    results = {}

    def work(name, up):
        results[name] = [up(frame).image for frame in frames]

    siblings = [shared.sibling() for _ in range(2)]
    for sibling in siblings:
        sibling.guide = rgb
    workers = [threading.Thread(target=work, args=(i, up))
               for i, up in enumerate([shared, shared, *siblings])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(results) == 4
    for images in results.values():
        np.testing.assert_array_equal(images, expected)


def test_the_gil_is_free_meanwhile():
    """Another thread counts while a large frame is filtered."""
    up = dkn.Upsampler("dkn_x4", threads=1, precision="fp32")
    up.guide = np.zeros((160, 200, 3), np.uint8)
    target = np.random.default_rng(1).random((40, 50), np.float32)
    inside = threading.Event()
    steps = []

    def count():
        inside.wait()
        while inside.is_set():
            steps.append(time.monotonic())
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    inside.set()
    begin = time.monotonic()
    up(target)
    end = time.monotonic()
    inside.clear()
    counter.join()
    middle = [step for step in steps
              if begin + 0.25 * (end - begin) < step < end - 0.25 * (end - begin)]
    assert len(middle) > 3


def test_a_forked_process(rgb, depth):
    """multiprocessing's default on Linux: the threads of the parent are not there in the child."""
    expected = dkn.upsample(rgb, depth, threads=2)
    child = os.fork()
    if child == 0:
        same = np.array_equal(dkn.upsample(rgb, depth, threads=1), expected)
        os._exit(0 if same else 1)
    deadline = time.monotonic() + 60
    done, status = 0, 1
    while done == 0 and time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.01)
    if done == 0:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert done == child and status == 0


@pytest.mark.parametrize("change, arguments, text", [
    (lambda d: d.__setitem__((2, 3), 65535), {}, "1 value far from all others .*keep_wild_values=True"),
    (lambda d: d.__setitem__((slice(9), slice(9)), 20000), {}, "20000, far from all others.*invalid=\"0,20000\""),
], ids=["wild", "lone"])
def test_warnings(rgb, depth, change, arguments, text):
    target = depth.copy()
    change(target)
    with pytest.warns(dkn.DataWarning, match=text) as told:
        dkn.upsample(rgb, target, **arguments)
    assert told[0].filename == __file__


def test_warnings_of_shapes_labels_and_guides(rgb, depth):
    with pytest.warns(dkn.DataWarning, match="turned by a quarter"):
        dkn.upsample(rgb, np.ascontiguousarray(depth.T))
    labels = (depth > 3000).astype(np.uint16)
    with pytest.warns(dkn.DataWarning, match="0 counts as a value.*invalid=0"):
        dkn.upsample(rgb, labels)
    with pytest.warns(dkn.DataWarning, match="the guide: ") as told:
        dkn.upsample(rgb.astype(np.uint16) * 4, depth)
    assert told[0].filename == __file__


def test_each_kind_of_warning_once_a_stream(rgb, depth):
    up = dkn.Upsampler("bicubic")
    up.guide = rgb
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        outs = []
        for i in range(3):
            target = depth.copy()
            target[2, 3 + i] = 60000 + i
            outs.append(up(target))
    assert len(told) == 1
    assert all(any("far from all" in note for note in out.notes) for out in outs)


def test_what_is_usual_is_logged(rgb, depth, caplog):
    with caplog.at_level(logging.INFO, "dkn"), warnings.catch_warnings():
        warnings.simplefilter("error")
        dkn.upsample(rgb, depth)
    text = caplog.text
    assert "0 counts as a hole: 1.08 % of the pixels" in text
    assert "4x: used fdkn_any (its values are of single points" in text


@pytest.mark.parametrize("arguments, kind, text", [
    ({"method": "fdkn_x9"}, dkn.MethodError, "no method or model is named 'fdkn_x9'"),
    ({"threads": -1}, dkn.ArgumentError, "threads is -1"),
    ({"threads": 100000}, dkn.ArgumentError, "expected 0 to 1024"),
    ({"precision": "fp64"}, dkn.Error, "fp64"),
    ({"orientations": 3}, dkn.ArgumentError, "3 orientations, expected 1, 2, 4 or 8"),
    ({"holes": "leave"}, dkn.Error, "leave"),
    ({"invalid": "0,near"}, dkn.ArgumentError, "'near'"),
    ({"invalid": 70000}, dkn.ArgumentError, "70000"),
    ({"order": "rbg"}, dkn.ArgumentError, "'rbg'"),
    ({"place": (0, 0, 500, 500)}, dkn.Error, "place"),
    ({"soft_mask": True, "mask_at_least": 2}, dkn.ArgumentError, "not both"),
    ({"max_memory": 1}, dkn.OutOfMemory, r"\(max_memory\) of 1 MB"),
    ({"max_memory": -1}, dkn.ArgumentError, "-1 MB"),
    ({"camera": {"depth": 1}}, dkn.Error, "depth"),
    ({"camera": "nowhere.json"}, dkn.Error, "nowhere.json"),
], ids=str)
def test_errors(rgb, depth, arguments, kind, text):
    with pytest.raises(kind, match=text) as caught:
        dkn.upsample(rgb, depth, **arguments)
    assert isinstance(caught.value, (dkn.Error, ValueError))
    assert "--" not in str(caught.value)


@pytest.mark.filterwarnings("ignore::dkn.DataWarning")
def test_errors_of_images(rgb, depth):
    with pytest.raises(dkn.Error, match="160"):
        dkn.upsample(depth, rgb)  # the wrong way round
    with pytest.raises(dkn.Error, match="measured|hole"):
        dkn.upsample(rgb, np.full((30, 40), np.nan))
    with pytest.raises(dkn.Error, match="'rgb.png', a name"):
        dkn.upsample("rgb.png", depth)
    with pytest.raises(dkn.Error, match="one array"):
        dkn.upsample(rgb, rgb)
    with pytest.raises(TypeError, match="colour"):
        dkn.upsample(rgb, depth, colour=1)
    with pytest.raises(dkn.Error, match="kernel|one value|range"):
        dkn.kernels(rgb, np.ones((30, 40)))
    assert issubclass(dkn.OutOfMemory, MemoryError)


@pytest.mark.parametrize("invalid", [[0, 65535], np.uint16(0), np.array([0, 65535]), 0.0])
def test_invalid_numbers(rgb, depth, invalid):
    np.testing.assert_array_equal(dkn.upsample(rgb, depth, invalid=invalid),
                                  dkn.upsample(rgb, depth, invalid="0"))


@pytest.mark.parametrize("arguments", [{"threads": "2"}, {"holes": None}, {"step": "mm"}], ids=str)
def test_arguments_of_other_types(rgb, depth, arguments):
    name, = arguments
    with pytest.raises(TypeError, match=f"{name} is "):
        dkn.upsample(rgb, depth, **arguments)


def test_functions_know_all_arguments_of_the_upsampler():
    import inspect
    names = [name for name in inspect.signature(dkn.Upsampler).parameters if name[0] != "_"]
    of_upsample = inspect.signature(dkn.upsample).parameters
    assert set(names) - set(of_upsample) == {"confidence"}
    for name in set(of_upsample) & set(names):
        assert of_upsample[name].default == inspect.signature(dkn.Upsampler).parameters[name].default
    assert set(inspect.signature(dkn.filter).parameters) <= set(of_upsample) | {"iterations"}


def test_settings_are_those_of_the_command():
    rgb = np.random.default_rng(1).integers(0, 256, (48, 64, 3), np.uint8)
    depth = np.random.default_rng(2).integers(1000, 3000, (24, 32), np.uint16)
    plain = dkn.upsample(rgb, depth, method="guided")
    wide = dkn.upsample(rgb, depth, method="guided", settings={"radius": 1, "epsilon": 0.5})
    assert (plain != wide).any()
    with pytest.raises(dkn.Error, match="radius"):
        dkn.upsample(rgb, depth, settings={"radius": 1})
    with pytest.raises(dkn.MethodError, match="size"):
        dkn.filter(rgb, rgb, method="guided", settings={"size": 1})


def test_an_unknown_order_is_refused_everywhere():
    rgb = np.zeros((48, 64, 3), np.uint8)
    depth = np.full((24, 32), 1500, np.uint16)
    for call in (lambda: dkn.upsample(rgb, depth, order="gbr"),
                 lambda: dkn.filter(rgb, rgb, order="gbr"),
                 lambda: dkn.kernels(rgb, depth, order="gbr")):
        with pytest.raises(dkn.ArgumentError, match="gbr"):
            call()


def test_errors_travel_between_processes():
    error = pickle.loads(pickle.dumps(dkn.MethodError("text")))
    assert isinstance(error, dkn.MethodError) and str(error) == "text"


def test_nothing_measured_in_a_stream(rgb, depth):
    up = dkn.Upsampler(may_be_empty=True)
    up.guide = rgb
    out = up(np.zeros_like(depth))
    assert (out.image == 0).all() and (out.confidence == 0).all() and out.method == ""


def test_packed(rgb):
    metres = np.tile(np.linspace(1, 9, 40), (30, 1))
    codes = np.rint(metres / 1000 * (2**24 - 1)).astype(np.uint32)
    colours = np.stack([codes & 255, codes >> 8 & 255, codes >> 16], axis=-1).astype(np.uint8)
    result = dkn.upsample(rgb, colours, packed="carla")
    assert result.shape == (120, 160) and result.dtype == np.float32
    assert abs(result[60, 80] - 5) < 0.2


def test_progress(rgb, depth):
    shares = []
    seen = dkn.upsample(rgb, depth, method="rtv", progress=shares.append)
    assert len(shares) > 3 and shares == sorted(shares)
    assert 0 <= shares[0] and 0.5 < shares[-1] <= 1
    np.testing.assert_array_equal(seen, dkn.upsample(rgb, depth, method="rtv"))


def test_work_that_is_ended_leaves_the_upsampler_usable(rgb, depth):
    ends = []
    up = dkn.Upsampler("rtv", progress=lambda done: not ends)
    up.guide = rgb
    whole = up(depth).image
    ends.append(True)
    with pytest.raises(dkn.Error, match="cancelled"):
        up(depth)
    ends.clear()
    np.testing.assert_array_equal(up(depth).image, whole)

    def fail(done):
        raise KeyError("mine")
    with pytest.raises(KeyError, match="mine"):
        dkn.upsample(rgb, depth, method="rtv", progress=fail)
    with pytest.raises(TypeError, match="progress is 3"):
        dkn.upsample(rgb, depth, progress=3)


def test_an_interrupt_ends_the_work(rgb, depth):
    def interrupt(done):
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        dkn.upsample(rgb, depth, method="rtv", progress=interrupt)


@pytest.mark.parametrize("dtype", [bool, np.int8, np.int16, np.uint32, np.int64], ids=str)
def test_masks_of_any_integers_mean_the_same(rgb, depth, dtype):
    known = np.ones(depth.shape, bool)
    known[:, 3] = False
    largest = True if dtype is bool else np.iinfo(dtype).max
    mask = np.where(known, largest, 0).astype(dtype)
    for arguments in ({}, {"soft_mask": True}):
        expected = dkn.upsample(rgb, depth, mask=np.where(known, 255, 0).astype(np.uint8), **arguments)
        np.testing.assert_array_equal(dkn.upsample(rgb, depth, mask=mask, **arguments), expected)
    if np.issubdtype(dtype, np.signedinteger):
        np.testing.assert_array_equal(dkn.upsample(rgb, depth, mask=-known.astype(dtype)),
                                      dkn.upsample(rgb, depth, mask=known))


def test_a_progress_function_cannot_use_its_own_upsampler(rgb, depth):
    for use in (lambda up: up.free_memory(), lambda up: up.sibling(), lambda up: up(depth),
                lambda up: setattr(up, "guide", rgb)):
        up = dkn.Upsampler("mrf", progress=lambda done: use(up))
        up.guide = rgb
        with pytest.raises(dkn.ArgumentError, match="its progress function uses it"):
            up(depth)


def test_kernels_are_those_that_upsample_uses(rgb, depth):
    noisy = depth + np.random.default_rng(1).normal(0, 60, depth.shape)
    method = dkn.Upsampler()
    method.guide = rgb
    used = method(noisy).method
    np.testing.assert_array_equal(dkn.kernels(rgb, noisy), dkn.kernels(rgb, noisy, method=used))
    holed = depth.astype(np.float32)
    holed[4:8, 4:8] = np.nan
    masked = np.ma.masked_array(np.where(np.isnan(holed), 60000, holed), np.isnan(holed))
    np.testing.assert_array_equal(dkn.kernels(rgb, masked), dkn.kernels(rgb, holed))


def test_a_forked_process_works(rgb, depth):
    """OpenMP's threads of its parent are not there."""
    up = dkn.Upsampler("fdkn_x4", threads=2)
    up.guide = rgb
    expected = up(depth).image

    def work(queue):
        queue.put(up(depth).image)

    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    child = context.Process(target=work, args=(queue,))
    child.start()
    child.join(timeout=120)
    alive = child.is_alive()
    if alive:
        child.kill()
    assert not alive
    np.testing.assert_array_equal(queue.get(), expected)
