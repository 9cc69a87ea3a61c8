// DKN from C (C99 and later; C++ may include it too). Functions of the library behind opaque
// handles; no exception leaves them. Programs that know C++ use the other headers of this folder.
//
//   dkn_filter* filter = NULL;
//   if (dkn_filter_create("fdkn_x8", NULL, &filter) != DKN_OK ||
//       dkn_upsample(filter, &guide, &depth, NULL, &sharp) != DKN_OK) {
//     fprintf(stderr, "%s\n", dkn_last_error());
//   }
//   dkn_filter_destroy(filter);
//
// Threads: several may use one filter at once; a stream is of one thread at a time.
// A function that fails changes nothing but the last error and, where it says so, its output's
// values. A structure of options begins with its own size and may be all zero behind that: 0 is
// the default of every field, also of those that later versions add.

#ifndef DKN_DKN_H_
#define DKN_DKN_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum dkn_status {
  DKN_OK = 0,
  // An argument is NULL that must not be, a structure is malformed (sizes below 1, strides that
  // overlap, an unknown size or choice), or a buffer is too small.
  DKN_ERROR_ARGUMENT = 1,
  // No method or model has this name; the file cannot be read or is no model; or the method has no
  // such option.
  DKN_ERROR_MODEL = 2,
  // Images do not fit each other in size or channels, or a value is NaN or infinite.
  DKN_ERROR_INPUT = 3,
  // Memory did not suffice, or max_memory_mb did not.
  DKN_ERROR_MEMORY = 4,
  // A defect of the library; please report it with the text of dkn_last_error.
  DKN_ERROR_INTERNAL = 5
} dkn_status;

// What went wrong in the last function that failed in this thread: one line of UTF-8, "" when none
// has. Never NULL; valid until the thread's next call of a function of this header.
const char* dkn_last_error(void);

// The status' name, "DKN_OK" for instance; "unknown status" for any other number. Never fails.
const char* dkn_status_name(int status);

// The library's version, "1.2.3", and as 10000 * 1 + 100 * 2 + 3.
const char* dkn_version(void);
int dkn_version_number(void);

// How many threads the library uses for what the calling thread starts from now on; 0: one for each
// processor. Results do not depend on it. Fails with DKN_ERROR_ARGUMENT where it is negative.
dkn_status dkn_set_threads(int count);

// The names that dkn_filter_create knows, methods first, then the model files that are found, each
// followed by '\n', then '\0': into `buffer` of `size` bytes. `needed`, which may be NULL, gets the
// bytes that this takes. With buffer == NULL and size == 0 that is all. DKN_ERROR_ARGUMENT where
// the buffer is too small; it is unchanged then.
dkn_status dkn_list_methods(char* buffer, size_t size, size_t* needed);

// Planar float pixels that the caller owns: `channels` planes of `height` rows of `width` values,
// all sizes 1 or more. Strides count floats: from a row to the next and from a plane to the next. 0
// stands for rows, and planes, without gaps. No two values may share a place. Colour is R,G,B.
// Data of a guide or target is only read.
typedef struct dkn_image {
  float* data;
  int width;
  int height;
  int channels;
  ptrdiff_t row_stride;
  ptrdiff_t channel_stride;
} dkn_image;

// The type of the values that a network's convolutions multiply. BF16 and INT8 are faster where the
// processor has instructions for them, elsewhere FP32 is used; INT8 needs a model file that says
// its ranges, as shipped ones do. AUTO is the fastest whose loss of accuracy, as recorded in the
// file, is at most max_rmse_change_percent.
typedef enum dkn_precision {
  DKN_PRECISION_FP32 = 0,
  DKN_PRECISION_BF16 = 1,
  DKN_PRECISION_INT8 = 2,
  DKN_PRECISION_AUTO = 3
} dkn_precision;

// Of networks; other methods refuse all but the defaults.
typedef struct dkn_filter_options {
  size_t struct_size;  // sizeof(dkn_filter_options)
  int precision;       // a dkn_precision
  // The most memory in 10^6 bytes for images and work of one call; larger images are filtered in
  // tiles, with the same result. 0: no bound.
  int max_memory_mb;
  double max_rmse_change_percent;  // of AUTO, on validation images; 0: 0.5
} dkn_filter_options;

// A method: a network with its weights, or a classical filter.
typedef struct dkn_filter dkn_filter;

// Makes a filter: of a method ("guided"), of a shipped model ("fdkn_x8"), or from a model file
// (anything with a '/' or ending in ".safetensors"). `options` may be NULL. *filter gets it, or
// NULL on failure: DKN_ERROR_ARGUMENT, _MODEL or _MEMORY.
dkn_status dkn_filter_create(const char* name_or_file, const dkn_filter_options* options,
                             dkn_filter** filter);
// Streams of the filter live on. NULL is fine.
void dkn_filter_destroy(dkn_filter* filter);

// The precision in use, never AUTO: into *precision. Methods without network compute in FP32.
dkn_status dkn_filter_precision(const dkn_filter* filter, dkn_precision* precision);

// Filters a target of the guide's size. Guide: 1 or 3 channels, values in [0, 1]. Target: any
// number of channels, values in [0, 1]; `out` has its size and channels, and may be the target
// itself. Fails with DKN_ERROR_ARGUMENT, _INPUT or _MEMORY and leaves `out` as it was.
dkn_status dkn_filter_apply(const dkn_filter* filter, const dkn_image* guide,
                            const dkn_image* target, const dkn_image* out);

typedef enum dkn_resampler {
  DKN_RESAMPLER_BICUBIC = 0,
  DKN_RESAMPLER_NEAREST = 1,
  DKN_RESAMPLER_BOX = 2,
  DKN_RESAMPLER_BILINEAR = 3,
  DKN_RESAMPLER_LANCZOS = 4
} dkn_resampler;

// What becomes of pixels on holes of the target.
typedef enum dkn_holes {
  DKN_HOLES_FILL = 0,  // a value everywhere
  DKN_HOLES_KEEP = 1,  // holes stay holes, their border halfway between samples
  // Values only where least_support of the kernel's weight is on measurements.
  DKN_HOLES_MEASURED = 2
} dkn_holes;

// All 0 but for the first member is good.
typedef struct dkn_upsample_options {
  size_t struct_size;  // sizeof(dkn_upsample_options)
  int resampler;       // a dkn_resampler: what brings the target to the guide's size
  int holes;           // a dkn_holes
  // Not 0: `invalid` stands for a hole in the target, and in the result. 0: NaN does. Values that
  // are not finite are holes in any case.
  int has_invalid;
  float invalid;
  float least_support;  // of DKN_HOLES_MEASURED: more than 0 and at most 1; 0: 0.5
  // How often holes are filled anew by what the filter made of them; 0: once, -1: never.
  int hole_refinements;
  int fidelity_iterations;  // of back-projection: the result, shrunk again, returns the target
  int limit_to_measured;    // not 0: results lie within the range of what was measured
  // Gets how far to trust each pixel, 0 to 1, 0 in holes: 1 channel at the guide's size. NULL: not
  // wanted.
  const dkn_image* confidence;
  const dkn_image* mask;  // 0 where the target has a hole too: 1 channel of its size; or NULL
} dkn_upsample_options;

// Upsamples a target, in any unit and no larger than the guide in each direction, to the guide's
// size and structure: `out` has the guide's size and the target's channels. The target is
// normalised by its range for the filter and brought back; values of the result may leave that
// range a little. A pixel that is a hole in one channel is one in all. `options` may be NULL. Fails
// as dkn_filter_apply does, and where no value of the target is measured; images stay as they were
// then.
dkn_status dkn_upsample(const dkn_filter* filter, const dkn_image* guide, const dkn_image* target,
                        const dkn_upsample_options* options, const dkn_image* out);

// A network at work on frames of one size: what dkn_filter_apply computes, in memory that is taken
// once. While the guide does not change its part of the network, about half of the work, is not
// repeated.
typedef struct dkn_stream dkn_stream;

typedef struct dkn_frame_size {
  int width;
  int height;
  int guide_channels;   // 1 or 3
  int target_channels;  // 1 or more
} dkn_frame_size;

// Makes a stream. DKN_ERROR_ARGUMENT where the filter is
// no network or a size below 1; DKN_ERROR_MEMORY. *stream gets NULL then.
dkn_status dkn_stream_create(const dkn_filter* filter, const dkn_frame_size* size,
                             dkn_stream** stream);
// NULL is fine.
void dkn_stream_destroy(dkn_stream* stream);

// The guide of the frames from now on, values in [0, 1]. Its pixels, not the structure, must remain
// as they are until the next dkn_stream_set_guide or dkn_stream_destroy. DKN_ERROR_INPUT where it
// is of another size than the stream or not finite; the guide before stays then.
dkn_status dkn_stream_set_guide(dkn_stream* stream, const dkn_image* guide);

// Filters a frame, values in [0, 1], into `out`, which shares no memory with it. DKN_ERROR_INPUT
// before the first guide, and where an image is of another size or a value not finite.
dkn_status dkn_stream_filter(dkn_stream* stream, const dkn_image* target, const dkn_image* out);

#ifdef __cplusplus
}
#endif

#endif  // DKN_DKN_H_
