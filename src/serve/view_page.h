#ifndef DKN_SRC_SERVE_VIEW_PAGE_H_
#define DKN_SRC_SERVE_VIEW_PAGE_H_

#include "src/serve/live_view.h"
#include "src/serve/local_server.h"

namespace dkn::serve {

// The page of a view, and what it asks for:
//   GET  /            the page, with /live.js and /live.css
//   GET  /frames      an endless answer of records (FrameReader); at most 8 at a time, else 503
//   GET  /options     LiveView::State
//   POST /options     LiveView::SetControls of the body; 400 and {"error": TEXT} where it refuses
//   GET  /kernel      LiveView::KernelAt(x, y) of ?x=X&y=Y; 400 and {"error": TEXT} likewise
// Both must outlive it, and the view must outlive the server.
void ServeView(LiveView& view, LocalServer& server);

}  // namespace dkn::serve

#endif  // DKN_SRC_SERVE_VIEW_PAGE_H_
