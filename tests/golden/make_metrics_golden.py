#!/usr/bin/python3
"""Writes metrics.json: small images and what metrics make of them, for the tests of src/eval.

SSIM and PSNR by scikit-image; the weighted F-measure from the formulas of Margolin, Zelnik-Manor
and Tal (CVPR 2014) and the RMSE by depth edges from the rule of src/eval/depth_edges.h, both on
functions of scipy.ndimage. Needs Debian's python3-skimage, python3-scipy and python3-numpy. Made
with scikit-image 0.19.3, SciPy 1.10.1 and NumPy 1.24.2.
"""
import json
import pathlib

import numpy
from scipy import ndimage
from skimage.metrics import peak_signal_noise_ratio, structural_similarity


def encode(image, divisor):
    """Integers, row by row and channel by channel, to be divided by `divisor`; null: unknown."""
    planes = image if image.ndim == 2 else numpy.moveaxis(image, 2, 0)
    return [None if numpy.isnan(v) else round(v * divisor) for v in planes.ravel()]


def case(result, truth, divisor, **values):
    height, width = truth.shape[:2]
    return {"width": width, "height": height,
            "channels": 1 if truth.ndim == 2 else truth.shape[2], "divisor": divisor,
            "result": encode(result, divisor), "truth": encode(truth, divisor), **values}


def gray_pair(random, height, width, channels=0):
    """Grey levels in steps of 1/8: a ramp with a step in it, and the same blurred and noisy."""
    y, x = numpy.mgrid[:height, :width]
    truth = 60 + 3.0 * x + 2.0 * y + 80 * (x > width // 2)
    if channels:
        truth = numpy.stack([truth - 20 * c for c in range(channels)], axis=2)
    blurred = ndimage.uniform_filter(truth, (3, 3, 1)[:truth.ndim])
    result = blurred + random.normal(0, 6, truth.shape)
    return numpy.round(result * 8) / 8, numpy.round(truth * 8) / 8


def ssim(result, truth, peak):
    """The mean over windows inside the image that hold no unknown value."""
    unknown = numpy.isnan(truth)
    _, similarity = structural_similarity(
        numpy.where(unknown, 0, result), numpy.where(unknown, 0, truth), gaussian_weights=True,
        sigma=1.5, use_sample_covariance=False, data_range=peak, full=True,
        channel_axis=2 if truth.ndim == 3 else None)
    touched = ndimage.maximum_filter(unknown, (11, 11, 1)[:truth.ndim])
    inside = (slice(5, -5), slice(5, -5))
    return float(similarity[inside][~touched[inside]].mean())


def similarity_cases(random):
    cases = []
    for height, width, channels, peak, holes in [
            (11, 11, 0, 255, 0), (17, 24, 0, 255, 0), (17, 24, 0, 181.5, 0), (14, 13, 3, 255, 0),
            (30, 29, 0, 255, 3), (16, 18, 3, 255, 2)]:
        result, truth = gray_pair(random, height, width, channels)
        for _ in range(holes):
            truth[random.integers(height), random.integers(width // 2)] = numpy.nan
        known = ~numpy.isnan(truth)
        psnr = peak_signal_noise_ratio(truth[known], result[known], data_range=peak)
        cases.append(case(result, truth, 8, peak=peak, ssim=ssim(result, truth, peak),
                          psnr=float(psnr)))
    return cases


def nearest_foreground(foreground):
    """Distance to, and row and column of, the nearest pixel; of several the first by columns."""
    distance = ndimage.distance_transform_edt(~foreground)
    columns, rows = numpy.nonzero(foreground.T)
    y, x = numpy.mgrid[:foreground.shape[0], :foreground.shape[1]]
    squares = (y[..., None] - rows) ** 2 + (x[..., None] - columns) ** 2
    first = numpy.argmax(squares == numpy.rint(distance ** 2)[..., None], axis=2)
    assert (numpy.take_along_axis(squares, first[..., None], 2)[..., 0] ==
            numpy.rint(distance ** 2)).all()
    return distance, rows[first], columns[first]


def weighted_f(result, truth):
    """The paper's formulas with beta = 1; the window as in the authors' program."""
    unknown = numpy.isnan(truth)
    foreground = numpy.where(unknown, 0, truth) > 0.5
    error = numpy.abs(numpy.clip(result, 0, 1) - foreground)
    distance, rows, columns = nearest_foreground(foreground)
    offset = numpy.arange(-3, 4)
    window = numpy.exp(-(offset[:, None] ** 2 + offset ** 2) / (2 * 5.0 ** 2))
    dependent = ndimage.correlate(error[rows, columns], window / window.sum(), mode="constant")
    weighted = numpy.where(foreground, numpy.minimum(error, dependent),
                           error * (2 - numpy.exp(numpy.log(0.5) / 5 * distance)))
    background = ~foreground & ~unknown
    hits = (1 - weighted[foreground]).sum()
    precision = hits / (hits + weighted[background].sum())
    recall = hits / (hits + weighted[foreground].sum())
    return float(2 * precision * recall / (precision + recall))


def foreground_cases(random):
    y, x = numpy.mgrid[:20, :25]
    masks = [
        (x > 6) & (x < 17) & (y > 4) & (y < 13),
        (x - 12) ** 2 + (y - 9) ** 2 < 40,
        (x < 5) | ((x > 18) & (y > 14)),  # at the image's border, in two parts
        random.random(x.shape) < 0.05,  # single pixels, many of them equally near
        (x == 12) & (y == 10),
        x >= 0,
    ]
    cases = []
    for index, mask in enumerate(masks):
        truth = mask.astype(float)
        result = ndimage.gaussian_filter(truth, 2) + random.normal(0, 0.1, truth.shape)
        result = numpy.round(result * 256) / 256
        if index % 2:
            truth[random.random(truth.shape) < 0.05] = numpy.nan
        cases.append(case(result, truth, 256, weighted_f=weighted_f(result, truth)))
    return cases


def near_edges(truth):
    low, high = numpy.nanmin(truth), numpy.nanmax(truth)
    at = numpy.zeros(truth.shape, bool)
    for axis in (0, 1):
        step = numpy.abs(numpy.diff(truth, axis=axis)) > 0.02 * (high - low)
        after = [(1, 0) if a == axis else (0, 0) for a in (0, 1)]
        before = [(0, 1) if a == axis else (0, 0) for a in (0, 1)]
        at |= numpy.pad(step, before) | numpy.pad(step, after)
    return ndimage.binary_dilation(at, numpy.ones((9, 9)))


def edge_cases(random):
    cases = []
    for holes in (0, 12):
        y, x = numpy.mgrid[:26, :34]
        truth = 0.5 * x + 100.0 * ((x - 12) ** 2 + (y - 12) ** 2 < 30) + 40.0 * (x + y > 52)
        result = numpy.round((truth + random.normal(0, 3, truth.shape)) * 8) / 8
        for _ in range(holes):
            truth[random.integers(26), random.integers(34)] = numpy.nan
        squares = (result - truth) ** 2
        near = near_edges(truth)
        cases.append(case(result, truth, 8, near=int(near.sum()),
                          rmse_edges=float(numpy.sqrt(numpy.nanmean(squares[near]))),
                          rmse_flat=float(numpy.sqrt(numpy.nanmean(squares[~near]))),
                          mae=float(numpy.nanmean(numpy.abs(result - truth)))))
    return cases


def main():
    random = numpy.random.default_rng(1)
    groups = {"similarity": similarity_cases(random), "foreground": foreground_cases(random),
              "edges": edge_cases(random)}
    text = ",\n".join(
        json.dumps(name) + ":[\n" +
        ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases) + "\n]"
        for name, cases in groups.items())
    path = pathlib.Path(__file__).with_name("metrics.json")
    path.write_text("{\n" + text + "\n}\n", encoding="ascii")


if __name__ == "__main__":
    main()
