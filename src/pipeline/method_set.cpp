#include "src/pipeline/method_set.h"

#include <algorithm>
#include <utility>

#include "dkn/filter_image.h"
#include "dkn/orientations.h"

namespace dkn {

MethodSet::MethodSet(std::string method, NetworkOptions network, const FilterSettings& settings,
                     int orientations)
    : method_(std::move(method)), network_(std::move(network)), orientations_(orientations) {
  if (!method_.empty()) {
    filters_[method_] =
        AverageOrientations(CreateFilter(method_, network_, settings), orientations_);
  }
}

MethodSet::Method MethodSet::For(const TargetTraits& target, bool own_picture) {
  if (own_ != nullptr) {
    return {*own_, "the caller's filter"};
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!method_.empty()) {
    return {*filters_[method_], method_};
  }
  const ChosenMethod chosen =
      own_picture ? ChosenMethod{kTextureMethod, ""} : ChooseUpsamplingMethod(target);
  const JointFilter& filter = Made(chosen.name);
  const auto same = [&](const MethodChoice& choice) { return choice.method == chosen.name; };
  if (std::none_of(choices_.begin(), choices_.end(), same)) {
    choices_.push_back({chosen.name, chosen.reason, target.scale});
  }
  return {filter, chosen.name, chosen.only_noise};
}

std::size_t MethodSet::ApplyBytes(double scale, const FrameSize& size, bool own_guide) {
  if (own_ != nullptr) {
    return own_->ApplyBytes(size);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!method_.empty()) {
    return filters_[method_]->ApplyBytes(size);
  }
  const auto bytes = [&](double noise) {
    return Made(ChooseUpsamplingMethod({scale, noise, size.target_channels}).name).ApplyBytes(size);
  };
  const std::size_t of_picture = own_guide ? Made(kTextureMethod).ApplyBytes(size) : 0;
  return std::max({bytes(0.0), bytes(1.0), of_picture});
}

std::vector<MethodChoice> MethodSet::choices() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<MethodChoice> choices = choices_;
  std::sort(choices.begin(), choices.end(),
            [](const MethodChoice& a, const MethodChoice& b) { return a.scale < b.scale; });
  return choices;
}

const JointFilter& MethodSet::Made(const std::string& name) {
  if (filters_[name] == nullptr) {
    const bool network = !FindModelFile(name).empty();
    filters_[name] = AverageOrientations(CreateFilter(name, network ? network_ : NetworkOptions{}),
                                         orientations_);
  }
  return *filters_[name];
}

}  // namespace dkn
