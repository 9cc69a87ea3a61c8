#ifndef DKN_SRC_TRAIN_RUN_FOLDER_H_
#define DKN_SRC_TRAIN_RUN_FOLDER_H_

#include <string>

namespace dkn::train {

// Makes the work folder of a run of this configuration, whose text it keeps as experiment.json, or
// takes it up again. Throws Error where it holds another configuration's run: a checkpoint makes
// sense for the configuration alone that it was made with.
void ClaimRunFolder(const std::string& folder, const std::string& text);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_RUN_FOLDER_H_
