"""Model files (docs/model_format.md) as the tests change them, by the standard library alone."""

import json
import os
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

    def join_streams(self):
        """The guide stream sees the target too, with the target stream's values for it."""
        self.metadata["streams"] = "one"
        guide = self._inputs("ImageKernel.conv1.weight")
        target = self._inputs("DepthKernel.conv1.weight")
        self._set_inputs("ImageKernel.conv1.weight", [a + b for a, b in zip(guide, target)])
        self.tensors = {name.replace("ImageKernel", "JointKernel"): tensor
                        for name, tensor in self.tensors.items() if name.startswith("ImageKernel")}
