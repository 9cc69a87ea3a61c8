#include "src/serve/shown_frame.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "dkn/frame.h"
#include "src/core/bytes.h"

namespace dkn::serve {
namespace {

static_assert(std::endian::native == std::endian::little, "planes have the processor's order");

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kHeartbeat{1000};
// At once: what the server holds for a reader beside the frame.
constexpr std::size_t kBlock = 256 << 10;

std::size_t BytesOf(const ConstFrame& frame) {
  return SampleBytes(frame.type) * static_cast<std::size_t>(frame.width) *
         static_cast<std::size_t>(frame.height) * static_cast<std::size_t>(frame.channels);
}

Json Described(const ShownFrame::Plane& plane) {
  const ConstFrame& frame = plane.frame.frame();
  return {{"name", plane.name},         {"type", SampleTypeName(frame.type)},
          {"width", frame.width},       {"height", frame.height},
          {"channels", frame.channels}, {"bytes", BytesOf(frame)}};
}

bool WriteHeader(const Json& header, const FrameReader::Write& write) {
  // Names of files may be no UTF-8.
  const std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::vector<std::uint8_t> bytes{'D', 'K', 'N', 'F'};
  AppendLittleEndian(static_cast<std::uint32_t>(text.size()), bytes);
  bytes.insert(bytes.end(), text.begin(), text.end());
  return write(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

bool WritePlane(const ShownFrame::Plane& plane, const FrameReader::Write& write) {
  const ConstFrame& frame = plane.frame.frame();
  const char* data = static_cast<const char*>(frame.data);
  for (std::size_t left = BytesOf(frame); left > 0;) {
    const std::size_t size = std::min(left, kBlock);
    if (!write(data, size)) {
      return false;
    }
    data += size;
    left -= size;
  }
  return true;
}

}  // namespace

void LatestFrame::Put(std::shared_ptr<const ShownFrame> frame) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    frame_ = std::move(frame);
  }
  changed_.notify_all();
}

std::shared_ptr<const ShownFrame> LatestFrame::Newer(std::int64_t seen,
                                                     std::chrono::milliseconds wait) const {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto is_newer = [&] { return frame_ != nullptr && frame_->number > seen; };
  changed_.wait_for(lock, wait, [&] { return closed_ || is_newer(); });
  return !closed_ && is_newer() ? frame_ : nullptr;
}

void LatestFrame::Close() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool LatestFrame::closed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return closed_;
}

bool FrameReader::Next(const LatestFrame& latest, const Write& write) {
  const std::shared_ptr<const ShownFrame> frame = latest.Newer(seen_, kHeartbeat);
  if (frame == nullptr) {
    return !latest.closed() && WriteHeader({{"planes", Json::array()}}, write);
  }
  dropped_ += seen_ == 0 ? 0 : frame->number - seen_ - 1;
  const Clock::time_point begin = Clock::now();
  if (!WriteFrame(*frame, write)) {
    return false;
  }
  send_ms_ = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  seen_ = frame->number;
  guide_ = frame->guide_number;
  return true;
}

bool FrameReader::WriteFrame(const ShownFrame& frame, const Write& write) {
  std::vector<const ShownFrame::Plane*> planes;
  if (frame.guide_number != guide_) {
    planes.push_back(&frame.guide);
  }
  for (const ShownFrame::Plane& plane : frame.planes) {
    planes.push_back(&plane);
  }
  Json header = frame.header;
  header["number"] = frame.number;
  header["guide_number"] = frame.guide_number;
  header["dropped"] = dropped_;
  header["send_ms"] = send_ms_;
  header["planes"] = Json::array();
  for (const ShownFrame::Plane* plane : planes) {
    header["planes"].push_back(Described(*plane));
  }
  return WriteHeader(header, write) &&
         std::all_of(planes.begin(), planes.end(),
                     [&](const ShownFrame::Plane* plane) { return WritePlane(*plane, write); });
}

}  // namespace dkn::serve
