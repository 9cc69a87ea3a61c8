#ifndef DKN_SRC_RIVALS_RIVAL_FILTER_H_
#define DKN_SRC_RIVALS_RIVAL_FILTER_H_

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "dkn/joint_filter.h"
#include "src/net/graph_network.h"
#include "src/rivals/rival.h"

namespace dkn {

// The rival whose network a model file holds: the one that its metadata name as "network"; or,
// where they name neither that nor a "kind" of ours, as files from elsewhere, the one that has just
// tensors of these names. None: it is no rival's. Throws MethodError for a name that there is not.
std::optional<std::string> RivalIn(const TensorFile& file);

// A rival's network with its values, as a joint filter in fp32. Each channel of the target is
// filtered by itself.
class RivalFilter : public JointFilter {
 public:
  // Parameters take the value of `settings`, else that of the file's metadata, else their own.
  // Throws MethodError as CompleteSettings does, and where the tensors are not the network's.
  RivalFilter(const TensorFile& file, const std::string& name, const FilterSettings& settings,
              int max_memory_mb);

  // Throws Error where max_memory_mb does not suffice: there are no tiles.
  void Apply(const FilterInput& input, FilterOutput& output) const override;
  std::size_t ApplyBytes(const FrameSize& size) const override;

  const std::string& name() const { return name_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  // With the values that they have here.
  std::vector<FilterParameter> parameters() const;
  std::int64_t parameter_count() const { return ParameterCount(network_.graph()); }
  // Multiplications and additions for one channel of a frame.
  double FrameOperations(const GraphSize& frame) const;

 private:
  std::string name_;
  Rival rival_;
  std::map<std::string, std::string> metadata_;
  FilterSettings values_;
  GraphNetwork network_;
  int max_memory_mb_;
};

}  // namespace dkn

#endif  // DKN_SRC_RIVALS_RIVAL_FILTER_H_
