#ifndef DKN_CLI_SERVING_OPTIONS_H_
#define DKN_CLI_SERVING_OPTIONS_H_

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/command.h"
#include "src/serve/local_server.h"

namespace dkn {

// The port that LocalServer takes.
inline void AddPortOption(CLI::App& command, int& port) {
  command
      .add_option("--port", port,
                  "Of 127.0.0.1, this machine alone, which the browser asks; 0: any that is free")
      ->check(IntegerFrom(0, 65535))
      ->capture_default_str();
}

// Starts it and prints where it is, for people and for programs that read it.
inline void StartTelling(serve::LocalServer& server) {
  server.Start();
  std::cout << server.url() << std::endl;
}

// Until a signal ends the program, see StopOnSignals.
[[noreturn]] inline void ServeUntilStopped() {
  for (;;) {
    pause();
  }
}

}  // namespace dkn

#endif  // DKN_CLI_SERVING_OPTIONS_H_
