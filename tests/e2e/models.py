"""Model files (docs/model_format.md) as the tests change them, by the standard library alone."""

import json
import os
import random
import struct

from command import ROOT


class Model:
    """`metadata`, and `tensors`: names to (dtype, shape, values' bytes)."""

    def __init__(self, data):
        length = struct.unpack_from("<Q", data)[0]
        header = json.loads(data[8:8 + length])
        self.metadata = header.pop("__metadata__", {})
        self.tensors = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            self.tensors[name] = (entry["dtype"], entry["shape"],
                                  data[8 + length + begin:8 + length + end])

    @classmethod
    def shipped(cls, name):
        with open(os.path.join(ROOT, "models", name + ".safetensors"), "rb") as file:
            return cls(file.read())

    @classmethod
    def djf(cls, width):
        """A rival's, of these channels and values at random; its metadata do not name it."""
        model, rng = cls.__new__(cls), random.Random(1)
        model.metadata, model.tensors = {}, {}
        half = width // 2
        layers = {"%s.conv%d" % (part, i + 1): shape
                  for part, inputs, last in (("guide", 3, 1), ("target", 1, 1), ("joint", 2, 1))
                  for i, shape in enumerate(((width, inputs, 9), (half, width, 1), (last, half, 5)))}
        for name, (outputs, inputs, kernel) in layers.items():
            count, deviation = outputs * inputs * kernel ** 2, (inputs * kernel ** 2) ** -0.5
            values = [rng.gauss(0, deviation) for _ in range(count)]
            model.tensors[name + ".weight"] = ("F32", [outputs, inputs, kernel, kernel],
                                               struct.pack("<%df" % count, *values))
            model.tensors[name + ".bias"] = ("F32", [outputs], bytes(4 * outputs))
        return model

    def bytes(self):
        header, data = {"__metadata__": self.metadata}, b""
        for name, (dtype, shape, values) in self.tensors.items():
            header[name] = {"dtype": dtype, "shape": shape,
                            "data_offsets": [len(data), len(data) + len(values)]}
            data += values
        text = json.dumps(header).encode()
        return struct.pack("<Q", len(text)) + text + data

    def _inputs(self, name):
        """A convolution's values, one list of inputs for each output."""
        _, (outputs, inputs, _, _), values = self.tensors[name]
        size = len(values) // (outputs * inputs)
        return [[values[(o * inputs + i) * size:(o * inputs + i + 1) * size]
                 for i in range(inputs)] for o in range(outputs)]

    def _set_inputs(self, name, rows):
        dtype, shape, _ = self.tensors[name]
        self.tensors[name] = (dtype, [shape[0], len(rows[0]), *shape[2:]],
                              b"".join(value for row in rows for value in row))

    def see_luma(self, inputs):
        """The guide stream's first layer keeps `inputs` of its inputs."""
        self.metadata["guide"] = "luma"
        rows = self._inputs("ImageKernel.conv1.weight")
        self._set_inputs("ImageKernel.conv1.weight", [row[:inputs] for row in rows])

    def sample_levels(self, levels, coarse_kernel_size):
        """The heads have outputs for more taps, each one of those that they have."""
        taps = int(self.metadata["kernel_size"]) ** 2
        more = (levels - 1) * coarse_kernel_size ** 2
        self.metadata.update(levels=str(levels), coarse_kernel_size=str(coarse_kernel_size))
        choices = random.Random(levels)
        for name in [name for name in self.tensors if ".conv_" in name]:
            dtype, shape, values = self.tensors[name]
            size = len(values) // shape[0]
            outputs = [values[i * size:(i + 1) * size] for i in range(shape[0])]
            outputs += choices.choices(outputs, k=shape[0] // taps * more)
            self.tensors[name] = (dtype, [len(outputs), *shape[1:]], b"".join(outputs))

    def see_measurement(self, target):
        """The target stream's first layer has 3 to 5 times its inputs, the new any of the old."""
        self.metadata["target"] = target
        more = {"measurement": 2, "noisy_measurement": 3, "correlated_noise": 4}[target]
        choices = random.Random(2)
        rows = self._inputs("DepthKernel.conv1.weight")
        self._set_inputs("DepthKernel.conv1.weight",
                         [row + choices.choices(row, k=more * len(row)) for row in rows])

    def join_streams(self):
        """The guide stream sees the target too, with the target stream's values for it."""
        self.metadata["streams"] = "one"
        guide = self._inputs("ImageKernel.conv1.weight")
        target = self._inputs("DepthKernel.conv1.weight")
        self._set_inputs("ImageKernel.conv1.weight", [a + b for a, b in zip(guide, target)])
        self.tensors = {name.replace("ImageKernel", "JointKernel"): tensor
                        for name, tensor in self.tensors.items() if name.startswith("ImageKernel")}
