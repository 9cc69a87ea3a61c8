"""Image files as the tests write and read them, by the standard library alone."""

import array
import ast
import math
import struct
import sys
import zlib

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Picture:
    """Values row by row, the channels of a pixel together."""

    def __init__(self, width, height, channels, values):
        assert len(values) == width * height * channels
        self.width, self.height, self.channels = width, height, channels
        self.values = values

    @property
    def size(self):
        return self.width, self.height

    @classmethod
    def of(cls, width, height, function, channels=1):
        """Of the values function(x, y), or function(x, y, channel)."""
        if channels == 1:
            values = [function(x, y) for y in range(height) for x in range(width)]
        else:
            values = [function(x, y, c) for y in range(height) for x in range(width)
                      for c in range(channels)]
        return cls(width, height, channels, values)


def _chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I",
                                                                    zlib.crc32(kind + body))


def _png_header(width, height, bits, channels):
    color = {1: 0, 3: 2}[channels]
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0))


def png_bytes(picture, bits):
    row = picture.width * picture.channels
    kind = ">%d%s" % (row, {8: "B", 16: "H"}[bits])
    lines = b"".join(b"\0" + struct.pack(kind, *picture.values[y * row:(y + 1) * row])
                     for y in range(picture.height))
    return (PNG_SIGNATURE + _png_header(picture.width, picture.height, bits, picture.channels) +
            _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b""))


def png_of_size(width, height):
    """A PNG whose header promises that size and that has no pixel."""
    return PNG_SIGNATURE + _png_header(width, height, 8, 1) + _chunk(b"IEND", b"")


def _paeth(left, up, corner):
    guess = left + up - corner
    return min((abs(guess - left), 0, left), (abs(guess - up), 1, up),
               (abs(guess - corner), 2, corner))[2]


def _unfilter(kind, line, above, step):
    for i in range(len(line)):
        left = line[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        line[i] = (line[i] + (0, left, above[i], (left + above[i]) // 2,
                              _paeth(left, above[i], corner))[kind]) & 255


def read_png(path):
    """The picture, and its bits for each sample."""
    with open(path, "rb") as file:
        data = file.read()
    assert data.startswith(PNG_SIGNATURE), path
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8:at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(kind + body), path
        if kind == b"IHDR":
            width, height, bits, color, _, _, interlace = struct.unpack(">IIBBBBB", body)
            assert interlace == 0, path
            channels = {0: 1, 2: 3}[color]
        elif kind == b"IDAT":
            packed += body
        at += length + 12
    step = channels * bits // 8
    stride = width * step
    lines = zlib.decompress(packed)
    assert len(lines) == height * (stride + 1), path
    pixels, above = b"", bytes(stride)
    for y in range(height):
        start = y * (stride + 1)
        line = bytearray(lines[start + 1:start + 1 + stride])
        _unfilter(lines[start], line, above, step)
        pixels += line
        above = line
    values = array.array({8: "B", 16: "H"}[bits], pixels)
    if bits == 16 and sys.byteorder == "little":
        values.byteswap()
    return Picture(width, height, channels, values), bits


def npy_bytes(picture, kind="<f4"):
    shape = (picture.height, picture.width)
    if picture.channels > 1:
        shape += (picture.channels,)
    header = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    code = {"<f4": "f", "<f8": "d", "<u2": "H"}[kind]
    return (b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header +
            struct.pack("<%d%s" % (len(picture.values), code), *picture.values))


def read_npy(path):
    """A float32 array; what follows height and width are channels."""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:8] == b"\x93NUMPY\1\0", path
    length = struct.unpack_from("<H", data, 8)[0]
    header = ast.literal_eval(data[10:10 + length].decode())
    assert header["descr"] == "<f4" and not header["fortran_order"], header
    height, width, *rest = header["shape"]
    channels = math.prod(rest)
    count = width * height * channels
    assert len(data) == 10 + length + 4 * count, path
    return Picture(width, height, channels, struct.unpack_from("<%df" % count, data, 10 + length))
