"""What the package gives is what the command gives, bit for bit."""

import json
import os
import subprocess

import dkn
import numpy as np
import pytest
from conftest import ROOT


def metres(depth):
    return np.where(depth == 0, np.nan, depth / 1000).astype(np.float32)


CASES = [
    ((), {}),
    (("--model", "bicubic"), {"method": "bicubic"}),
    (("--holes", "keep"), {"holes": "keep"}),
    (("--holes", "measured", "--support", "0.8"), {"holes": "measured", "support": 0.8}),
    (("--invalid", "none"), {"invalid": "none"}),
    (("--invalid", "0,>5000", "--holes", "keep"), {"invalid": "0,>5000", "holes": "keep"}),
    (("--fidelity", "2"), {"fidelity": 2}),
    (("--hole-refinements", "0", "--precision", "fp32"), {"hole_refinements": 0, "precision": "fp32"}),
    (("--orientations", "4"), {"orientations": 4}),
    (("--place", "20,10,120,90"), {"place": (20, 10, 120, 90)}),
]


@pytest.mark.parametrize("options, arguments", CASES, ids=lambda case: " ".join(map(str, case)))
def test_upsample(command, rgb, depth, options, arguments):
    expected, _ = command("upsample", rgb, depth, *options)
    result = dkn.upsample(rgb, depth, **arguments)
    assert result.dtype == np.uint16
    np.testing.assert_array_equal(result, expected)


def test_floats_with_holes_and_a_mask(command, rgb, depth):
    target = metres(depth)
    mask = np.full(depth.shape, 255, np.uint8)
    mask[:5] = 0
    expected, _ = command("upsample", rgb, target, mask=mask)
    np.testing.assert_array_equal(dkn.upsample(rgb, target, mask=mask), expected)


def test_filter(command, rgb, depth):
    target = np.repeat(np.repeat(metres(depth), 4, 0), 4, 1)
    expected, _ = command("filter", rgb, target, "--iterations", "2")
    np.testing.assert_array_equal(dkn.filter(rgb, target, iterations=2), expected)


def test_texture_is_removed_where_guide_is_target(rgb, tmp_path):
    np.save(tmp_path / "picture.npy", rgb)
    subprocess.run([os.environ["DKN_COMMAND"], "filter", "picture.npy", "picture.npy", "-o",
                    "out.npy", "--iterations", "2"], cwd=tmp_path, check=True)
    expected = np.load(tmp_path / "out.npy")
    np.testing.assert_array_equal(dkn.filter(rgb, rgb, iterations=2), expected)
    bgr = rgb[..., ::-1]
    np.testing.assert_array_equal(dkn.filter(bgr, bgr, iterations=2, order="bgr")[..., ::-1],
                                  expected)


def test_depth_that_is_its_own_guide(depth, tmp_path):
    for name, target, options, arguments in (
            ("mm", depth, (), {}),
            ("kept", depth, ("--holes", "keep"), {"holes": "keep"}),
            ("metres", metres(depth), ("--iterations", "3"), {"iterations": 3})):
        np.save(tmp_path / "depth.npy", target)
        subprocess.run([os.environ["DKN_COMMAND"], "filter", "depth.npy", "depth.npy", "-o",
                        name + ".npy", *options], cwd=tmp_path, check=True)
        np.testing.assert_array_equal(dkn.filter(target, target, **arguments),
                                      np.load(tmp_path / (name + ".npy")))


def test_confidence(command, rgb, depth, tmp_path):
    target = metres(depth)
    command("upsample", rgb, target, "--confidence", tmp_path / "confidence.npy")
    up = dkn.Upsampler()
    up.guide = rgb
    out = up(target)
    np.testing.assert_array_equal(out.confidence, np.load(tmp_path / "confidence.npy"))
    assert out.holes == 13
    assert out.mask.shape == rgb.shape[:2] and out.mask.min() == 0 and out.mask.max() == 1


def test_cameras_as_a_dict_and_as_a_file(command, rgb, depth, tmp_path):
    view = {"fx": 40, "fy": 40, "cx": 19.5, "cy": 14.5}
    pair = {"depth": {"width": 40, "height": 30, **view},
            "color": {"width": 160, "height": 120, "fx": 160, "fy": 160, "cx": 79.5, "cy": 59.5},
            "depth_to_color": [1, 0, 0, 25, 0, 1, 0, 0, 0, 0, 1, 0]}
    path = tmp_path / "cameras.json"
    path.write_text(json.dumps(pair))
    expected, _ = command("upsample", rgb, depth, "--camera", path)
    np.testing.assert_array_equal(dkn.upsample(rgb, depth, camera=path), expected)
    np.testing.assert_array_equal(dkn.upsample(rgb, depth, camera=pair), expected)


def test_kernels(rgb, depth, tmp_path):
    target = metres(depth)
    np.save(tmp_path / "rgb.npy", rgb)
    np.save(tmp_path / "depth.npy", target)
    subprocess.run([os.environ["DKN_COMMAND"], "inspect", "rgb.npy", "depth.npy", "--at", "5,6",
                    "--model", "fdkn_x4", "--kernels", "kernels.npy"], cwd=tmp_path, check=True,
                   stdout=subprocess.DEVNULL)
    expected = np.load(tmp_path / "kernels.npy")
    kernels = dkn.kernels(rgb, target, method="fdkn_x4")
    assert kernels.shape == (120, 160, 9)
    for i, field in enumerate(("weight", "x", "y")):
        np.testing.assert_array_equal(kernels[field], expected[..., i])


def test_evaluate(tmp_path):
    subprocess.run([os.environ["DKN_COMMAND"], "synth", "-o", tmp_path / "set/rooms", "--count", "1",
                    "--width", "160", "--height", "120", "--scale", "4"], check=True, stdout=subprocess.DEVNULL)
    experiment = json.loads((ROOT / "experiments/rooms.json").read_text())
    experiment["protocol"]["scale"] = [4]
    experiment["methods"] = [{"label": "bicubic", "filter": "bicubic"}]
    path = tmp_path / "experiment.json"
    path.write_text(json.dumps(experiment))
    subprocess.run([os.environ["DKN_COMMAND"], "eval", path, "--data", tmp_path / "set", "--json",
                    "rows.json", "--markdown", "tables.md"], cwd=tmp_path, check=True,
                   stdout=subprocess.DEVNULL)
    for given in (experiment, path):
        result = dkn.evaluate(given, tmp_path / "set")
        assert result.rows == json.loads((tmp_path / "rows.json").read_text())
        assert result.markdown == (tmp_path / "tables.md").read_text()
        assert result.rows and not result.problems
    calls = []
    dkn.evaluate(path, tmp_path / "set", progress=lambda *count: calls.append(count))
    assert calls == [(1, 1)]

    def fail(done, total):
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        dkn.evaluate(path, tmp_path / "set", progress=fail)


def test_a_set_that_fails_is_a_problem_and_a_warning(tmp_path):
    experiment = json.loads((ROOT / "experiments/rooms.json").read_text())
    with pytest.warns(dkn.DataWarning):
        result = dkn.evaluate(experiment, tmp_path, limit=1)
    assert result.problems and not result.rows


def test_models_and_methods():
    assert {"fdkn_any", "fdkn_x8", "dkn_x8"} <= set(dkn.models())
    assert "guided" in dkn.methods() and all(dkn.methods().values())
