#ifndef DKN_CLI_STOP_ON_SIGNALS_H_
#define DKN_CLI_STOP_ON_SIGNALS_H_

namespace dkn {

// From now on SIGINT (Ctrl-C) and SIGTERM end the program cleanly: a file that is being written is
// finished, none is begun, no temporary file stays, and the status is 128 + the signal's number, as
// shells have it. A second signal ends it at once. One that was ignored when the program started,
// as nohup does, stays so. To be called while there is one thread; threads made later must leave
// the two signals blocked, as they inherit them. SIGXFSZ is ignored: a file that grows beyond a
// limit is a failed write.
void StopOnSignals();

}  // namespace dkn

#endif  // DKN_CLI_STOP_ON_SIGNALS_H_
