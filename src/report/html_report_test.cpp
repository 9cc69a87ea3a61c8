#include "src/report/html_report.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "src/core/test_files.h"
#include "src/report/test_shown_image.h"

namespace dkn::report {
namespace {

ReportPage SmallPage() {
  ReportPage page;
  page.title = "Depth <b>8x</b> & more";
  page.protocol = {"bicubic \"down\"", "border of 6 pixels"};
  page.tables.push_back(
      {"RMSE", {"method", "set <1>"}, {{"a < b", "1.5"}, {"'c'", "{{title}}"}}, "a note"});
  page.plots.push_back({"a plot of \"x\"", Image(20, 10, 3)});
  page.images.push_back(SmallShownImage());
  page.footer = "dkn eval <file>";
  return page;
}

std::size_t Count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(HtmlReport, HoldsEverythingEscaped) {
  const std::string html = HtmlReport(SmallPage());
  EXPECT_TRUE(Has(html, "<title>Depth &lt;b&gt;8x&lt;/b&gt; &amp; more</title>"));
  EXPECT_TRUE(Has(html, "<li>bicubic &quot;down&quot;</li>"));
  EXPECT_TRUE(Has(html, "<th scope=\"col\">set &lt;1&gt;</th>"));
  EXPECT_TRUE(Has(html, "<th scope=\"row\">a &lt; b</th><td>1.5</td>"));
  EXPECT_TRUE(Has(html, "<td>{{title}}</td>"));  // text is not a template
  EXPECT_TRUE(Has(html, "<p class=\"table-note\">a note</p>"));
  EXPECT_TRUE(Has(html, "alt=\"a plot of &quot;x&quot;\""));
  EXPECT_TRUE(Has(html, "<footer>dkn eval &lt;file&gt;</footer>"));
  EXPECT_EQ(Count(html, "<section class=\"viewer card\">"), 1u);
  EXPECT_EQ(Count(html, "data:image/"), 2u);
  EXPECT_TRUE(Has(html, "<li class=\"best\">good <b>1</b></li>"));
}

TEST(HtmlReport, NeedsNothingFromElsewhere) {
  const std::string html = HtmlReport(SmallPage());
  EXPECT_FALSE(Has(html, "http:"));
  EXPECT_FALSE(Has(html, "https:"));
  EXPECT_FALSE(Has(html, "<link"));
  EXPECT_FALSE(Has(html, " src=\"r"));
  EXPECT_FALSE(Has(html, "@import"));
  EXPECT_TRUE(Has(html, "default-src 'none'"));
}

TEST(HtmlReport, HostileNamesCannotLeaveTheirPlace) {
  ReportPage page = SmallPage();
  const std::string hostile = "</script><script>alert(1)</script><!--";
  page.images[0].name = hostile;
  page.images[0].results[0].method = hostile;
  const std::string html = HtmlReport(page);
  EXPECT_FALSE(Has(html, "<script>alert"));
  EXPECT_EQ(Count(html, "</script>"), Count(HtmlReport(SmallPage()), "</script>"));
}

TEST(HtmlReport, MayBeEmpty) {
  const std::string html = HtmlReport(ReportPage{"nothing", {}, {}, {}, {}});
  EXPECT_TRUE(Has(html, "<h1>nothing</h1>"));
  EXPECT_FALSE(Has(html, "<h2>"));
}

TEST(HtmlReport, RefusesWhatDoesNotFit) {
  ReportPage page = SmallPage();
  page.tables[0].rows[1].pop_back();
  EXPECT_TRUE(Has(ErrorText([&] { HtmlReport(page); }), "has 1 cells, expected 2"));
  page = SmallPage();
  page.plots[0].image = Image();
  EXPECT_TRUE(Has(ErrorText([&] { HtmlReport(page); }), "'a plot of \"x\"' is empty"));
  page = SmallPage();
  page.images[0].results.clear();
  EXPECT_TRUE(Has(ErrorText([&] { HtmlReport(page); }), "set/name"));
}

}  // namespace
}  // namespace dkn::report
