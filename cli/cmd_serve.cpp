#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/serving_options.h"
#include "src/serve/local_server.h"
#include "src/serve/page_folder.h"
#include "src/serve/static_folder.h"

namespace dkn {
namespace {

struct ServeOptions {
  std::string folder;  // empty: the page
  int port = 8000;
};

void Run(const ServeOptions& options) {
  const serve::StaticFolder folder(options.folder.empty() ? serve::FindPage() : options.folder);
  serve::LocalServer server(options.port);
  server.OnGet([&folder](const httplib::Request& request, httplib::Response& response) {
    return folder.Answer(request, response);
  });
  StartTelling(server);
  ServeUntilStopped();
}

}  // namespace

void AddServe(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "serve", "Show the page that sharpens depth in the browser, or any folder, on this machine");
  const auto options = std::make_shared<ServeOptions>();
  command->add_option("FOLDER", options->folder,
                      "Files to show, and none outside it; without it the page, where it is "
                      "installed or built (web/dist)");
  AddPortOption(*command, options->port);
  command->footer(
      "Files are read and never written; only browsers of this machine get an answer. The address "
      "is printed; Ctrl-C ends it.\n"
      "Example: dkn serve --port 8080");
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
