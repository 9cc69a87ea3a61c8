#ifndef DKN_SRC_REPORT_HTML_REPORT_H_
#define DKN_SRC_REPORT_HTML_REPORT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "dkn/image.h"
#include "src/core/text_table.h"
#include "src/report/showcase.h"

namespace dkn::report {

struct ReportTable {
  std::string caption;
  TextRow head;
  std::vector<TextRow> rows;  // as many cells each as the head; the first cell names the row
  std::string note = "";      // under the table; may be empty
};

struct ReportPlot {
  std::string caption;
  Image image;  // 1 or 3 channels in [0, 1]: a LinePlot, ScatterPlot, MethodMontage...
};

struct ReportPage {
  std::string title;
  std::vector<std::string> protocol;  // how it was measured, one statement a line
  std::vector<ReportTable> tables;
  std::vector<ReportPlot> plots;
  std::vector<ShownImage> images;  // a viewer for each
  std::string footer = "";         // the command, the version, the date; may be empty
  // Of each field of kernels, before compression: with more, only those of every n-th column and
  // row are kept, which the page tells.
  std::size_t max_kernel_bytes = 5000000;
};

// One page of HTML that needs nothing but itself: tables, plots, and for each image a viewer that
// wipes between any two of its pictures or error maps, zooms, maps their difference, and shows the
// values and the kernel at a pixel. All text is escaped, bytes that are not UTF-8 become U+FFFD.
// Values are kept in 16 bits, to 1 / 1000 of ErrorLimit at finest; weights and positions of kernels
// in 8 bits, positions to 1/16 pixel or to 1/127 of the farthest one. The guide may become a JPEG.
// Throws Error where a table's rows are of other length than its head, a plot is empty, or as
// CheckShownImage does.
std::string HtmlReport(const ReportPage& page);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_HTML_REPORT_H_
