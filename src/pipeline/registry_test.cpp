#include "dkn/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/model.h"
#include "src/core/random_image.h"
#include "src/core/test_files.h"
#include "src/dkn/architecture.h"
#include "src/dkn/random_weights.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::ThrowsMessage;

// A narrow network, quick to write; none of its files fits the default architecture.
Architecture Narrow() {
  Architecture architecture;
  architecture.n1 = 8;
  architecture.n2 = 4;
  architecture.window = 7;
  return architecture;
}
constexpr char kNarrowJson[] = R"({"n1": 8, "n2": 4})";

// DKN_MODELS names a folder of the test's own, with model_a and model_b.
class RegistryTest : public FolderTest {
 protected:
  RegistryTest() {
    const char* before = std::getenv("DKN_MODELS");
    before_ = before == nullptr ? "" : before;
    setenv("DKN_MODELS", Path("").c_str(), 1);
    WriteSafetensors(Path("model_b.safetensors"), RandomWeights(Narrow(), 1));
    WriteSafetensors(Path("model_a.safetensors"), RandomWeights(Narrow(), 2));
    Put("notes.txt", {'x'});
  }
  ~RegistryTest() override {
    before_.empty() ? unsetenv("DKN_MODELS") : setenv("DKN_MODELS", before_.c_str(), 1);
  }

  // The folder's path as the registry composes it.
  std::string InFolder(const std::string& name) const {
    return (std::filesystem::path(ModelFolders().front()) / name).string();
  }

 private:
  std::string before_;
};

// What the filter makes of a fixed guide and target.
std::vector<float> Result(const JointFilter& filter) {
  FilterOutput output;
  filter.Apply({RandomImage(12, 8, 3, 1), RandomImage(12, 8, 1, 2)}, output);
  return std::vector<float>(output.image.data(), output.image.data() + output.image.size());
}

TEST_F(RegistryTest, EveryListedFilterHasASummaryAndCanBeMade) {
  const std::vector<FilterInfo> filters = ListFilters();
  std::vector<std::string> names;
  for (const FilterInfo& info : filters) {
    names.push_back(info.name);
    EXPECT_FALSE(info.summary.empty()) << info.name;
    EXPECT_THAT(info.summary, Not(HasSubstr("\n"))) << info.name;
    EXPECT_EQ(Result(*CreateFilter(info.name)).size(), 96u) << info.name;
    EXPECT_EQ(FindModelFile(info.name), "") << info.name;
  }
  EXPECT_THAT(names, Contains("bicubic"));
}

TEST_F(RegistryTest, AnUnknownNameTellsWhatThereIs) {
  const auto expected =
      ThrowsMessage<Error>(AllOf(HasSubstr("'model_c'"), HasSubstr("bicubic"),
                                 HasSubstr("model_a, model_b"), Not(HasSubstr("notes"))));
  EXPECT_THAT([] { CreateFilter("model_c"); }, expected);
  EXPECT_THAT([] { FindModelFile("model_c"); }, expected);
  EXPECT_THAT([] { CreateFilter("model_c", {ArchitectureFromJson(kNarrowJson)}); }, expected);
  EXPECT_THROW(CreateFilter(""), Error);
}

TEST_F(RegistryTest, TheEnvironmentsFolderComesFirst) {
  const std::vector<std::string> folders = ModelFolders();
  EXPECT_EQ(folders.front(), Path(""));
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  EXPECT_EQ(folders.at(1), program.parent_path().parent_path() / "share/dkn/models");
  // An installed library must not look into the tree that it was built from.
  EXPECT_THAT(folders, Not(Contains(HasSubstr(DKN_SOURCE_DIR "/models"))));
  unsetenv("DKN_MODELS");
  EXPECT_EQ(ModelFolders(), std::vector<std::string>(folders.begin() + 1, folders.end()));
}

TEST_F(RegistryTest, ListsModelsSortedAndWithoutEnding) {
  const std::vector<std::string> models = ListModels();
  EXPECT_TRUE(std::is_sorted(models.begin(), models.end()));
  EXPECT_THAT(models, IsSupersetOf({"model_a", "model_b"}));
  EXPECT_THAT(models, Not(Contains("notes")));
  setenv("DKN_MODELS", Path("absent").c_str(), 1);
  EXPECT_THAT(ListModels(), Not(Contains("model_a")));
}

TEST_F(RegistryTest, ModelsAreFoundByName) {
  EXPECT_EQ(FindModelFile("model_a"), InFolder("model_a.safetensors"));
  EXPECT_NE(Result(*CreateFilter("model_a")), Result(*CreateFilter("model_b")));
  EXPECT_EQ(Result(*CreateFilter("model_a")), Result(*Model::Load(Path("model_a.safetensors"))));
  // A model in the environment's folder hides the shipped one of its name.
  std::filesystem::copy(Path("model_a.safetensors"), Path("fdkn_x8.safetensors"));
  EXPECT_EQ(FindModelFile("fdkn_x8"), InFolder("fdkn_x8.safetensors"));
}

TEST_F(RegistryTest, TheMethodThatFitsTheScaleIsChosen) {
  const std::vector<std::string> all = {"dkn_x2",   "fdkn_any", "fdkn_denoise",
                                        "fdkn_x16", "fdkn_x4",  "fdkn_x8"};
  for (const auto& [scale, name] : {std::pair{0.5, "fdkn_any"},
                                    {1.0, "fdkn_any"},
                                    {3.39, "fdkn_any"},
                                    {3.4, "fdkn_x4"},
                                    {5.6, "fdkn_x4"},
                                    {5.7, "fdkn_x8"},
                                    {8.0, "fdkn_x8"},
                                    {11.3, "fdkn_x8"},
                                    {11.4, "fdkn_x16"},
                                    {100.0, "fdkn_x16"}}) {
    const ChosenMethod chosen = ChooseUpsamplingMethod({scale}, all);
    EXPECT_EQ(chosen.name, name) << scale;
    EXPECT_TRUE(chosen.reason.empty()) << scale;
    EXPECT_FALSE(chosen.only_noise) << scale;
  }
  EXPECT_EQ(ChooseUpsamplingMethod({1.0}, {"fdkn_x8"}).name, "bicubic");
  EXPECT_EQ(ChooseUpsamplingMethod({2.89}, {"fdkn_x4"}).name, "bicubic");
  EXPECT_EQ(ChooseUpsamplingMethod({2.9}, {"fdkn_x4"}).name, "fdkn_x4");
  EXPECT_EQ(ChooseUpsamplingMethod({4.0}, {"fdkn_x16", "fdkn_x8"}).name, "fdkn_x8");
  EXPECT_EQ(ChooseUpsamplingMethod({4.0}, {"fdkn_x16"}).name, "fdkn_x16");
  EXPECT_THROW(ChooseUpsamplingMethod({4.0}, {"dkn_x4"}), Error);
  // Pictures of the guide's size, and what there is without fdkn_any.
  std::vector<std::string> with_photo = all;
  with_photo.push_back("fdkn_photo");
  EXPECT_EQ(ChooseUpsamplingMethod({1.2, 0.0, 3}, with_photo).name, "fdkn_photo");
  EXPECT_TRUE(ChooseUpsamplingMethod({1.2, 0.0, 3}, with_photo).only_noise);
  EXPECT_EQ(ChooseUpsamplingMethod({1.2, 0.0, 4}, with_photo).name, "fdkn_denoise");
  for (const auto& [target, models] : {std::pair{TargetTraits{1.2, 0.0, 3}, all},
                                       {{1.0, 0.0, 2}, all},
                                       {{1.2, 0.0, 1}, {"fdkn_denoise", "fdkn_x4"}}}) {
    const ChosenMethod chosen = ChooseUpsamplingMethod(target, models);
    EXPECT_EQ(chosen.name, "fdkn_denoise");
    EXPECT_TRUE(chosen.only_noise);
    EXPECT_NE(chosen.reason.find("removes noise"), std::string::npos);
  }
  EXPECT_EQ(ChooseUpsamplingMethod({1.21, 0.0, 3}, all).name, "fdkn_any");
  // Noise is for the network that knows it.
  for (const auto& [scale, noise, name] : {std::tuple{4.0, 0.0017, "fdkn_x4"},
                                           {4.0, 0.0019, "fdkn_any"},
                                           {8.0, 0.0035, "fdkn_x8"},
                                           {8.0, 0.0037, "fdkn_any"}}) {
    EXPECT_EQ(ChooseUpsamplingMethod({scale, noise}, all).name, name) << scale << " " << noise;
  }
  EXPECT_NE(ChooseUpsamplingMethod({4.0, 0.012}, all).reason.find("1.2 % of its range"),
            std::string::npos);
  EXPECT_EQ(ChooseUpsamplingMethod({4.0, 0.5}, {"fdkn_x4"}).name, "fdkn_x4");
  // Points are for it too.
  EXPECT_EQ(ChooseUpsamplingMethod({8.0, 0.0, 1, 0.71}, all).name, "fdkn_x8");
  EXPECT_EQ(ChooseUpsamplingMethod({8.0, 0.0, 1, 0.69}, all).name, "fdkn_any");
  EXPECT_NE(ChooseUpsamplingMethod({8.0, 0.0, 1, 0.123}, all).reason.find("only 12 % of its edges"),
            std::string::npos);
  EXPECT_EQ(ChooseUpsamplingMethod({8.0, 0.0, 1, 0.1}, {"fdkn_x4"}).name, "fdkn_x4");
  // Without a list, it chooses from the models that are installed.
  Put("fdkn_x16.safetensors", {'x'});
  EXPECT_EQ(ChooseUpsamplingMethod({16.0}).name, "fdkn_x16");
}

TEST_F(RegistryTest, FilesAreTakenAsTheyAre) {
  const std::string path = Path("model_b.safetensors");
  EXPECT_EQ(FindModelFile(path), path);
  EXPECT_EQ(Result(*CreateFilter(path)), Result(*CreateFilter("model_b")));
  // The ending alone means a file: of the current folder, not of DKN_MODELS.
  EXPECT_EQ(FindModelFile("model_b.safetensors"), "model_b.safetensors");
  EXPECT_THAT([] { CreateFilter("model_b.safetensors"); },
              ThrowsMessage<Error>(HasSubstr("model_b.safetensors")));
  EXPECT_EQ(FindModelFile("./other"), "./other");
}

TEST_F(RegistryTest, DamagedFilesAreNamed) {
  const std::string path = Path("model_a.safetensors");
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 4);
  EXPECT_THAT([] { CreateFilter("model_a"); },
              ThrowsMessage<Error>(HasSubstr("model_a.safetensors")));
}

TEST_F(RegistryTest, AGivenArchitectureReplacesTheFiles) {
  TensorFile file = RandomWeights(Narrow(), 3);
  file.metadata["window"] = "9";
  file.metadata["kernel_size"] = "five";  // not read
  const std::string path = Path("foreign.safetensors");
  WriteSafetensors(path, file);
  EXPECT_THROW(CreateFilter(path), Error);
  const auto model = LoadModel("foreign", {ArchitectureFromJson(kNarrowJson)});
  EXPECT_EQ(model->architecture().n1, 8);
  EXPECT_EQ(model->architecture().window, Architecture().window);
  EXPECT_EQ(Result(*CreateFilter("foreign", {ArchitectureFromJson(kNarrowJson)})), Result(*model));
  EXPECT_THAT([] { LoadModel("bicubic"); }, ThrowsMessage<Error>(HasSubstr("no network")));
  EXPECT_THAT([&] { CreateFilter(path, {Architecture()}); }, ThrowsMessage<Error>(HasSubstr(path)));
}

TEST_F(RegistryTest, ParametersOfAFilterCanBeSet) {
  EXPECT_EQ(Result(*CreateFilter("guided")),
            Result(*CreateFilter("guided", {}, {{"radius", 3.0}})));
  EXPECT_NE(Result(*CreateFilter("guided")),
            Result(*CreateFilter("guided", {}, {{"radius", 2.0}})));
  EXPECT_THAT(
      [] {
        CreateFilter("guided", {}, {{"sigma", 2.0}});
      },
      ThrowsMessage<MethodError>(AllOf(HasSubstr("'guided'"), HasSubstr("radius, epsilon"))));
  EXPECT_THAT(
      [] {
        CreateFilter("model_a", {}, {{"sigma", 2.0}});
      },
      ThrowsMessage<MethodError>(HasSubstr("'sigma'")));
}

TEST_F(RegistryTest, EveryParameterOfAFilterIsDescribedAndMayHaveBothEndsOfItsRange) {
  for (const FilterInfo& info : ListFilters()) {
    for (const FilterParameter& parameter : info.parameters) {
      EXPECT_FALSE(parameter.meaning.empty()) << info.name << " " << parameter.name;
      EXPECT_LE(parameter.least, parameter.value) << info.name << " " << parameter.name;
      EXPECT_GE(parameter.most, parameter.value) << info.name << " " << parameter.name;
      for (const double end : {parameter.least, parameter.most}) {
        for (const float value : Result(*CreateFilter(info.name, {}, {{parameter.name, end}}))) {
          ASSERT_TRUE(std::isfinite(value)) << info.name << " " << parameter.name << " " << end;
        }
      }
    }
  }
}

TEST_F(RegistryTest, SettingsAreNumbersByName) {
  EXPECT_TRUE(ParseSettings("").empty());
  EXPECT_EQ(ParseSettings("a=1"), (FilterSettings{{"a", 1.0}}));
  EXPECT_EQ(ParseSettings("b=-2.5e-3,a=4"), (FilterSettings{{"a", 4.0}, {"b", -2.5e-3}}));
  for (const char* wrong : {"a", "=1", "a=", "a=1x", "a=1,,b=2", "a=1,b", "a = 1", "a=1=2", ","}) {
    EXPECT_THROW(ParseSettings(wrong), ArgumentError) << wrong;
  }
  EXPECT_THAT([] { ParseSettings("a=1,a=1"); }, ThrowsMessage<ArgumentError>(HasSubstr("twice")));
}

TEST_F(RegistryTest, AFilterWithoutAModelFileHasNoneOfANetworksOptions) {
  EXPECT_THAT([] { CreateFilter("bicubic", {Architecture()}); },
              ThrowsMessage<Error>(HasSubstr("'bicubic'")));
  EXPECT_THAT([] { CreateFilter("bicubic", {.precision = Precision::kBf16}); },
              ThrowsMessage<Error>(HasSubstr("precision")));
  EXPECT_THAT([] { CreateFilter("bicubic", {.max_memory_mb = 100}); },
              ThrowsMessage<Error>(HasSubstr("memory")));
}

}  // namespace
}  // namespace dkn
