#ifndef DKN_SRC_SERVE_VIEW_ASSETS_H_
#define DKN_SRC_SERVE_VIEW_ASSETS_H_

#include <string_view>

namespace dkn::serve {

// The files of src/serve/assets, embedded when building (cmake/EmbedFiles.cmake). `npm run
// bundle` in web/ makes live.js of web/src/live and web/src/viewer, and points.js, the 3-D view, of
// three.js too, whose licence stands in it.
extern const std::string_view kLiveHtml;
extern const std::string_view kLiveStyle;
extern const std::string_view kLiveScript;
extern const std::string_view kPointsScript;

}  // namespace dkn::serve

#endif  // DKN_SRC_SERVE_VIEW_ASSETS_H_
