"""Arrays of every dtype and layout give what the plain one gives."""

import dkn
import numpy as np
import pytest
from dkn.lib import _dkn
from PIL import Image


@pytest.fixture(scope="module")
def sharp(rgb, depth):
    return dkn.upsample(rgb, depth)


def strided(array):
    """The same values with gaps between them."""
    wide = np.zeros((array.shape[0] * 2, array.shape[1] * 3, *array.shape[2:]), array.dtype)
    wide[::2, ::3] = array
    return wide[::2, ::3]


def in_records(array):
    """One field beside a byte: its distances are no multiples of its size."""
    records = np.zeros(array.shape, [("first", "u1"), ("values", array.dtype)])
    records["values"] = array
    return records["values"]


LAYOUTS = {
    "plain": lambda a: a,
    "fortran": np.asfortranarray,
    "negative strides": lambda a: np.ascontiguousarray(a[::-1, ::-1])[::-1, ::-1],
    "gaps": strided,
    "rows with gaps": lambda a: np.pad(a, [(0, 0), (0, 5)] + [(0, 0)] * (a.ndim - 2))[:, :-5],
    "big-endian": lambda a: a.astype(a.dtype.newbyteorder(">")),
    "a field of records": in_records,
    "unaligned": lambda a: np.frombuffer(b"x" + a.tobytes(), a.dtype, offset=1).reshape(a.shape),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.filterwarnings("error")
def test_layouts(rgb, depth, sharp, layout):
    make = LAYOUTS[layout]
    for guide, target in ((make(rgb), depth), (rgb, make(depth)), (make(rgb), make(depth))):
        guide, target = guide.view(), target.view()
        guide.flags.writeable = target.flags.writeable = False
        result = dkn.upsample(guide, target)
        np.testing.assert_array_equal(result, sharp)
        assert result.dtype == target.dtype and result.flags.writeable


@pytest.mark.parametrize("shape, axes", [
    ((30, 40, 1), (120, 160, 1)), ((1, 30, 40), (1, 120, 160)), ((1, 1, 30, 40), (1, 1, 120, 160)),
    ((1, 30, 40, 1), (1, 120, 160, 1))])
def test_axes_of_length_1_stay(rgb, depth, sharp, shape, axes):
    result = dkn.upsample(rgb, depth.reshape(shape))
    assert result.shape == axes
    np.testing.assert_array_equal(result.reshape(sharp.shape), sharp)


def test_channels_first(rgb, depth, sharp):
    planes = np.ascontiguousarray(np.moveaxis(rgb, 2, 0))
    np.testing.assert_array_equal(dkn.upsample(planes, depth), sharp)
    np.testing.assert_array_equal(dkn.upsample(planes[None], depth), sharp)
    small = rgb[::2, ::2]
    expected = dkn.upsample(rgb, small)
    result = dkn.upsample(rgb, np.ascontiguousarray(np.moveaxis(small, 2, 0)))
    assert result.shape == (3, 120, 160)
    np.testing.assert_array_equal(np.moveaxis(result, 0, 2), expected)


def test_bgr_and_alpha(rgb, depth, sharp):
    np.testing.assert_array_equal(dkn.upsample(rgb[..., ::-1], depth, order="bgr"), sharp)
    assert (dkn.upsample(rgb[..., ::-1], depth) != sharp).any()
    rgba = np.dstack([rgb, np.full(rgb.shape[:2], 7, np.uint8)])
    np.testing.assert_array_equal(dkn.upsample(rgba, depth), sharp)


@pytest.mark.parametrize("dtype", ["i2", "u4", "i4", "u8", "i8", ">i4"])
def test_other_integers_are_as_uint16(rgb, depth, sharp, dtype):
    result = dkn.upsample(rgb, depth.astype(dtype))
    assert result.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(result, sharp)


def test_integers_beyond_16_bits(rgb, depth):
    target = depth.astype(np.int32) * 100 - 70000
    with pytest.warns(dkn.DataWarning, match="do not all fit uint16"):
        result = dkn.upsample(rgb, target)
        expected = dkn.upsample(rgb, target.astype(np.float32))
    assert result.dtype == np.int32
    np.testing.assert_array_equal(result, np.rint(expected))


def test_integers_are_limited_to_their_dtype(rgb):
    target = np.full((30, 40), -128, np.int8)
    target[:, 20:] = 127
    with pytest.warns(dkn.DataWarning):
        result = dkn.upsample(rgb, target, method="bicubic")
    assert result.dtype == np.int8
    assert (result[:, :60] < 0).all() and (result[:, 100:] > 0).all()


def test_floats(rgb, depth):
    target = (depth / 1000).astype(np.float32)
    target[depth == 0] = np.nan
    expected = dkn.upsample(rgb, target)
    wide = dkn.upsample(rgb, target.astype(np.float64))
    assert wide.dtype == np.float64
    np.testing.assert_array_equal(wide, expected)
    if np.dtype(np.longdouble).itemsize > 8:
        assert dkn.upsample(rgb, target.astype(np.longdouble)).dtype == np.float64
    half = dkn.upsample(rgb, target.astype(np.float16))
    assert half.dtype == np.float16
    np.testing.assert_allclose(half, expected, rtol=2e-2)


def test_bool(rgb, depth):
    guide = rgb[..., 0] > 100
    np.testing.assert_array_equal(dkn.upsample(guide, depth),
                                  dkn.upsample(guide.astype(np.float32), depth))
    result = dkn.upsample(rgb, depth > 3000)
    assert result.dtype == np.bool_ and 0 < result.mean() < 1


def test_the_dtype_of_results(rgb, depth):
    metres = dkn.upsample(rgb, depth, dtype=np.float64)
    assert metres.dtype == np.float64 and 0.5 < metres.mean() < 10
    back = dkn.upsample(rgb, (depth / 1000).astype(np.float32), dtype="uint16", invalid=0)
    assert back.dtype == np.uint16 and 500 < back.mean() < 10000
    with pytest.raises(dkn.Error, match="int64"):
        dkn.upsample(rgb, depth, dtype=np.int64)


@pytest.mark.parametrize("dtype", [np.uint16, np.float32, np.float64, np.int32])
def test_masked_values_are_holes(rgb, depth, dtype):
    filled = np.where(depth == 0, 2500, depth).astype(dtype)
    masked = depth == 0
    plain = dkn.upsample(rgb, filled, mask=~masked, holes="keep")
    filled[masked] = 9  # what lies under the mask does not count
    result = dkn.upsample(rgb, np.ma.array(filled, mask=masked), holes="keep")
    assert isinstance(result, np.ma.MaskedArray) and result.dtype == dtype
    np.testing.assert_array_equal(result.data, plain)
    marked = np.isnan(plain) if plain.dtype.kind == "f" else plain == 0
    np.testing.assert_array_equal(result.mask, marked)
    assert 50 < result.mask.sum() < 500
    assert not dkn.upsample(rgb, np.ma.array(filled, mask=masked)).mask.any()


def test_masked_colours(rgb):
    small = np.ma.array(rgb[::4, ::4].copy(), mask=False)
    small[4:8, 5:9, 1] = np.ma.masked
    result = dkn.upsample(rgb, small, holes="keep")
    assert result.shape == (120, 160, 3)
    assert result.mask[22, 26].all() and not result.mask[60, 100].any()


def test_a_masked_array_and_a_mask_contradict(rgb, depth):
    with pytest.raises(dkn.ArgumentError, match="expected one of them"):
        dkn.upsample(rgb, np.ma.array(depth, mask=depth == 0), mask=depth > 0)


def test_frames_are_taken_where_they_lie(rgb, depth):
    planes = np.ascontiguousarray(np.moveaxis(rgb, 2, 0))
    for array in (rgb, depth, rgb[:, :50], rgb[5:9], rgb[::2], planes, planes[:, 3:, :50],
                  depth[None, :, :, None], rgb.astype(np.float32), depth.astype(np.float16)):
        assert not _dkn.is_copied(array), (array.shape, array.strides)
    for array in (rgb[:, ::2], rgb[::-1], rgb[..., ::-1], rgb[..., :2], np.asfortranarray(rgb),
                  depth.T, depth.astype(">u2"), depth.astype(np.int32), depth.astype(np.float64)):
        assert _dkn.is_copied(array), (array.shape, array.strides)


class Tensor:
    """As torch's: __array__, no buffer."""

    def __init__(self, array, grad=False):
        self.array, self.grad = array, grad

    def __array__(self, dtype=None):
        if self.grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return self.array


class Interface:
    """__array_interface__ alone."""

    def __init__(self, array):
        self.array = array
        self.__array_interface__ = array.__array_interface__


class Dlpack:
    """Dlpack alone, as of arrays of other libraries on the CPU."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, stream=None):
        return self.array.__dlpack__()

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


@pytest.mark.parametrize("wrap", [Tensor, Interface, Dlpack, memoryview], ids=lambda w: w.__name__)
def test_protocols(rgb, depth, sharp, wrap):
    """torch has __array__ and dlpack, Open3D's Image is a buffer, OpenCV's Mat is an array."""
    result = dkn.upsample(wrap(rgb), wrap(depth))
    assert type(result) is np.ndarray
    np.testing.assert_array_equal(result, sharp)


def test_the_reason_why_something_is_no_array(rgb, depth):
    with pytest.raises(dkn.Error, match="the target is no array: .*requires grad"):
        dkn.upsample(rgb, Tensor(depth, grad=True))


def test_torch(rgb, depth, sharp):
    torch = pytest.importorskip("torch")
    guide = torch.from_numpy(rgb).permute(2, 0, 1)[None]
    result = dkn.upsample(guide, torch.from_numpy(depth.astype(np.int32))[None, None])
    np.testing.assert_array_equal(result[0, 0], sharp)


def test_opencv(rgb, depth, sharp, tmp_path):
    cv2 = pytest.importorskip("cv2")
    Image.fromarray(rgb).save(tmp_path / "rgb.png")
    np.testing.assert_array_equal(
        dkn.upsample(cv2.imread(str(tmp_path / "rgb.png")), depth, order="bgr"), sharp)


def test_pillow(rgb, depth, sharp):
    guide = Image.fromarray(rgb)
    target = Image.fromarray(depth.astype(np.int32))  # mode I, as it opens PNG of 16 bits
    np.testing.assert_array_equal(dkn.upsample(guide, target), sharp)
    np.testing.assert_array_equal(dkn.upsample(guide.convert("RGBA"), target), sharp)
    palette = guide.convert("P")
    np.testing.assert_array_equal(dkn.upsample(palette, depth),
                                  dkn.upsample(palette.convert("RGB"), depth))


@pytest.mark.parametrize("target, text", [
    (np.zeros(5), r"\(5,\)"), (np.zeros((0, 4)), r"\(0, 4\)"), (np.zeros((2, 3, 4, 5)), "dimensions"),
    (np.zeros((4, 4), complex), "complex128"), (np.array([["a", "b"], ["c", "d"]]), "type <U1"),
    (np.zeros((4, 4), object), "object"), (None, "dimensions")])
def test_what_is_no_image(rgb, target, text):
    with pytest.raises(dkn.Error, match=text):
        dkn.upsample(rgb, target)
