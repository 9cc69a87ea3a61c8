#include "src/net/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <tuple>
#include <utility>

#include "dkn/error.h"
#include "src/core/test_files.h"

namespace dkn {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// A file of `header` and `data`; `length` is what it claims as the header's length.
std::vector<std::uint8_t> Bytes(const std::string& header, const std::string& data,
                                std::uint64_t length) {
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < 8; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(length >> 8 * i));
  }
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

std::vector<std::uint8_t> Bytes(const std::string& header, const std::string& data) {
  return Bytes(header, data, header.size());
}

// The message of the Error, or "accepted".
std::string ParseError(const std::vector<std::uint8_t>& bytes) {
  try {
    ParseSafetensors(bytes, "x.safetensors");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

std::string ParseError(const std::string& header, const std::string& data) {
  return ParseError(Bytes(header, data));
}

std::string Entry(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

class SafetensorsTest : public FolderTest {};

TensorFile Example() {
  TensorFile file;
  file.metadata = {{"task", "depth"}, {"note", "quotes \" and \xc3\xa9"}};
  // All of them are exact in every storage type.
  file.tensors["b.weight"] = {{2, 3}, {0.0f, -1.5f, 2.0f, 0.25f, -96.0f, 1.0f / 1024}};
  file.tensors["a.bias"] = {{1}, {7.0f}};
  file.tensors["scalar"] = {{}, {-0.5f}};
  file.tensors["empty"] = {{4, 0}, {}};
  return file;
}

class RoundTripTest : public SafetensorsTest, public testing::WithParamInterface<StorageType> {};

TEST_P(RoundTripTest, KeepsEverything) {
  const TensorFile file = Example();
  WriteSafetensors(Path("model"), file, GetParam());
  const TensorFile read = ReadSafetensors(Path("model"));
  EXPECT_EQ(read.metadata, file.metadata);
  EXPECT_EQ(read.tensors.size(), file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    EXPECT_EQ(read.tensors.at(name).shape, tensor.shape) << name;
    EXPECT_EQ(read.tensors.at(name).values, tensor.values) << name;
  }
  EXPECT_THAT(Names(), ElementsAre("model"));
}

TEST_P(RoundTripTest, IsDeterministicAndAligned) {
  WriteSafetensors(Path("one"), Example(), GetParam());
  WriteSafetensors(Path("two"), Example(), GetParam());
  const std::vector<std::uint8_t> bytes = Get(Path("one"));
  EXPECT_EQ(bytes, Get(Path("two")));
  EXPECT_EQ((bytes[0] | bytes[1] << 8) % 8, 0);
}

INSTANTIATE_TEST_SUITE_P(Types, RoundTripTest,
                         testing::Values(StorageType::kF32, StorageType::kF16, StorageType::kBF16));

// Each case: stored, value, what is read back.
class RoundingTest : public SafetensorsTest,
                     public testing::WithParamInterface<std::tuple<StorageType, float, float>> {};

TEST_P(RoundingTest, IsToNearestTiesToEven) {
  const auto [storage, value, expected] = GetParam();
  for (const float sign : {1.0f, -1.0f}) {
    TensorFile file;
    file.tensors["t"] = {{1}, {sign * value}};
    WriteSafetensors(Path("model"), file, storage);
    const float read = ReadSafetensors(Path("model")).tensors["t"].values[0];
    EXPECT_EQ(read, sign * expected) << value;
    EXPECT_EQ(std::signbit(read), sign < 0);
  }
}

// F16: 10 bits of mantissa, subnormal below 2^-14 in steps of 2^-24. BF16: 7 bits.
INSTANTIATE_TEST_SUITE_P(
    F16, RoundingTest,
    testing::Values(std::tuple(StorageType::kF16, 1.0f + 0x1p-11f, 1.0f),
                    std::tuple(StorageType::kF16, 1.0f + 0x3p-11f, 1.0f + 0x4p-11f),
                    std::tuple(StorageType::kF16, 1.0f + 0x1.1p-11f, 1.0f + 0x1p-10f),
                    std::tuple(StorageType::kF16, 2.0f - 0x1p-11f, 2.0f),
                    std::tuple(StorageType::kF16, 65519.0f, 65504.0f),
                    std::tuple(StorageType::kF16, 0x1p-14f, 0x1p-14f),
                    std::tuple(StorageType::kF16, 0x1p-14f - 0x1p-25f, 0x1p-14f),
                    std::tuple(StorageType::kF16, 0x3p-24f, 0x3p-24f),
                    std::tuple(StorageType::kF16, 0x3p-25f, 0x4p-25f),
                    std::tuple(StorageType::kF16, 0x1p-25f, 0.0f),
                    std::tuple(StorageType::kF16, 0x1.1p-25f, 0x1p-24f),
                    std::tuple(StorageType::kF16, 0x1p-140f, 0.0f)));
INSTANTIATE_TEST_SUITE_P(
    BF16, RoundingTest,
    testing::Values(std::tuple(StorageType::kBF16, 1.0f + 0x1p-8f, 1.0f),
                    std::tuple(StorageType::kBF16, 1.0f + 0x3p-8f, 1.0f + 0x4p-8f),
                    std::tuple(StorageType::kBF16, 1.0f + 0x1.1p-8f, 1.0f + 0x1p-7f),
                    std::tuple(StorageType::kBF16, 2.0f - 0x1p-8f, 2.0f),
                    std::tuple(StorageType::kBF16, 0x1.fep127f, 0x1.fep127f)));
INSTANTIATE_TEST_SUITE_P(F32, RoundingTest,
                         testing::Values(std::tuple(StorageType::kF32, 0.1f, 0.1f),
                                         std::tuple(StorageType::kF32, 0x1p-149f, 0x1p-149f)));

TEST_F(SafetensorsTest, EveryFiniteHalfSurvives) {
  std::string data;
  for (int bits = 0; bits < 0x10000; ++bits) {
    if ((bits & 0x7c00) != 0x7c00) {
      data += {static_cast<char>(bits), static_cast<char>(bits >> 8)};
    }
  }
  const std::string header = R"({"t":)" + Entry("F16", "[63488]", "[0,126976]") + "}";
  const TensorFile file = ParseSafetensors(Bytes(header, data), "x");
  const Tensor& tensor = file.tensors.at("t");
  EXPECT_EQ(tensor.values[1], 0x1p-24f);
  EXPECT_EQ(tensor.values[0x3c00], 1.0f);
  EXPECT_EQ(tensor.values[0x7bff], 65504.0f);
  EXPECT_TRUE(std::is_sorted(tensor.values.begin(), tensor.values.begin() + 0x7c00));
  WriteSafetensors(Path("model"), file, StorageType::kF16);
  const std::vector<std::uint8_t> written = Get(Path("model"));
  EXPECT_TRUE(std::equal(data.rbegin(), data.rend(), written.rbegin(),
                         [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; }));
}

TEST_F(SafetensorsTest, ReadsI8) {
  const std::string header = R"({"t":)" + Entry("I8", "[3]", "[0,3]") + "}";
  const TensorFile file = ParseSafetensors(Bytes(header, "\x80\xff\x7f"), "x");
  EXPECT_EQ(file.tensors.at("t").values, (std::vector<float>{-128.0f, -1.0f, 127.0f}));
}

TEST_F(SafetensorsTest, WriterRefuses) {
  const auto refused = [&](const std::string& name, const Tensor& tensor, StorageType storage) {
    TensorFile file;
    file.tensors[name] = tensor;
    std::string message = "accepted";
    try {
      WriteSafetensors(Path("model"), file, storage);
    } catch (const Error& error) {
      message = error.what();
    }
    EXPECT_THAT(Names(), IsEmpty());
    return message;
  };
  EXPECT_THAT(refused("t", {{1}, {kNan}}, StorageType::kF32), HasSubstr("'t'"));
  EXPECT_THAT(refused("t", {{1}, {kNan}}, StorageType::kBF16), HasSubstr("not finite"));
  EXPECT_THAT(refused("t", {{1}, {HUGE_VALF}}, StorageType::kF16), HasSubstr("not finite"));
  EXPECT_THAT(refused("t", {{1}, {65520.0f}}, StorageType::kF16), HasSubstr("not finite"));
  EXPECT_THAT(refused("t", {{1}, {1e38f}}, StorageType::kF16), HasSubstr("not finite"));
  EXPECT_THAT(refused("t", {{1}, {0x1.ffp127f}}, StorageType::kBF16), HasSubstr("not finite"));
  EXPECT_THAT(refused("t", {{2}, {1.0f}}, StorageType::kF32), HasSubstr("'t'"));
  EXPECT_THAT(refused("t", {{-1}, {}}, StorageType::kF32), HasSubstr("shape"));
  EXPECT_THAT(refused("__metadata__", {{1}, {1.0f}}, StorageType::kF32), HasSubstr("name"));
  EXPECT_THAT(refused("\xff", {{1}, {1.0f}}, StorageType::kF32), HasSubstr("UTF-8"));
  EXPECT_THAT(refused(std::string(1 << 20, 'a'), {{}, {1.0f}}, StorageType::kF32),
              HasSubstr("header"));
}

TEST_F(SafetensorsTest, FailedWriteKeepsTheOldFile) {
  WriteSafetensors(Path("model"), Example());
  const std::vector<std::uint8_t> before = Get(Path("model"));
  TensorFile bad;
  bad.tensors["t"] = {{1}, {kNan}};
  EXPECT_THROW(WriteSafetensors(Path("model"), bad), Error);
  TensorFile large;
  large.tensors["t"] = {{100000}, std::vector<float>(100000)};
  EXPECT_THAT(ErrorText([&] {
                const FullDisk full;
                WriteSafetensors(Path("model"), large);
              }),
              HasSubstr("model: cannot be written: File too large"));
  EXPECT_EQ(Get(Path("model")), before);
  EXPECT_THAT(Names(), ElementsAre("model"));
}

TEST_F(SafetensorsTest, FailedWriteLeavesNothing) {
  // A folder cannot be replaced: the temporary file has to go again.
  std::filesystem::create_directories(Path("occupied/inner"));
  EXPECT_THAT(ErrorText([&] { WriteSafetensors(Path("occupied"), Example()); }),
              HasSubstr("occupied: cannot be written"));
  EXPECT_THAT(ErrorText([&] { WriteSafetensors(Path("missing/model"), Example()); }),
              HasSubstr("missing/model: cannot be written"));
  EXPECT_THAT(Names(), ElementsAre("occupied"));
}

TEST_F(SafetensorsTest, ReaderNamesTheFile) {
  Put("empty", {});
  Put("short", {1, 2, 3});
  Put("huge", {});
  std::filesystem::resize_file(Path("huge"), kMaxSafetensorsFile + 1);  // sparse: takes no disk
  for (const auto& [name, reason] :
       {std::pair("empty", "is empty"), std::pair("short", "only 3 bytes"),
        std::pair("missing", "cannot be read"), std::pair("huge", "at most 1073741824"),
        std::pair(".", "is a folder")}) {
    EXPECT_THAT(ErrorText([&, path = Path(name)] { ReadSafetensors(path); }),
                AllOf(HasSubstr(Path(name)), HasSubstr(reason)));
  }
}

TEST(ParseSafetensors, RefusesEveryTruncationAndTrailingBytes) {
  const std::string header = R"({"__metadata__":{"k":"v"},"a":)" + Entry("F16", "[2]", "[0,4]") +
                             R"(,"b":)" + Entry("F32", "[1,1]", "[4,8]") + "}  ";
  const std::vector<std::uint8_t> bytes = Bytes(header, std::string(8, '\0'));
  ASSERT_EQ(ParseError(bytes), "accepted");
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const std::vector<std::uint8_t> part(bytes.begin(), bytes.begin() + length);
    EXPECT_THAT(ParseError(part), HasSubstr("x.safetensors: ")) << length;
  }
  std::vector<std::uint8_t> longer = bytes;
  longer.push_back(0);
  EXPECT_THAT(ParseError(longer), HasSubstr("holds 9 bytes of data, its header tells 8"));
}

TEST(ParseSafetensors, RefusesBadHeaderLengths) {
  for (const std::uint64_t length :
       {std::uint64_t{0}, std::uint64_t{kMaxSafetensorsHeader + 1}, std::uint64_t{1} << 32,
        std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    EXPECT_THAT(ParseError(Bytes("{}", "", length)), HasSubstr("expected 1 to 1048576")) << length;
  }
  EXPECT_THAT(ParseError(Bytes("{}", "", 3)), HasSubstr("ends inside its header"));
  EXPECT_EQ(ParseError("{}" + std::string(kMaxSafetensorsHeader - 2, ' '), ""), "accepted");
}

TEST(ParseSafetensors, RefusesBadJson) {
  for (const std::string header :
       {"[]", "null", "3", "{", "{}}", "{} x", " {}", "\xef\xbb\xbf{}", "{\"a\":1e999}", "{'a':1}",
        "{\"a\":{},}", "{\"\xff\":1}", "{\"a\n\":1}", "{}/**/"}) {
    EXPECT_THAT(ParseError(header, ""), HasSubstr("header is not a JSON object")) << header;
  }
  EXPECT_THAT(ParseError(std::string("{}\0", 3), ""), HasSubstr("not a JSON object"));
}

TEST(ParseSafetensors, RefusesDuplicateKeys) {
  const std::string entry = Entry("I8", "[0]", "[0,0]");
  EXPECT_THAT(ParseError(R"({"a":)" + entry + R"(,"a":)" + entry + "}", ""),
              HasSubstr("'a' twice"));
  EXPECT_THAT(ParseError(R"({"a":)" + entry + R"(,"\u0061":)" + entry + "}", ""),
              HasSubstr("'a' twice"));
  EXPECT_THAT(ParseError(R"({"__metadata__":{"k":"1","k":"2"}})", ""), HasSubstr("'k' twice"));
  EXPECT_THAT(ParseError(R"({"a":{"dtype":"I8","shape":[0],"shape":[0]}})", ""),
              HasSubstr("'shape' twice"));
}

TEST(ParseSafetensors, RefusesDeepNesting) {
  EXPECT_THAT(ParseError(R"({"a":)" + std::string(500000, '['), ""), HasSubstr("nests deeper"));
  EXPECT_THAT(ParseError(R"({"a":{"shape":[[1]]}})", ""), HasSubstr("nests deeper"));
  std::string objects;
  for (int i = 0; i < 100000; ++i) {
    objects += R"({"a":)";
  }
  EXPECT_THAT(ParseError(objects, ""), HasSubstr("nests deeper"));
}

TEST(ParseSafetensors, RefusesBadMetadata) {
  EXPECT_THAT(ParseError(R"({"__metadata__":{"k":3}})", ""), HasSubstr("'k' is not a string"));
  EXPECT_THAT(ParseError(R"({"__metadata__":{"k":null}})", ""), HasSubstr("'k' is not a string"));
  EXPECT_THAT(ParseError(R"({"__metadata__":["k"]})", ""), HasSubstr("not an object of strings"));
}

TEST(ParseStorageType, TakesItsNamesAlone) {
  EXPECT_EQ(ParseStorageType("f32"), StorageType::kF32);
  EXPECT_EQ(ParseStorageType("f16"), StorageType::kF16);
  EXPECT_EQ(ParseStorageType("bf16"), StorageType::kBF16);
  EXPECT_THROW(ParseStorageType("F32"), Error);
}

TEST(ParseSafetensors, RefusesBadEntries) {
  const auto refused = [](const std::string& entry) {
    return ParseError(R"({"a":)" + entry + "}", std::string(4, '\0'));
  };
  ASSERT_EQ(refused(Entry("F32", "[1]", "[0,4]")), "accepted");
  EXPECT_THAT(refused("[]"), HasSubstr("needs dtype"));
  EXPECT_THAT(refused(R"({"dtype":"F32","shape":[1]})"), HasSubstr("needs dtype"));
  EXPECT_THAT(refused(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1})"),
              HasSubstr("nothing else"));
  EXPECT_THAT(refused(R"({"dtype":3,"shape":[1],"data_offsets":[0,4]})"),
              HasSubstr("unknown dtype 3,"));
  for (const std::string type : {"F64", "I32", "f32", "", "BOOL"}) {
    EXPECT_THAT(refused(Entry(type, "[1]", "[0,4]")),
                HasSubstr("the unknown dtype \"" + type + "\", expected F32, F16, BF16 or I8"));
  }
  for (const std::string shape :
       {"1", "[-1]", "[1.0]", "[\"1\"]", "[null]", "[9223372036854775808]",
        "[18446744073709551616]", "{}", "[1,1,1,1,1,1,1,1,1]"}) {
    EXPECT_THAT(refused(Entry("F32", shape, "[0,4]")), HasSubstr("bad shape")) << shape;
  }
  for (const std::string offsets :
       {"0", "[0]", "[0,4,4]", "[-4,0]", "[0,4.0]", "[0,18446744073709551615]", "[\"0\",4]"}) {
    EXPECT_THAT(refused(Entry("F32", "[1]", offsets)), HasSubstr("bad data_offsets")) << offsets;
  }
  for (const std::string shape : {"[4294967296,4294967296]", "[9223372036854775807]",
                                  "[3,9223372036854775807,0]", "[2305843009213693952,2]"}) {
    EXPECT_THAT(refused(Entry("F32", shape, "[0,4]")), HasSubstr("overflows")) << shape;
  }
  for (const std::string offsets : {"[4,0]", "[0,3]", "[0,5]", "[0,0]", "[4,4]"}) {
    EXPECT_THAT(refused(Entry("F32", "[1]", offsets)), HasSubstr("do not span 4 bytes")) << offsets;
  }
}

TEST(ParseSafetensors, RefusesGapsAndOverlaps) {
  const auto refused = [](const std::string& a, const std::string& b) {
    return ParseError(R"({"a":)" + Entry("I8", "[2]", a) + R"(,"b":)" + Entry("I8", "[2]", b) + "}",
                      std::string(4, '\0'));
  };
  EXPECT_EQ(refused("[0,2]", "[2,4]"), "accepted");
  EXPECT_EQ(refused("[2,4]", "[0,2]"), "accepted");
  EXPECT_THAT(refused("[0,2]", "[0,2]"), HasSubstr("begins at byte 0 of the data, expected 2"));
  EXPECT_THAT(refused("[0,2]", "[1,3]"), HasSubstr("'b' begins at byte 1 of the data, expected 2"));
  EXPECT_THAT(refused("[0,2]", "[3,5]"), HasSubstr("begins at byte 3"));
  EXPECT_THAT(refused("[1,3]", "[3,5]"), HasSubstr("'a' begins at byte 1 of the data, expected 0"));
  EXPECT_THAT(refused("[0,2]", "[1000000000000,1000000000002]"), HasSubstr("expected 2"));
}

TEST(ParseSafetensors, RefusesValuesThatAreNotFinite) {
  const auto refused = [](const std::string& type, const std::string& value) {
    const std::string size = std::to_string(value.size());
    return ParseError(R"({"a":)" + Entry(type, "[1]", "[0," + size + "]") + "}", value);
  };
  const std::string zero(2, '\0');
  for (const std::string& value : {zero + "\x80\x7f", zero + "\x80\xff", zero + "\xc0\x7f"}) {
    EXPECT_THAT(refused("F32", value), HasSubstr("'a' has a value that is not finite, at 0"));
  }
  for (const std::string value : {"\x80\x7f", "\x81\x7f", "\x80\xff"}) {
    EXPECT_THAT(refused("BF16", value), HasSubstr("not finite"));
  }
  for (const std::string& value : {std::string("\0\x7c", 2), std::string("\1\x7c")}) {
    EXPECT_THAT(refused("F16", value), HasSubstr("not finite"));
  }
}

TEST(ParseSafetensors, MessagesCarryOnlyPrintableText) {
  const std::string name = R"(\u001b[2J)" + std::string(300, 'n') + "\xc3\xa9";
  const std::string message = ParseError("{\"" + name + "\":1}", "");
  EXPECT_THAT(message, AllOf(HasSubstr("'\\x1b[2Jnnn"), HasSubstr("...")));
  EXPECT_TRUE(
      std::all_of(message.begin(), message.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  EXPECT_LT(message.size(), 200u);
  EXPECT_THAT(ParseError("{\"secret\":", ""), Not(HasSubstr("secret")));
}

TEST(ParseSafetensors, ReadsTheReferenceFiles) {
  const std::filesystem::path directory = DKN_SOURCE_DIR "/../shared/reference";
  if (!std::filesystem::exists(directory)) {
    GTEST_SKIP() << directory << " is absent";
  }
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() != ".safetensors") {
      continue;
    }
    ++files;
    const TensorFile file = ReadSafetensors(entry.path());
    EXPECT_EQ(file.metadata.count("kernel_size"), 1u) << entry.path();
    const Tensor& bias = file.tensors.at("ImageKernel.conv1.bias");
    EXPECT_EQ(bias.shape, std::vector<std::int64_t>{32}) << entry.path();
  }
  EXPECT_EQ(files, 5);
}

}  // namespace
}  // namespace dkn
