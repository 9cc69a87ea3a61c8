#ifndef DKN_SRC_REPORT_PICTURES_H_
#define DKN_SRC_REPORT_PICTURES_H_

#include <string>
#include <vector>

#include "src/eval/experiment.h"
#include "src/eval/runner.h"
#include "src/report/html_report.h"
#include "src/report/showcase.h"

namespace dkn::report {

// Which images of an experiment to look at.
struct PictureOptions {
  std::string data;                 // the folder in which the sets' paths lie
  std::vector<std::string> images;  // "SET/NAME"; none: of each set the one whose score, by the
                                    // last method, is the median
  bool middle_case_only = false;    // what MakeReportPage takes
  bool kernels = false;             // of the last network that is measured, in the middle case
};

// An image in one case, with what each measured method makes of it.
struct CaseImage {
  std::string in_case;  // label
  ShownImage image;
};

// In the experiment's order of cases; only sets and methods with results in the report. Throws
// Error when `options` names an image that has no results, or a file cannot be read any more.
std::vector<CaseImage> ShowImages(const eval::Experiment& experiment, const eval::Report& report,
                                  const PictureOptions& options);

// Writes into `folder`, which is made where it does not exist: for each image and case a montage,
// SET_NAME_CASE.png; for the two methods of the experiment's difference
// SET_NAME_CASE_difference.png (Fig. 7); where times are measured scatter.png (Fig. 15); where the
// experiment asks for reliability, for each set reliability_SET.png and sparsification_SET.png.
// Returns the files' paths.
std::vector<std::string> WriteFigures(const eval::Experiment& experiment,
                                      const eval::Report& report,
                                      const std::vector<CaseImage>& images,
                                      const std::string& folder);

// Tables, plots and viewers of those images that are in the middle case, for HtmlReport.
ReportPage MakeReportPage(const eval::Experiment& experiment, const eval::Report& report,
                          std::vector<CaseImage> images);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_PICTURES_H_
