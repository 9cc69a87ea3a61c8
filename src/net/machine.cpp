#include "src/net/machine.h"

#include <hwy/targets.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

#include "src/core/parallel_for.h"

namespace dkn {
namespace {

#ifdef __aarch64__
constexpr bool kArm = true;  // where oneDNN tells nothing of the processor
#else
constexpr bool kArm = false;
#endif

constexpr int kCopies = 6;  // the first is slower: it touches the memory
constexpr dnnl::memory::dim kProductSize = 2048;

template <typename Body>
double Seconds(const Body& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

dnnl::memory Zeros(const dnnl::memory::desc& desc, const dnnl::engine& engine) {
  dnnl::memory memory(desc, engine);
  std::memset(memory.get_data_handle(), 0, desc.get_size());
  return memory;
}

}  // namespace

Precision SupportedPrecision(Precision wanted) {
  const auto has = [set = static_cast<unsigned>(dnnl::get_effective_cpu_isa())](unsigned needed) {
    return (set & needed) == needed;  // an instruction set's number has the bits of all in it
  };
  if (kArm) {
    return Precision::kFp32;  // oneDNN's other layers are its reference there, slower than fp32
  }
  const bool supported = wanted == Precision::kFp32 ||
                         (wanted == Precision::kBf16 && has(dnnl_cpu_isa_avx512_core_bf16)) ||
                         (wanted == Precision::kInt8 &&
                          (has(dnnl_cpu_isa_avx512_core_vnni) || has(dnnl_cpu_isa_avx2_vnni)));
  return supported ? wanted : Precision::kFp32;
}

std::string InstructionSet() {
  if (kArm) {
    return "NEON";
  }
  switch (dnnl::get_effective_cpu_isa()) {
    case dnnl::cpu_isa::sse41:
      return "SSE41";
    case dnnl::cpu_isa::avx:
      return "AVX";
    case dnnl::cpu_isa::avx2:
      return "AVX2";
    case dnnl::cpu_isa::avx2_vnni:
      return "AVX2_VNNI";
    case dnnl::cpu_isa::avx512_core:
      return "AVX512_CORE";
    case dnnl::cpu_isa::avx512_core_vnni:
      return "AVX512_CORE_VNNI";
    case dnnl::cpu_isa::avx512_core_bf16:
      return "AVX512_CORE_BF16";
    case dnnl::cpu_isa::avx512_core_amx:
      return "AVX512_CORE_AMX";
    default:
      return "other";
  }
}

void KeepToInstructionSet() {
  [[maybe_unused]] static const bool kept = [] {
    const std::string set = InstructionSet();
    if (!kArm && !set.starts_with("AVX512")) {
      hwy::DisableTargets(HWY_AVX3 | HWY_AVX3_DL | (set.starts_with("AVX2") ? 0 : HWY_AVX2));
    }
    return true;
  }();
}

struct PeakProduct::Impl {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  dnnl::matmul product;
  dnnl::memory a;
  dnnl::memory b;
  dnnl::memory c;
};

PeakProduct::PeakProduct(Precision precision) : impl_(std::make_unique<Impl>()) {
  using Tag = dnnl::memory::format_tag;
  using Type = dnnl::memory::data_type;
  const bool int8 = precision == Precision::kInt8;
  const Type type = precision == Precision::kBf16 ? Type::bf16 : Type::f32;
  const dnnl::memory::desc plain({kProductSize, kProductSize}, int8 ? Type::u8 : type, Tag::ab);
  const dnnl::memory::desc packed({kProductSize, kProductSize}, int8 ? Type::s8 : type, Tag::any);
  const dnnl::matmul::primitive_desc description({plain, packed, plain}, impl_->engine);
  impl_->a = Zeros(plain, impl_->engine);
  impl_->b = Zeros(description.weights_desc(), impl_->engine);
  impl_->c = Zeros(plain, impl_->engine);
  impl_->product = dnnl::matmul(description);
  Gflops();  // the first run is slower: it touches the memory
}
PeakProduct::~PeakProduct() = default;

double PeakProduct::Gflops() const {
  const double seconds = Seconds([this] {
    impl_->product.execute(
        impl_->stream,
        {{DNNL_ARG_SRC, impl_->a}, {DNNL_ARG_WEIGHTS, impl_->b}, {DNNL_ARG_DST, impl_->c}});
    impl_->stream.wait();
  });
  return 2.0 * kProductSize * kProductSize * kProductSize / seconds * 1e-9;
}

double PeakMemoryGbps() {
  constexpr int kPieces = 256;
  constexpr std::size_t kPiece = std::size_t{1} << 19;
  std::vector<char> from(kPieces * kPiece, 1);
  std::vector<char> to(from.size());
  double seconds = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kCopies; ++i) {
    seconds =
        std::min(seconds, Seconds([&] {
                   ParallelFor(0, kPieces, [&](int piece) {
                     std::memcpy(to.data() + piece * kPiece, from.data() + piece * kPiece, kPiece);
                   });
                 }));
  }
  return 2.0 * static_cast<double>(from.size()) / seconds * 1e-9;
}

}  // namespace dkn
