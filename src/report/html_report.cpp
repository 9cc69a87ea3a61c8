#include "src/report/html_report.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/figures/figure.h"
#include "src/io/image_codecs.h"
#include "src/report/html_text.h"
#include "src/report/report_assets.h"
#include "src/report/viewer_data.h"

namespace dkn::report {
namespace {

std::string Element(const std::string& tag, const std::string& content) {
  return "<" + tag + ">" + content + "</" + tag.substr(0, tag.find(' ')) + ">";
}

std::string TextElement(const std::string& tag, const std::string& text) {
  return Element(tag, EscapeHtml(text));
}

std::string ProtocolHtml(const std::vector<std::string>& lines) {
  std::string items;
  for (const std::string& line : lines) {
    items += TextElement("li", line) + "\n";
  }
  return items.empty() ? "" : Element("ul", "\n" + items);
}

std::string TableHtml(const ReportTable& table) {
  std::string head;
  for (const std::string& cell : table.head) {
    head += TextElement("th scope=\"col\"", cell);
  }
  std::string body;
  for (const TextRow& row : table.rows) {
    if (row.size() != table.head.size()) {
      throw Error("a row of the table '" + table.caption + "' has " + std::to_string(row.size()) +
                  " cells, expected " + std::to_string(table.head.size()) + " as in its head");
    }
    std::string cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells += TextElement(i == 0 ? "th scope=\"row\"" : "td", row[i]);
    }
    body += Element("tr", cells) + "\n";
  }
  const std::string caption =
      table.caption.empty() ? "" : TextElement("caption", table.caption) + "\n";
  const std::string note =
      table.note.empty() ? "" : TextElement("p class=\"table-note\"", table.note) + "\n";
  return "<div class=\"card\"><div class=\"scroll\"><table>\n" + caption +
         Element("thead", Element("tr", head)) + "\n<tbody>\n" + body + "</tbody></table></div>" +
         note + "</div>\n";
}

std::string PlotHtml(const ReportPlot& plot) {
  if (plot.image.empty()) {
    throw Error("the plot '" + plot.caption + "' is empty");
  }
  const std::string text = EscapeHtml(plot.caption);
  return "<figure class=\"card plot\"><img width=\"" + std::to_string(plot.image.width()) +
         "\" height=\"" + std::to_string(plot.image.height()) + "\" alt=\"" + text +
         "\" src=\"data:image/png;base64," +
         Base64(PngBytes(figures::PictureBytes(plot.image), kSmallPng)) + "\">" +
         Element("figcaption", text) + "</figure>\n";
}

// The methods' scores; the least is marked.
std::string ScoresHtml(const ShownImage& image) {
  double best = std::numeric_limits<double>::infinity();
  for (const ShownResult& result : image.results) {
    best = std::isfinite(result.score) ? std::min(best, result.score) : best;
  }
  std::string items;
  for (const ShownResult& result : image.results) {
    if (std::isfinite(result.score)) {
      const bool marked = result.score == best && image.results.size() > 1;
      items += Element(marked ? "li class=\"best\"" : "li",
                       EscapeHtml(result.method) + " " + Element("b", DigitsText(result.score, 4)));
    }
  }
  if (items.empty()) {
    return "";
  }
  const std::string unit = image.unit.empty() ? "" : " (" + image.unit + ")";
  return Element("ul class=\"scores\"", TextElement("li", image.metric + unit + ":") + items) +
         "\n";
}

std::string ViewerHtml(const ShownImage& image, std::size_t max_kernel_bytes) {
  const std::string json = ViewerJson(image, max_kernel_bytes);
  const std::string size = SizeText(image.guide.view()) + ", input " + SizeText(image.input.view());
  return "<section class=\"viewer card\">\n" +
         Element("h3", EscapeHtml(image.set + " " + image.name) + TextElement("small", size)) +
         "\n" + ScoresHtml(image) +
         "<p class=\"place\">This picture needs JavaScript.</p>\n"
         "<script type=\"application/json\" class=\"image-data\">" +
         JsonForScript(json) + "</script>\n</section>\n";
}

// A heading and what `write` makes of each; "" where there is none.
template <typename Part, typename Write>
std::string Section(const std::string& heading, const std::vector<Part>& parts,
                    const Write& write) {
  std::string html = parts.empty() ? "" : TextElement("h2", heading) + "\n";
  for (const Part& part : parts) {
    html += write(part);
  }
  return html;
}

}  // namespace

std::string HtmlReport(const ReportPage& page) {
  return FillTemplate(kReportHtml,
                      {{"title", EscapeHtml(page.title)},
                       {"style", std::string(kReportStyle)},
                       {"script", std::string(kReportScript)},
                       {"protocol", ProtocolHtml(page.protocol)},
                       {"tables", Section("Results", page.tables, TableHtml)},
                       {"plots", Section("Figures", page.plots, PlotHtml)},
                       {"viewers", Section("Pictures", page.images,
                                           [&](const ShownImage& image) {
                                             return ViewerHtml(image, page.max_kernel_bytes);
                                           })},
                       {"footer", page.footer.empty() ? "" : TextElement("footer", page.footer)}});
}

}  // namespace dkn::report
