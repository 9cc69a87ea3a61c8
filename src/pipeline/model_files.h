#ifndef DKN_SRC_PIPELINE_MODEL_FILES_H_
#define DKN_SRC_PIPELINE_MODEL_FILES_H_

#include <string>
#include <vector>

namespace dkn {

inline constexpr char kModelSuffix[] = ".safetensors";

// Whether a text is a model file's path, no model's name: it has a '/', or the suffix.
bool IsModelPath(const std::string& text);

// Of the model files in the folder `kind` of each of ModelFolders, in these themselves where that
// is empty: all names, without the suffix, sorted; and the first file of one name, empty where
// there is none.
std::vector<std::string> ModelNames(const std::string& kind);
std::string FindModel(const std::string& kind, const std::string& name);

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_MODEL_FILES_H_
