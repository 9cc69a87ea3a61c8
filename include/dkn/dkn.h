// DKN from C (C99 and later; C++ may include it too): what `dkn upsample`, `dkn filter` and `dkn
// segment` do, for frames in memory. No exception leaves a function. Programs that know C++ use the
// other headers of this folder.
//
//   dkn_frame guide = dkn_frame_of(rgb, DKN_UINT8, 640, 480, 3);
//   dkn_frame depth = dkn_frame_of(millimetres, DKN_UINT16, 80, 60, 1);
//   dkn_frame sharp = dkn_frame_of(result, DKN_UINT16, 640, 480, 1);
//   dkn_upsampler* upsampler = NULL;
//   if (dkn_upsampler_create(NULL, &upsampler) != DKN_OK ||
//       dkn_upsampler_set_guide(upsampler, &guide) != DKN_OK ||
//       dkn_upsampler_upsample(upsampler, &depth, NULL, &sharp, NULL) != DKN_OK) {
//     fprintf(stderr, "%s\n", dkn_last_error());
//   }
//   dkn_upsampler_destroy(upsampler);
//
// A structure begins with its own size, struct_size, and may be all zero behind that: 0 is the
// default of every field, also of those that later versions add. The same fault gives the same
// status from every function. A function that fails changes nothing but the last error and, where
// it says so, an output.

#ifndef DKN_DKN_H_
#define DKN_DKN_H_

#include <stddef.h>

#include "dkn/export.h"

// The version of this header; dkn_version tells the library's. The build reads it here; before a
// release it has a suffix, else "".
#define DKN_VERSION_MAJOR 1
#define DKN_VERSION_MINOR 0
#define DKN_VERSION_PATCH 0
#define DKN_VERSION_SUFFIX "-rc1"
#define DKN_VERSION_NUMBER (10000 * DKN_VERSION_MAJOR + 100 * DKN_VERSION_MINOR + DKN_VERSION_PATCH)
#define DKN_VERSION_JOIN_(major, minor, patch) #major "." #minor "." #patch
#define DKN_VERSION_TEXT_(major, minor, patch) DKN_VERSION_JOIN_(major, minor, patch)
#define DKN_VERSION_STRING \
  DKN_VERSION_TEXT_(DKN_VERSION_MAJOR, DKN_VERSION_MINOR, DKN_VERSION_PATCH) DKN_VERSION_SUFFIX

#ifdef __cplusplus
extern "C" {
#endif

typedef enum dkn_status {
  DKN_OK = 0,
  // A mistake of the calling program: NULL where that must not be, a malformed structure or frame
  // (sizes below 1, strides that overlap, an unknown choice), an option out of its range or against
  // another one, a target before its guide, a buffer that is too small.
  DKN_ERROR_ARGUMENT = 1,
  // No method or model has this name; the file cannot be read or is no model; or the method has no
  // such option.
  DKN_ERROR_METHOD = 2,
  // Frames do not fit each other in size or channels, a value is NaN or infinite that must not be
  // or does not fit the result's type, or nothing is measured.
  DKN_ERROR_INPUT = 3,
  // Memory did not suffice, or max_memory_mb did not.
  DKN_ERROR_MEMORY = 4,
  // A defect of the library; please report it with the text of dkn_last_error.
  DKN_ERROR_INTERNAL = 5,
  // The caller's dkn_upsampler_options::progress ended the work.
  DKN_ERROR_CANCELLED = 6
} dkn_status;

// What went wrong in the last function that failed in this thread: one line of UTF-8, "" when none
// has. Never NULL; valid until the thread's next call of a function of this header.
DKN_EXPORT const char* dkn_last_error(void);

// The status' name, "DKN_OK" for instance; "unknown status" for any other number. Never fails.
DKN_EXPORT const char* dkn_status_name(int status);

// The library's version, as DKN_VERSION_STRING and DKN_VERSION_NUMBER.
DKN_EXPORT const char* dkn_version(void);
DKN_EXPORT int dkn_version_number(void);

// How many threads the library uses for what the calling thread starts from now on; 0: one for each
// processor. Results do not depend on it.
DKN_EXPORT dkn_status dkn_set_threads(int count);

// The names that `method` below knows, methods first, then the model files that are found, each
// followed by '\n', then '\0': into `buffer` of `size` bytes. `needed`, which may be NULL, gets the
// bytes that this takes, also where the buffer is too small. With buffer == NULL and size == 0 that
// is all.
DKN_EXPORT dkn_status dkn_list_methods(char* buffer, size_t size, size_t* needed);

// How a value is stored. DKN_FLOAT16 is IEEE 754's binary16.
typedef enum dkn_sample_type {
  DKN_UINT8 = 0,
  DKN_UINT16 = 1,
  DKN_FLOAT16 = 2,
  DKN_FLOAT32 = 3
} dkn_sample_type;

// Of a pixel's colours: the first three of 3 or 4 channels. A second or a fourth one is alpha.
typedef enum dkn_order { DKN_ORDER_RGB = 0, DKN_ORDER_BGR = 1 } dkn_order;

// Pixels that the caller owns, as cameras, OpenCV and numpy hold them, in the processor's byte
// order. Sizes are 1 or more; no two values may share a place. Of guides, targets and masks `data`
// is only read.
typedef struct dkn_frame {
  size_t struct_size;  // sizeof(dkn_frame)
  void* data;
  int type;  // a dkn_sample_type
  int width;
  int height;
  int channels;
  int order;   // a dkn_order
  int planar;  // not 0: a plane for each channel; 0: a pixel's channels stand side by side
  // Bytes from a row to the next, and from a plane to the next. 0: without gaps.
  ptrdiff_t row_stride;
  ptrdiff_t plane_stride;
} dkn_frame;

// A frame without gaps: R,G,B, a pixel's channels side by side.
static inline dkn_frame dkn_frame_of(const void* data, dkn_sample_type type, int width, int height,
                                     int channels) {
  const dkn_frame frame = {sizeof(dkn_frame), (void*)data,   type, width, height,
                           channels,          DKN_ORDER_RGB, 0,    0,     0};
  return frame;
}

// The type of the values that a network's convolutions multiply. BF16 and INT8 are faster where the
// processor has instructions for them, elsewhere FP32 is used; INT8 needs a model file that says
// its ranges, as shipped ones do. AUTO is the fastest whose loss of accuracy, as recorded in the
// file, is at most max_rmse_change_percent.
typedef enum dkn_precision {
  DKN_PRECISION_AUTO = 0,
  DKN_PRECISION_FP32 = 1,
  DKN_PRECISION_BF16 = 2,
  DKN_PRECISION_INT8 = 3
} dkn_precision;

// Which value stands for a hole in targets and results, beside NaN and infinity.
typedef enum dkn_invalid_rule {
  // 0 of integers that seem to be depth or the like (InvalidRule::kByType in dkn/upsampler.h); none
  // of floats, pictures, masks and labels.
  DKN_INVALID_BY_TYPE = 0,
  DKN_INVALID_NONE = 1,  // none: every value counts
  DKN_INVALID_VALUE = 2  // the field `invalid_values` or, where that is NULL, `invalid`
} dkn_invalid_rule;

// What becomes of pixels on holes of the target.
typedef enum dkn_holes {
  DKN_HOLES_FILL = 0,  // a value everywhere
  DKN_HOLES_KEEP = 1,  // holes stay holes, their border halfway between samples
  // Values only where least_support of the kernel's weight is on measurements.
  DKN_HOLES_MEASURED = 2
} dkn_holes;

typedef enum dkn_resampler {
  DKN_RESAMPLER_BICUBIC = 0,
  DKN_RESAMPLER_NEAREST = 1,
  DKN_RESAMPLER_BOX = 2,
  DKN_RESAMPLER_BILINEAR = 3,
  DKN_RESAMPLER_LANCZOS = 4
} dkn_resampler;

// Is called now and then by work that takes long, on the thread that asked for it, with the share
// that is done: 0 to 1, never less than before. 0 ends the work, with DKN_ERROR_CANCELLED.
typedef int (*dkn_progress)(double done, void* user);

// The defaults are those of `dkn upsample`. Texts are copied.
typedef struct dkn_upsampler_options {
  size_t struct_size;  // sizeof(dkn_upsampler_options)
  // A method ("guided"), a shipped model ("fdkn_x8"), or a model file (anything with a '/' or
  // ending in ".safetensors"). NULL: what fits the ratio of sizes.
  const char* method;
  // Of networks; other methods refuse all but the defaults, but for one that the ratio decides.
  int precision;  // a dkn_precision
  // The most memory in 10^6 bytes for images and work of one frame; larger ones are filtered in
  // tiles, with the same result but for rounding. 0: no bound.
  int max_memory_mb;
  double max_rmse_change_percent;  // of AUTO, on validation images; 0: 0.5
  int invalid_rule;                // a dkn_invalid_rule
  float invalid;        // of DKN_INVALID_VALUE; of an integer target an integer of its type
  int holes;            // a dkn_holes
  float least_support;  // of DKN_HOLES_MEASURED: more than 0 and at most 1; 0: 0.5
  // How often holes are filled anew by what the filter made of them; 0: once, -1: never.
  int hole_refinements;
  int fidelity_iterations;  // of back-projection: the result, shrunk again, returns the target
  int resampler;            // a dkn_resampler: what brings the target to the guide's size
  int confidence;           // not 0: dkn_result::confidence is wanted
  // Metres that one step of 16-bit integers is, where a result has another type than its target:
  // 16 bits become float metres, with NaN for holes, float metres 16 bits, with 0. 0: 0.001.
  double step;
  // Not 0: a target without any measurement gives a result of holes, not DKN_ERROR_INPUT.
  // 0 of 16 bits in one channel is always a hole then by DKN_INVALID_BY_TYPE.
  int may_be_empty;
  // Not 0: the target covers this part of the guide alone, x, y, width and height in the guide's
  // pixels; around it are holes.
  int has_place;
  int place[4];
  // The target is what a depth camera beside the guide's measured: both cameras as JSON, as in
  // docs/streams.md. The target is moved into the guide's view first. NULL: it shows that view.
  const char* cameras_json;
  // Not 0: isolated values far from the rest count as measured, else as holes (see
  // UpsampleOptions::keep_wild_values in dkn/upsample.h). With DKN_INVALID_NONE they always count.
  int keep_wild_values;
  // Of DKN_INVALID_VALUE, values and ranges: "0", "0,65535,>8000", "<0.1", "100..200", "nan". The
  // first single value stands for holes of results; without any NaN does, of integers 0. NULL: the
  // field `invalid`.
  const char* invalid_values;
  // Pixels of a mask below this are holes, all others are measured. 0: those of 0 are holes.
  double mask_at_least;
  // Not 0: masks tell how far to trust each pixel (UpsampleOptions::mask in dkn/upsample.h), from 0
  // to the largest value of an integer type or 1. Masks of floats do anyway without mask_at_least.
  int soft_mask;
  int iterations;  // each after the first filters what the last one gave; 0: 1
  // Of the method's parameters, "radius=2,epsilon=0.01"; `dkn info METHOD` lists them. NULL: none.
  const char* settings;
  // Of each frame; NULL: nobody is told. Siblings call it too, with the same `progress_user`.
  dkn_progress progress;
  void* progress_user;
  // In which a frame is filtered, 1, 2, 4 or 8: mirrored, turned, and the mean of all, for so many
  // times the cost (AverageOrientations in dkn/orientations.h). 0: 1.
  int orientations;
} dkn_upsampler_options;

// From a camera's frames to sharp ones. It owns the method and the memory: frames of one size take
// their memory once, and while the guide stays the method's work for it is not repeated. Of one
// thread at a time; other threads use siblings.
typedef struct dkn_upsampler dkn_upsampler;

// Makes an upsampler; `options` may be NULL. *upsampler gets it, or NULL on failure. A method that
// the ratio decides is made with the first frame.
DKN_EXPORT dkn_status dkn_upsampler_create(const dkn_upsampler_options* options,
                                           dkn_upsampler** upsampler);
// One more for another thread: the same options and methods, a guide and memory of its own.
DKN_EXPORT dkn_status dkn_upsampler_sibling(const dkn_upsampler* upsampler,
                                            dkn_upsampler** sibling);
// NULL is fine.
DKN_EXPORT void dkn_upsampler_destroy(dkn_upsampler* upsampler);

// The guide of the frames from now on, which is copied: 1 or 3 channels, 2 or 4 with alpha, which
// is dropped. 8-bit integers are taken as fractions of 255, floats in about [0, 1] as they are; of
// others the values tell the range (ToGuide in dkn/frame.h). On failure the guide before stays.
DKN_EXPORT dkn_status dkn_upsampler_set_guide(dkn_upsampler* upsampler, const dkn_frame* guide);
// One line where the guide's values were brought into another range, "" else. Never NULL, but for a
// NULL upsampler; valid until the next guide.
DKN_EXPORT const char* dkn_upsampler_guide_note(const dkn_upsampler* upsampler);

// What a frame's result has beside it.
typedef struct dkn_result {
  size_t struct_size;  // sizeof(dkn_result)
  // Memory of the caller, one channel of DKN_FLOAT32 at the guide's size, or NULL. `confidence`
  // gets how far to trust each pixel, 0 to 1, 0 in holes, and takes the option of that name; `mask`
  // how much of each pixel rests on measurements, 0 to 1.
  const dkn_frame* confidence;
  const dkn_frame* mask;
  int holes;  // pixels of the target without measurement
  // With fidelity_iterations: root mean square of what the target differs by from the result,
  // shrunk again, in the target's unit.
  double residual;
  int wild_values;      // of the holes, pixels that were isolated and far from the rest
  float wildest_value;  // of the largest magnitude among them
  // What the target was taken for, told by no option: see UpsampledFrame in dkn/upsampler.h.
  int zero_holes;    // pixels of 0 that are holes by DKN_INVALID_BY_TYPE
  int zero_values;   // those that are not, though they have 16 bits and one channel
  int lone_pixels;   // that count, and whose value seems to stand for no measurement
  float lone_value;  // the smallest of these values
} dkn_result;

// The target at the guide's size and with its structure, into `out`, which has the guide's size,
// the target's channels and its type or one that dkn_upsampler_options::step leads to (not
// DKN_UINT8). A target has any number of channels, any unit, and is no larger than the guide in
// each direction; a pixel is a hole in all channels where it is one in some. `mask`, or NULL: 0
// where the target has a hole too, or see mask_at_least and soft_mask; one channel of its size, of
// any type. `result` may be NULL.
DKN_EXPORT dkn_status dkn_upsampler_upsample(dkn_upsampler* upsampler, const dkn_frame* target,
                                             const dkn_frame* mask, const dkn_frame* out,
                                             dkn_result* result);

// The name of what filtered the last frame, "" before the first and where that had no measurement.
// Never NULL, but for a NULL upsampler; valid until its next frame.
DKN_EXPORT const char* dkn_upsampler_method(const dkn_upsampler* upsampler);

// As in dkn_upsampler_options.
typedef struct dkn_filter_options {
  size_t struct_size;  // sizeof(dkn_filter_options)
  const char* method;  // NULL: what an upsampler takes at a ratio of 1; of a picture that is its
                       // own guide "fdkn_denoise"
  int precision;
  int max_memory_mb;
  double max_rmse_change_percent;
  int iterations;  // each after the first filters what the last one gave; 0: 1
  // Of targets with holes.
  int invalid_rule;
  float invalid;
  const char* invalid_values;
  int holes;
  float least_support;
  int keep_wild_values;
  double mask_at_least;
  int soft_mask;
  const dkn_frame* mask;  // as for dkn_upsampler_upsample; or NULL
  const char* settings;
  dkn_progress progress;
  void* progress_user;
  int orientations;
} dkn_filter_options;

// What `dkn filter` does: the target with the guide's structure, in the target's type and unit. The
// guide has its size, `out` its size, channels and type. It is what a dkn_upsampler of these
// options makes of such a target, which can give confidence, too. guide == NULL: the target, a
// picture of 1 or 3 channels or a depth map, is its own guide, in each iteration anew, and loses
// its texture or noise (the paper takes 4 iterations); alpha is dropped then and `out` has none.
// `options` may be NULL. The method is made for each call.
DKN_EXPORT dkn_status dkn_filter_frame(const dkn_filter_options* options, const dkn_frame* guide,
                                       const dkn_frame* target, const dkn_frame* out);

// The defaults are those of `dkn segment`. Texts are copied.
typedef struct dkn_segmenter_options {
  size_t struct_size;  // sizeof(dkn_segmenter_options)
  // The joint filter that gives the scores the picture's structure, as `method` above, or "none".
  // NULL: the one that the network was trained with.
  const char* filter;
  int precision;  // of that filter, as what follows
  int max_memory_mb;
  double max_rmse_change_percent;
  const char* settings;
  // Larger pictures are made smaller for the work. 0: what the network's file says; -1: no bound.
  long long max_pixels;
} dkn_segmenter_options;

// What a picture's pixels show. Several threads may use one at once.
typedef struct dkn_segmenter dkn_segmenter;

// Loads a segmentation network, a shipped one ("camvid") or a model file; `options` may be NULL.
// *segmenter gets it, or NULL on failure.
DKN_EXPORT dkn_status dkn_segmenter_create(const char* network,
                                           const dkn_segmenter_options* options,
                                           dkn_segmenter** segmenter);
// NULL is fine.
DKN_EXPORT void dkn_segmenter_destroy(dkn_segmenter* segmenter);

// How many classes it knows; 0 of NULL.
DKN_EXPORT int dkn_segmenter_class_count(const dkn_segmenter* segmenter);
// The name of a class, from 0 on; NULL where there is none. Valid as long as the segmenter.
DKN_EXPORT const char* dkn_segmenter_class_name(const dkn_segmenter* segmenter, int number);

// The picture is as a guide. `labels` gets the number of each pixel's class: one channel of the
// picture's size, of a type that holds them all. `scores` gets DKN_FLOAT32 before a softmax (of
// "densecrf" probabilities), a channel for each class. One of them may be NULL.
DKN_EXPORT dkn_status dkn_segmenter_segment(const dkn_segmenter* segmenter,
                                            const dkn_frame* picture, const dkn_frame* labels,
                                            const dkn_frame* scores);

#ifdef __cplusplus
}
#endif

#endif  // DKN_DKN_H_
