#include "src/train/checkpoint.h"

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/train/ranks.h"

namespace dkn::train {

void SaveCheckpoint(const std::string& path, const NamedModules& modules,
                    const NamedOptimizers& optimizers, std::int64_t step) {
  torch::serialize::OutputArchive archive;
  const auto write = [&](const auto& parts) {
    for (const auto& [name, part] : parts) {
      torch::serialize::OutputArchive to;
      part->save(to);
      archive.write(name, to);
    }
  };
  write(modules);
  write(optimizers);
  archive.write("step", torch::tensor(step));
  std::vector<std::uint8_t> bytes;
  archive.save_to([&](const void* data, std::size_t size) {
    const auto* from = static_cast<const std::uint8_t*>(data);
    bytes.insert(bytes.end(), from, from + size);
    return size;
  });
  WriteFileBytes(path, bytes);
}

std::int64_t LoadCheckpoint(const std::string& path, torch::Device device,
                            const NamedModules& modules, const NamedOptimizers& optimizers) {
  std::vector<std::uint8_t> bytes = Rank() == 0 ? ReadFileBytes(path) : std::vector<std::uint8_t>();
  ShareOfFirstRank(bytes);
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(reinterpret_cast<const char*>(bytes.data()), bytes.size(), device);
    const auto read = [&](const auto& parts) {
      for (const auto& [name, part] : parts) {
        torch::serialize::InputArchive from;
        archive.read(name, from);
        part->load(from);
      }
    };
    read(modules);
    read(optimizers);
    torch::Tensor step;
    archive.read("step", step);
    return step.item<std::int64_t>();
  } catch (const c10::Error& error) {
    throw Error(path + ": is no checkpoint of this network: " + error.what_without_backtrace());
  }
}

}  // namespace dkn::train
