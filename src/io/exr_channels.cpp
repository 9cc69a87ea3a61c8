#include "src/io/exr_channels.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/io/name_list.h"
#include "src/io/stored_samples.h"

namespace dkn {
namespace {

struct Group {
  ExrChoice choice;
  std::string part;   // its name
  std::string layer;  // empty: of none
  std::string label;  // how messages call it, and users may
  bool depth = false;

  bool colour() const { return choice.channels.size() == 3; }
};

struct ChannelName {
  std::string layer;
  std::string base;
};

ChannelName SplitChannel(const std::string& name) {
  const std::size_t point = name.rfind('.');
  return point == std::string::npos ? ChannelName{"", name}
                                    : ChannelName{name.substr(0, point), name.substr(point + 1)};
}

std::string Joined(const std::string& outer, const std::string& inner) {
  return outer.empty() ? inner : outer + "." + inner;
}

const ExrChannel* Find(const ExrPart& part, const std::string& layer, const char* base) {
  const auto found =
      std::find_if(part.channels.begin(), part.channels.end(),
                   [&](const ExrChannel& channel) { return channel.name == Joined(layer, base); });
  return found == part.channels.end() ? nullptr : &*found;
}

// The part's channels, alpha left out.
void AddGroups(const ExrPart& part, std::size_t index, std::vector<Group>& groups) {
  for (const ExrChannel& channel : part.channels) {
    const auto [layer, base] = SplitChannel(channel.name);
    const ExrChannel* const colours[] = {Find(part, layer, "R"), Find(part, layer, "G"),
                                         Find(part, layer, "B")};
    const bool has_colours = std::all_of(std::begin(colours), std::end(colours),
                                         [](const ExrChannel* found) { return found != nullptr; });
    Group group{{index, {channel}}, part.name, layer, Joined(part.name, channel.name), false};
    if (has_colours && (base == "G" || base == "B")) {
      continue;  // with R
    }
    if (has_colours && base == "R") {
      group.choice.channels = {*colours[0], *colours[1], *colours[2]};
      group.label = Joined(part.name, layer.empty() ? "RGB" : layer);
    }
    group.depth = base == "V" || (base == "Z" && Find(part, layer, "X") == nullptr &&
                                  Find(part, layer, "Y") == nullptr);
    if (base != "A" || part.channels.size() == 1) {
      groups.push_back(std::move(group));
    }
  }
}

// One channel of this name, also of colours and alpha.
std::vector<Group> ChannelsNamed(const ExrHeader& header, const std::string& name) {
  std::vector<Group> found;
  for (std::size_t i = 0; i < header.parts.size(); ++i) {
    const ExrPart& part = header.parts[i];
    for (const ExrChannel& channel : part.channels) {
      const std::string label = Joined(part.name, channel.name);
      if (channel.name == name || label == name) {
        found.push_back({{i, {channel}}, part.name, "", label, false});
      }
    }
  }
  return found;
}

std::vector<Group> Where(const std::vector<Group>& groups, bool (*is)(const Group&)) {
  std::vector<Group> found;
  std::copy_if(groups.begin(), groups.end(), std::back_inserter(found), is);
  return found;
}

std::vector<Group> GroupsNamed(const std::vector<Group>& groups, const std::string& name) {
  std::vector<Group> found;
  for (const Group& group : groups) {
    const bool colours = group.colour() && group.layer.empty() && name == "RGB";
    if (colours || name == group.label || name == group.part ||
        (!group.layer.empty() &&
         (name == group.layer || name == Joined(group.part, group.layer)))) {
      found.push_back(group);
    }
  }
  return found;
}

}  // namespace

ExrChoice ChooseExrChannels(const ExrHeader& header, const ReadOptions& options) {
  std::vector<Group> all;
  for (std::size_t i = 0; i < header.parts.size(); ++i) {
    AddGroups(header.parts[i], i, all);
  }
  std::vector<Group> left = all;
  if (!options.name.empty()) {
    left = ChannelsNamed(header, options.name);
    left = left.empty() ? GroupsNamed(all, options.name) : left;
  }
  const std::size_t candidates = left.size();
  if (left.size() > 1) {
    const std::vector<Group> depths = Where(left, [](const Group& group) { return group.depth; });
    left = options.guide || depths.empty()
               ? Where(left, [](const Group& group) { return group.colour(); })
               : depths;
  }
  std::vector<std::string> labels;
  for (const Group& group : all) {
    labels.push_back(group.label);
  }
  if (left.size() != 1) {
    throw Error((candidates == 0 && !options.name.empty()
                     ? "the EXR has no '" + options.name + "'"
                     : std::string("the EXR has several channels; one is named as "
                                   "FILE.exr:CHANNEL")) +
                NameList(labels));
  }
  if (candidates > 1) {
    AddNote(options, "of its channels " + left[0].label + " is read; another one is named as " +
                         "FILE.exr:CHANNEL" + NameList(labels));
  }
  return left[0].choice;
}

}  // namespace dkn
