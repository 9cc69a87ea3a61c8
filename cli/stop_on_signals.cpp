#include "cli/stop_on_signals.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <system_error>
#include <thread>

#include "src/core/file.h"

namespace dkn {
namespace {

// Runs in a thread of its own and not in a signal handler, in which one could not wait for writers.
void WaitForSignal(const sigset_t& signals) {
  int signal = 0;
  if (sigwait(&signals, &signal) != 0) {
    return;
  }
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);  // the second one has its usual effect
  StopWriting();
  std::fprintf(stderr, "\ndkn: stopped by %s\n", signal == SIGINT ? "SIGINT" : "SIGTERM");
  _exit(128 + signal);
}

}  // namespace

void StopOnSignals() {
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond `ulimit -f`: write tells
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction action;
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) {
      sigaddset(&signals, signal);
    }
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  try {
    std::thread([signals] { WaitForSignal(signals); }).detach();
  } catch (const std::system_error&) {  // no memory for a thread: signals have their usual effect
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  }
}

}  // namespace dkn
