#ifndef DKN_SRC_DKN_ARCHITECTURE_H_
#define DKN_SRC_DKN_ARCHITECTURE_H_

#include <map>
#include <string>
#include <vector>

#include "dkn/architecture.h"
#include "src/net/layer.h"

namespace dkn {

enum class Stream { kGuide, kTarget };

// FDKN works on images split into kResampling x kResampling phases (Fig. 5).
inline constexpr int kResampling = 4;
inline constexpr int kPhases = kResampling * kResampling;

// Paper: Tables 1 and 2. The convolutions of one stream: those of the feature extraction in order,
// then the two heads, conv_weight and conv_offset, which both take the last feature map.
// Throws Error when `architecture` makes no sense (see CheckArchitecture).
std::vector<Layer> Layers(const Architecture& architecture, Stream stream);

// The first part of a tensor's name in model files, as the authors' code names the streams.
std::string StreamName(Stream stream);

// Throws Error unless kernel_size and window are odd, 1 <= kernel_size <= window <= 63, the channel
// counts are in 1..4096 and the grid is finite.
void CheckArchitecture(const Architecture& architecture);

// Each field of Architecture as text, and back: the metadata of model files and the "architecture"
// object of experiment files. Reading starts from `base`, ignores names it does not know, and
// throws Error naming the field and the values it may have.
using ArchitectureFields = std::map<std::string, std::string>;
ArchitectureFields ToFields(const Architecture& architecture);
Architecture FromFields(const ArchitectureFields& fields, const Architecture& base = {});

// FromFields for a JSON object's text, where an unknown name is an error.
Architecture ArchitectureFromJson(const std::string& json, const Architecture& base = {});

}  // namespace dkn

#endif  // DKN_SRC_DKN_ARCHITECTURE_H_
