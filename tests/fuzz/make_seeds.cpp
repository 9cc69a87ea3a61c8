// Writes small good files for the fuzz targets to start from: make_fuzz_seeds SEEDS EXPERIMENTS.

#include <ImfChannelList.h>
#include <ImfFrameBuffer.h>
#include <ImfHeader.h>
#include <ImfMultiPartOutputFile.h>
#include <ImfOutputPart.h>
#include <ImfPartType.h>
#include <ImfTiledOutputPart.h>
#include <tiffio.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "dkn/image.h"
#include "dkn/io.h"
#include "src/net/safetensors.h"

namespace dkn {
namespace {

void WriteTensors(const std::string& folder) {
  TensorFile file;
  file.metadata["kind"] = "fdkn";
  file.tensors["a.weight"] = {{2, 1, 1, 1}, {0.5f, -1.0f}};
  file.tensors["a.bias"] = {{2}, {0.0f, 3.0f}};
  WriteSafetensors(folder + "/f32", file, StorageType::kF32);
  WriteSafetensors(folder + "/f16", file, StorageType::kF16);
  WriteSafetensors(folder + "/bf16", file, StorageType::kBF16);
  file.metadata = {{"network", "djf"}, {"stream_width", "2"}};
  WriteSafetensors(folder + "/rival", file, StorageType::kF16);
}

// Files of several parts: colours in rows and, smaller than its display window, depth in tiles.
void WriteParts(const std::string& path) {
  std::vector<Imf::Header> headers(2, Imf::Header(4, 3));
  for (const char* channel : {"R", "G", "B"}) {
    headers[0].channels().insert(channel, Imf::Channel(Imf::HALF));
  }
  headers[1].channels().insert("Z", Imf::Channel(Imf::UINT));
  headers[1].dataWindow() = Imath::Box2i(Imath::V2i(1, 1), Imath::V2i(2, 2));
  headers[1].setTileDescription(Imf::TileDescription(2, 1));
  for (std::size_t i = 0; i < headers.size(); ++i) {
    headers[i].setName(i == 0 ? "rgb" : "depth");
    headers[i].setType(i == 0 ? Imf::SCANLINEIMAGE : Imf::TILEDIMAGE);
  }
  Imf::MultiPartOutputFile file(path.c_str(), headers.data(), 2, false, 0);
  std::vector<std::uint32_t> zeros(100);
  Imf::FrameBuffer colours, depth;
  for (const char* channel : {"R", "G", "B"}) {
    colours.insert(channel, Imf::Slice::Make(Imf::HALF, zeros.data(), headers[0].dataWindow()));
  }
  depth.insert("Z", Imf::Slice::Make(Imf::UINT, zeros.data(), headers[1].dataWindow()));
  Imf::OutputPart rgb(file, 0);
  rgb.setFrameBuffer(colours);
  rgb.writePixels(3);
  Imf::TiledOutputPart tiles(file, 1);
  tiles.setFrameBuffer(depth);
  tiles.writeTiles(0, tiles.numXTiles() - 1, 0, tiles.numYTiles() - 1);
}

// 2 x 1 values of 0, of which a tag says that they are none.
void WriteMaps(const std::string& folder) {
  for (const std::string mode : {"w", "w8b"}) {
    for (const int bytes : {2, 4, 8}) {
      TIFF* const tiff =
          TIFFOpen((folder + "/" + mode + std::to_string(bytes)).c_str(), mode.c_str());
      const TIFFFieldInfo field{42113,        -1, -1, TIFF_ASCII,
                                FIELD_CUSTOM, 1,  0,  const_cast<char*>("nodata")};
      TIFFMergeFieldInfo(tiff, &field, 1);
      TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 2u);
      TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 1u);
      TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8 * bytes);
      TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, bytes == 8 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_INT);
      TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
      TIFFSetField(tiff, 42113, "0");
      std::uint64_t zeros[2] = {};
      TIFFWriteScanline(tiff, zeros, 0u);
      TIFFClose(tiff);
    }
  }
}

struct TiffLayout {
  int bits = 8;
  int samples = 1;
  int photometric = PHOTOMETRIC_MINISBLACK;
  int planar = PLANARCONFIG_CONTIG;
  int orientation = ORIENTATION_TOPLEFT;
};

// 2 x 1 pixels of other layouts, whose values are all 1 bits.
void WriteLayouts(const std::string& folder) {
  int number = 0;
  for (const TiffLayout& layout :
       {TiffLayout{1}, TiffLayout{4, 1, PHOTOMETRIC_MINISWHITE}, TiffLayout{8, 5},
        TiffLayout{16, 3, PHOTOMETRIC_RGB, PLANARCONFIG_SEPARATE},
        TiffLayout{8, 3, PHOTOMETRIC_RGB, PLANARCONFIG_CONTIG, ORIENTATION_RIGHTTOP}}) {
    TIFF* const tiff = TIFFOpen((folder + "/layout" + std::to_string(number++)).c_str(), "w");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 2u);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 1u);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, layout.bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, layout.samples);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, layout.photometric);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, layout.planar);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, layout.orientation);
    std::uint8_t ones[16];
    std::fill(std::begin(ones), std::end(ones), std::uint8_t{255});
    const int planes = layout.planar == PLANARCONFIG_SEPARATE ? layout.samples : 1;
    for (int plane = 0; plane < planes; ++plane) {
      TIFFWriteScanline(tiff, ones, 0u, static_cast<std::uint16_t>(plane));
    }
    TIFFClose(tiff);
  }
}

void WriteImages(const std::string& seeds) {
  for (const int channels : {1, 3}) {
    Image image(3, 2, channels);
    image(1, 1) = 7.0f;
    const std::string name = "/c" + std::to_string(channels);
    for (const std::string folder : {"/npy", "/npy_array"}) {
      WriteImage(seeds + folder + name + "u8.npy", image, SampleType::kUint8);
      WriteImage(seeds + folder + name + "u16.npy", image, SampleType::kUint16);
      WriteImage(seeds + folder + name + "f.npy", image, SampleType::kFloat32);
    }
    WriteImage(seeds + "/pfm" + name + ".pfm", image, SampleType::kFloat32);
    WriteImage(seeds + "/png" + name + "u8.png", image, SampleType::kUint8);
    WriteImage(seeds + "/png" + name + "u16.png", image, SampleType::kUint16);
    WriteImage(seeds + "/tiff" + name + "u8.tif", image, SampleType::kUint8);
    WriteImage(seeds + "/tiff" + name + "u16.tif", image, SampleType::kUint16);
    WriteImage(seeds + "/tiff" + name + "f.tif", image, SampleType::kFloat32);
    WriteImage(seeds + "/jpeg" + name + ".jpg", image, SampleType::kUint8);
    WriteImage(seeds + "/exr" + name + ".exr", image, SampleType::kFloat32);
  }
}

// Bytes from hexadecimal digits.
std::string FromHex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

// One deflated array of 1 x 2 pixels, a.npy, by Python's zipfile.
// 3 x 2 indices of 2 bits into a palette of 4 colours.
constexpr char kPalettePng[] =
    "89504e470d0a1a0a0000000d4948445200000003000000020203000000e01a8e890000000c504c54450000000000"
    "0000000000000035e937960000000c49444154789c639061380200011c00e1fb3a8a5f0000000049454e44ae4260"
    "82";

constexpr char kNpz[] =
    "504b03041400000008000000210047340bcc480000005200000005000000612e6e70799bec17ea1b10c9c8e0"
    "c650ad9e925a9c5ca46ea5a05e536aa8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416"
    "a402f91a863a0a469a3a0ab50a70c0c5ca0e00504b010214031400000008000000210047340bcc4800000052"
    "000000050000000000000000000000800100000000612e6e7079504b05060000000001000100330000006b00"
    "00000000";

// 3 x 2 pixels, by libwebp.
constexpr char kWebpLossless[] =
    "5249464630000000574542505650384c240000002f024000002f2010480c02d9df7089513987cafc27b6a1a66d03"
    "36d4f9975323fa1fd30b";
constexpr char kWebpLossy[] =
    "5249464634000000574542505650382028000000b001009d012a0300020002c04c25940274010ef7645000fe6ce1"
    "a3e211c5ea2d0a28a3f1185be000";

// The JPEG of WriteImages, with an orientation of 6.
void WriteTurned(const std::string& folder) {
  std::ifstream stream(folder + "/c1.jpg", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  bytes.insert(2, FromHex("ffe1002245786966000049492a000800000001001201030001000000060000000000"
                          "0000"));
  std::ofstream(folder + "/turned.jpg", std::ios::binary) << bytes;
}

void CopyFiles(const std::string& from, const std::string& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(from)) {
    if (entry.is_regular_file()) {
      std::filesystem::copy(entry.path(), folder,
                            std::filesystem::copy_options::overwrite_existing);
    }
  }
}

}  // namespace
}  // namespace dkn

int main(int, char** arguments) {
  const std::string seeds = arguments[1];
  for (const std::string target : {"safetensors",  "safetensors_layout",
                                   "architecture", "camera",
                                   "npy",          "npy_array",
                                   "npz",          "pfm",
                                   "pnm",          "bmp",
                                   "dpt",          "png",
                                   "jpeg",         "tiff",
                                   "exr",          "experiment",
                                   "manifest",     "results",
                                   "pack",         "training_config",
                                   "webp",         "raw_format",
                                   "packed_depth", "frame_list",
                                   "view_request", "invalid_values",
                                   "sweep",        "image_set",
                                   "classes"}) {
    std::filesystem::create_directories(seeds + "/" + target);
  }
  dkn::WriteTensors(seeds + "/safetensors");
  dkn::WriteImages(seeds);
  dkn::WriteTurned(seeds + "/jpeg");
  dkn::WriteMaps(seeds + "/tiff");
  dkn::WriteLayouts(seeds + "/tiff");
  dkn::WriteParts(seeds + "/exr/parts.exr");
  std::ofstream(seeds + "/png/palette.png", std::ios::binary) << dkn::FromHex(dkn::kPalettePng);
  std::ofstream(seeds + "/npz/one.npz", std::ios::binary) << dkn::FromHex(dkn::kNpz);
  for (const auto& [type, bytes] :
       {std::pair{">f8", 8}, {"<f8", 8}, {"<i4", 4}, {">u8", 8}, {"|b1", 1}}) {
    const std::string header =
        "{'descr': '" + std::string(type) + "', 'fortran_order': True, 'shape': (1, 2, 3), }";
    std::ofstream(seeds + "/npy/" + std::to_string(bytes) + type[0] + type[1], std::ios::binary)
        << "\x93NUMPY\x01" << std::string({0, static_cast<char>(header.size()), 0}) << header
        << std::string(6 * static_cast<std::size_t>(bytes), '\1');
  }
  std::ofstream(seeds + "/pnm/text") << "P3 # two\n2 1\n255\n1 2 3\n4 5 6\n";
  std::ofstream(seeds + "/pnm/bytes") << "P5 2 1 1023\n" << std::string({1, 2, 3, 4});
  std::ofstream(seeds + "/pnm/small") << "P6 1 1 255\nabc";
  std::ofstream(seeds + "/pnm/bits") << "P1 3 2\n101 0 1 0";
  std::ofstream(seeds + "/pnm/packed") << "P4 9 1\nab";
  // 1 x 1 pixels: what begins a file, its header, a palette of one colour, a pixel.
  for (const char bits : {1, 4, 8, 24, 32}) {
    const bool palette = bits <= 8;
    const char pixels = palette ? 58 : 54;
    std::ofstream(seeds + "/bmp/" + std::to_string(bits), std::ios::binary)
        << "BM" << std::string(8, '\0') << std::string({pixels, 0, 0, 0, 40, 0, 0, 0})
        << std::string({1, 0, 0, 0, 1, 0, 0, 0, 1, 0, bits, 0}) << std::string(16, '\0')
        << std::string({palette ? '\1' : '\0', 0, 0, 0, 0, 0, 0, 0})
        << std::string(palette ? 8 : 4, '\0');
  }
  std::ofstream(seeds + "/webp/lossless.webp", std::ios::binary)
      << dkn::FromHex(dkn::kWebpLossless);
  std::ofstream(seeds + "/webp/lossy.webp", std::ios::binary) << dkn::FromHex(dkn::kWebpLossy);
  std::ofstream(seeds + "/raw_format/both") << "8x6,grayf32be:32x24,bgr24\n" << std::string(8, 'a');
  std::ofstream(seeds + "/raw_format/yuv") << "1x1:3x3,nv12\n" << std::string(17, 'a');
  std::ofstream(seeds + "/raw_format/one") << "8x6\nabcdefgh";
  std::ofstream(seeds + "/invalid_values/all") << "0,65535,>8000,<=0.1,100..200,-3-4,nan";
  for (const std::string packing : {"depth16:0.5", "bits:3-15", "sunrgbd", "rgb24:1000", "carla",
                                    "mapbox", "terrarium", "tartanair"}) {
    std::ofstream(seeds + "/packed_depth/" + packing.substr(0, 4)) << packing << "\nabcdefgh";
  }
  std::ofstream(seeds + "/view_request/controls")
      << R"({"model": "guided", "holes": "keep", "invalid": "0,>9", "fidelity": 5})";
  std::ofstream(seeds + "/view_request/path") << "/a/%62.js?x=1";
  std::ofstream(seeds + "/frame_list/pairs") << "# two\n1.5 rgb/1.5.png 1.6 depth/1.6.png\n";
  std::ofstream(seeds + "/frame_list/times") << "1403636579763555584 rgb/a.png\n";
  // Depth of 1 x 1 pixels, 0.
  std::ofstream(seeds + "/dpt/one.dpt", std::ios::binary)
      << "PIEH" << std::string({1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0});
  std::ofstream(seeds + "/architecture/some")
      << R"({"kind": "dkn", "kernel_size": 5, "window": 9, "grid_scale": 0.9, "residual": false})";
  std::ofstream(seeds + "/classes/names") << "\3sky,road,tree";
  std::ofstream(seeds + "/classes/colours") << "\2128 0 255,1 2 3";
  std::ofstream(seeds + "/camera/both")
      << R"({"depth": {"width": 5, "height": 4, "fx": 5, "fy": 5.5, "cx": 2, "cy": 1.5},)"
      << R"( "color": {"width": 9, "height": 8, "fx": 7, "fy": 7, "cx": 4, "cy": 3},)"
      << R"( "depth_to_color": [0, -1, 0, 25, 1, 0, 0, -3.5, 0, 0, 1, 0]})";
  std::ofstream(seeds + "/manifest/two")
      << "guide,target,truth\na.png,b.png,c.png\n\"a, \"\"b\"\".png\",,c.png\n";
  std::ofstream(seeds + "/image_set/all")
      << "2007_000033\n2007_000042 -1\n/JPEGImages/a.jpg /SegmentationClassAug/a.png\n";
  std::ofstream(seeds + "/results/two")
      << R"({"key": "0f", "method": "m", "dataset": "d", "case": "", "image": "i", )"
      << R"("values": {"rmse": 2.5}})"
      << "\n"
      << R"({"key": "1e", "values": {}, "reliability": )"
      << R"({"by_confidence": [[0, 2, 3.5], [999, 1, 0]], "by_error": [[-640, 3, 3.5]]}})"
      << "\n"
      << R"({"key": "2d", "values": {}, "counts": {"mean_iou": [[0, 1, 2, 3], [9, 0, 4, 0]]}})"
      << "\n";
  // One pair of 2 x 1 pixels.
  std::ofstream(seeds + "/pack/one", std::ios::binary)
      << "DKNPACK1" << std::string({1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0}) << "rgbrgb"
      << "dddd";
  dkn::CopyFiles(arguments[2], seeds + "/experiment");
  dkn::CopyFiles(std::string(arguments[2]) + "/train", seeds + "/training_config");
  dkn::CopyFiles(std::string(arguments[2]) + "/train", seeds + "/sweep");
  return 0;
}
