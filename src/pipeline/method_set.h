#ifndef DKN_SRC_PIPELINE_METHOD_SET_H_
#define DKN_SRC_PIPELINE_METHOD_SET_H_

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dkn/joint_filter.h"
#include "dkn/registry.h"
#include "dkn/upsampler.h"

namespace dkn {

// The methods that frames ask for, each made once, of any number of threads.
class MethodSet {
 public:
  // The caller's filter alone, which must outlive this.
  explicit MethodSet(const JointFilter& filter) : own_(&filter) {}
  // One of this name alone; without a name those that fit each frame.
  // Each is as AverageOrientations makes it.
  MethodSet(std::string method, NetworkOptions network, const FilterSettings& settings,
            int orientations);

  struct Method {
    const JointFilter& filter;
    std::string name;
    bool only_noise = false;  // ChosenMethod::only_noise
  };
  // Whether the target decides.
  bool chooses() const { return own_ == nullptr && method_.empty(); }
  // See ChooseUpsamplingMethod; of a picture that is its own guide kTextureMethod. Where the target
  // does not decide, its traits are not looked at.
  Method For(const TargetTraits& target, bool own_picture = false);

  // The most that a method takes which For may give for targets of this ratio and any noise; where
  // they are their own guides, for pictures too.
  std::size_t ApplyBytes(double scale, const FrameSize& size, bool own_guide = false);

  // Those that were made because a frame asked for them, by their ratios.
  std::vector<MethodChoice> choices() const;

 private:
  // Of those that are chosen.
  const JointFilter& Made(const std::string& name);

  const JointFilter* const own_ = nullptr;  // the caller's, instead of all below
  const std::string method_;                // empty: chosen by the target
  const NetworkOptions network_;
  const int orientations_ = 1;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<JointFilter>> filters_;  // by name
  std::vector<MethodChoice> choices_;
};

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_METHOD_SET_H_
