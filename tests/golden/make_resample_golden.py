#!/usr/bin/python3
"""Writes resample.json: small float images resized by Pillow, for src/imaging/resample_test.cpp.

Needs Debian's python3-pil and python3-numpy. Made with Pillow 9.4.0.
"""
import json
import pathlib

import numpy
from PIL import Image

FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
# (width, height) from and to.
SIZES = [
    ((1, 1), (1, 1)),
    ((1, 1), (3, 2)),
    ((7, 5), (1, 1)),
    ((1, 9), (1, 4)),
    ((9, 1), (13, 1)),
    ((5, 4), (5, 4)),
    ((5, 4), (5, 9)),
    ((5, 4), (11, 4)),
    ((4, 3), (32, 24)),  # x8 up
    ((32, 24), (4, 3)),  # x8 down
    ((37, 21), (4, 2)),  # about x8, odd
    ((10, 7), (3, 5)),
    ((2, 2), (7, 15)),  # nearest: (i + 0.5) * scale is an integer, which rounding decides
    ((11, 6), (17, 13)),
    ((6, 19), (13, 8)),  # one axis up, the other down
]


def main():
    random = numpy.random.default_rng(1)
    cases = []
    for (width, height), size in SIZES:
        # Steps of 1/8: exact in float32 and short in the file.
        source = (random.integers(-80, 2048, (height, width)) / 8).astype(numpy.float32)
        image = Image.fromarray(source, mode="F")
        results = {name: numpy.asarray(image.resize(size, resample))
                   for name, resample in FILTERS.items()}
        cases.append({
            "from": [width, height],
            "to": list(size),
            "source": source.ravel().tolist(),
            # The shortest decimals that read back as the same float32.
            "results": {name: [float(str(v)) for v in result.ravel()]
                        for name, result in results.items()},
        })
    text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    path = pathlib.Path(__file__).with_name("resample.json")
    path.write_text("[\n" + text + "\n]\n", encoding="ascii")


if __name__ == "__main__":
    main()
