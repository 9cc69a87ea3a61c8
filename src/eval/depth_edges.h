#ifndef DKN_SRC_EVAL_DEPTH_EDGES_H_
#define DKN_SRC_EVAL_DEPTH_EDGES_H_

#include <cstdint>
#include <vector>

#include "dkn/image.h"

namespace dkn::eval {

// A step between neighbours, as a fraction of the truth's range, beyond which a depth edge lies.
inline constexpr double kDepthEdgeStep = 0.02;
// Side of the window, in pixels and odd, in which one pixel at an edge makes all near it.
inline constexpr int kDepthEdgeWindow = 9;

// Which pixels lie near a depth edge, row by row: 1 or 0. A pixel is at an edge when it and its
// left, right, upper or lower neighbour, both finite, differ by more than kDepthEdgeStep x the
// range of the finite values; it is near one when a pixel at an edge lies in the square window
// around it.
// The rule, and the window's width, are those of "depth discontinuity regions" in Scharstein and
// Szeliski, A Taxonomy and Evaluation of Dense Two-Frame Stereo Correspondence Algorithms, IJCV
// 2002, Section 5.1. The step is ours: theirs is 2 disparities, ours means something in any unit.
// `truth` has one channel.
std::vector<std::uint8_t> NearDepthEdges(ConstView truth);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_DEPTH_EDGES_H_
