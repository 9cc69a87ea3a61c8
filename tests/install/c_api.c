/* Uses the installed library from C99: what works, and each status that a call can give. */

#define _POSIX_C_SOURCE 200112L

#include <dkn/dkn.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static int failures = 0;

/* The call gives this status; a failure's text holds `naming`. */
static void expect(int line, dkn_status status, dkn_status expected, const char* naming) {
  if (status != expected) {
    printf("line %d: %s, expected %s: %s\n", line, dkn_status_name(status),
           dkn_status_name(expected), dkn_last_error());
    ++failures;
  } else if (status != DKN_OK && strstr(dkn_last_error(), naming) == NULL) {
    printf("line %d: '%s' does not hold '%s'\n", line, dkn_last_error(), naming);
    ++failures;
  }
}
static void expect_true(int line, int holds, const char* condition) {
  if (!holds) {
    printf("line %d: not %s\n", line, condition);
    ++failures;
  }
}
#define OK(call) expect(__LINE__, call, DKN_OK, "")
#define ARGUMENT(call, naming) expect(__LINE__, call, DKN_ERROR_ARGUMENT, naming)
#define MODEL(call, naming) expect(__LINE__, call, DKN_ERROR_MODEL, naming)
#define INPUT(call, naming) expect(__LINE__, call, DKN_ERROR_INPUT, naming)
#define MEMORY(call, naming) expect(__LINE__, call, DKN_ERROR_MEMORY, naming)
#define TRUE(condition) expect_true(__LINE__, condition, #condition)

enum { W = 64, H = 48, SCALE = 8, SMALL = W * H / SCALE / SCALE };

static float guide_values[3 * W * H];
static float small_values[SMALL];
static float target_values[W * H];
static float out_values[W * H];

static const dkn_image guide = {guide_values, W, H, 3, 0, 0};
static const dkn_image small = {small_values, W / SCALE, H / SCALE, 1, 0, 0};
static const dkn_image target = {target_values, W, H, 1, 0, 0};
static const dkn_image out = {out_values, W, H, 1, 0, 0};

/* A step of depth, in millimetres, where the guide's brightness steps. */
static void make_images(void) {
  for (int y = 0; y < H; ++y) {
    for (int x = 0; x < W; ++x) {
      for (int c = 0; c < 3; ++c) {
        guide_values[(c * H + y) * W + x] = x < W / 2 ? 0.2f : 0.8f;
      }
      target_values[y * W + x] = x < W / 2 ? 0.25f : 0.75f;
    }
  }
  for (int i = 0; i < SMALL; ++i) {
    small_values[i] = i % (W / SCALE) < W / SCALE / 2 ? 1000.0f : 3000.0f;
  }
}

static void test_version_and_names(void) {
  int major = 0, minor = 0, patch = 0;
  TRUE(sscanf(dkn_version(), "%d.%d.%d", &major, &minor, &patch) == 3);
  TRUE(dkn_version_number() == 10000 * major + 100 * minor + patch);
  TRUE(strcmp(dkn_status_name(DKN_ERROR_MODEL), "DKN_ERROR_MODEL") == 0);
  TRUE(strcmp(dkn_status_name(-3), "unknown status") == 0);
  OK(dkn_set_threads(1));
  OK(dkn_set_threads(0));
  ARGUMENT(dkn_set_threads(-1), "-1");

  size_t needed = 0;
  OK(dkn_list_methods(NULL, 0, &needed));
  char* names = malloc(needed);
  if (names == NULL) {
    exit(1);
  }
  names[0] = 'x';
  ARGUMENT(dkn_list_methods(names, needed - 1, NULL), "buffer");
  TRUE(names[0] == 'x');
  ARGUMENT(dkn_list_methods(NULL, needed, NULL), "NULL");
  OK(dkn_list_methods(names, needed, NULL));
  TRUE(strlen(names) + 1 == needed);
  TRUE(strstr(names, "bicubic\n") != NULL && strstr(names, "fdkn_x8\n") != NULL);
  free(names);
}

static void test_create(void) {
  dkn_filter* filter = NULL;
  dkn_filter* none = (dkn_filter*)&filter;
  ARGUMENT(dkn_filter_create(NULL, NULL, &filter), "NULL");
  ARGUMENT(dkn_filter_create("bicubic", NULL, NULL), "NULL");
  MODEL(dkn_filter_create("no_such", NULL, &none), "no_such");
  TRUE(none == NULL);
  MODEL(dkn_filter_create("absent/file.safetensors", NULL, &filter), "absent/file.safetensors");
  MODEL(dkn_filter_create("/dev/null", NULL, &filter), "/dev/null");

  dkn_filter_options options = {sizeof options, DKN_PRECISION_INT8, 0, 0.0};
  MODEL(dkn_filter_create("guided", &options, &filter), "precision");
  options.precision = 4;
  ARGUMENT(dkn_filter_create("fdkn_x8", &options, &filter), "precision");
  options.precision = -1;
  ARGUMENT(dkn_filter_create("fdkn_x8", &options, &filter), "precision");
  options.precision = DKN_PRECISION_AUTO;
  options.max_memory_mb = -1;
  ARGUMENT(dkn_filter_create("fdkn_x8", &options, &filter), "max_memory_mb");
  options.max_memory_mb = 0;
  options.max_rmse_change_percent = -1.0;
  ARGUMENT(dkn_filter_create("fdkn_x8", &options, &filter), "max_rmse_change_percent");
  options.max_rmse_change_percent = 0.0;
  options.struct_size = 1;
  ARGUMENT(dkn_filter_create("fdkn_x8", &options, &filter), "struct_size");
  options.struct_size = sizeof options;
  OK(dkn_filter_create("fdkn_x8", &options, &filter));

  dkn_precision precision = DKN_PRECISION_AUTO;
  OK(dkn_filter_precision(filter, &precision));
  TRUE(precision != DKN_PRECISION_AUTO);
  ARGUMENT(dkn_filter_precision(NULL, &precision), "NULL");
  ARGUMENT(dkn_filter_precision(filter, NULL), "NULL");
  dkn_filter_destroy(filter);
  dkn_filter_destroy(NULL);
}

static void test_apply(void) {
  dkn_filter* filter = NULL;
  OK(dkn_filter_create("bicubic", NULL, &filter));
  OK(dkn_filter_apply(filter, &guide, &target, &out));
  TRUE(memcmp(out_values, target_values, sizeof out_values) == 0);

  ARGUMENT(dkn_filter_apply(NULL, &guide, &target, &out), "filter is NULL");
  ARGUMENT(dkn_filter_apply(filter, NULL, &target, &out), "guide is NULL");
  ARGUMENT(dkn_filter_apply(filter, &guide, NULL, &out), "target is NULL");
  ARGUMENT(dkn_filter_apply(filter, &guide, &target, NULL), "out is NULL");
  const dkn_image without_data = {NULL, W, H, 1, 0, 0};
  ARGUMENT(dkn_filter_apply(filter, &guide, &without_data, &out), "target.data is NULL");
  ARGUMENT(dkn_filter_apply(filter, &guide, &target, &without_data), "out.data is NULL");
  dkn_image wrong = target;
  wrong.width = -W;
  ARGUMENT(dkn_filter_apply(filter, &guide, &wrong, &out), "-64 x 48");
  wrong = target;
  wrong.height = 0;
  ARGUMENT(dkn_filter_apply(filter, &guide, &wrong, &out), "64 x 0");
  wrong = target;
  wrong.row_stride = W - 1;
  ARGUMENT(dkn_filter_apply(filter, &guide, &wrong, &out), "row_stride");
  wrong = guide;
  wrong.channel_stride = W;
  ARGUMENT(dkn_filter_apply(filter, &wrong, &target, &out), "channel_stride");
  wrong = guide;
  wrong.width = wrong.height = wrong.channels = INT_MAX;
  ARGUMENT(dkn_filter_apply(filter, &wrong, &target, &out), "memory");

  wrong = target;
  wrong.height = H - 1;
  INPUT(dkn_filter_apply(filter, &guide, &wrong, &wrong), "64 x 47");
  INPUT(dkn_filter_apply(filter, &guide, &target, &wrong), "out is 64 x 47");
  wrong = guide;
  wrong.channels = 2;
  INPUT(dkn_filter_apply(filter, &wrong, &target, &out), "2 channels");
  out_values[0] = 7.0f;
  target_values[W + 3] = nanf("");
  INPUT(dkn_filter_apply(filter, &guide, &target, &out), "x = 3, y = 1");
  target_values[W + 3] = -INFINITY;
  INPUT(dkn_filter_apply(filter, &guide, &target, &out), "x = 3, y = 1");
  TRUE(out_values[0] == 7.0f);
  make_images();
  dkn_filter_destroy(filter);
}

/* Millimetres with 0 for a hole, as a camera gives them. */
static void test_holes(const dkn_filter* filter) {
  const dkn_image confidence = {target_values, W, H, 1, 0, 0};
  const int hole = SCALE * W + SCALE + SCALE / 2;
  small_values[9] = 0.0f;
  dkn_upsample_options options = {
      .struct_size = sizeof options, .has_invalid = 1, .confidence = &confidence};
  OK(dkn_upsample(filter, &guide, &small, &options, &out));
  TRUE(fabsf(out_values[hole] - 1000.0f) < 200.0f);
  const float unsure = target_values[hole];
  TRUE(0.0f < unsure && unsure < target_values[hole + 2 * SCALE * W]);
  options.holes = DKN_HOLES_KEEP;
  OK(dkn_upsample(filter, &guide, &small, &options, &out));
  TRUE(out_values[hole] == 0.0f && target_values[hole] == 0.0f);
  options.mask = &out;
  INPUT(dkn_upsample(filter, &guide, &small, &options, &out), "the mask is 64 x 48");
  options.mask = NULL;
  options.holes = 3;
  ARGUMENT(dkn_upsample(filter, &guide, &small, &options, &out), "holes");
  options.holes = DKN_HOLES_MEASURED;
  options.least_support = 2.0f;
  INPUT(dkn_upsample(filter, &guide, &small, &options, &out), "support");
  options.confidence = &small;
  INPUT(dkn_upsample(filter, &guide, &small, &options, &out), "options.confidence is 8 x 6");
  make_images();
}

static void test_upsample(void) {
  dkn_filter* bicubic = NULL;
  dkn_filter* filter = NULL;
  OK(dkn_filter_create("bicubic", NULL, &bicubic));
  OK(dkn_filter_create("fdkn_x8", NULL, &filter));
  OK(dkn_upsample(bicubic, &guide, &small, NULL, &out));
  const float blurred = out_values[H / 2 * W + W / 2 + 1];
  OK(dkn_upsample(filter, &guide, &small, NULL, &out));
  TRUE(fabsf(out_values[H / 2 * W + W / 2 + 1] - 3000.0f) < fabsf(blurred - 3000.0f));

  dkn_upsample_options options = {.struct_size = sizeof options,
                                  .resampler = DKN_RESAMPLER_NEAREST};
  OK(dkn_upsample(bicubic, &guide, &small, &options, &out));
  TRUE(out_values[W / 2 - 1] == 1000.0f && out_values[W / 2] == 3000.0f);
  options.resampler = 5;
  ARGUMENT(dkn_upsample(bicubic, &guide, &small, &options, &out), "resampler");
  options.struct_size = 0;
  ARGUMENT(dkn_upsample(bicubic, &guide, &small, &options, &out), "struct_size");
  ARGUMENT(dkn_upsample(NULL, &guide, &small, NULL, &out), "NULL");
  ARGUMENT(dkn_upsample(bicubic, NULL, &small, NULL, &out), "NULL");
  ARGUMENT(dkn_upsample(bicubic, &guide, NULL, NULL, &out), "NULL");
  ARGUMENT(dkn_upsample(bicubic, &guide, &small, NULL, NULL), "NULL");
  INPUT(dkn_upsample(bicubic, &small, &guide, NULL, &out), "out is 64 x 48");
  INPUT(dkn_upsample(bicubic, &guide, &small, NULL, &small), "out is 8 x 6");
  const dkn_image one_row = {guide_values, W, 1, 1, 0, 0};
  INPUT(dkn_upsample(bicubic, &one_row, &small, NULL, &one_row), "8 x 6");
  small_values[9] = FLT_MAX * 2.0f;  // a hole, which is filled
  OK(dkn_upsample(bicubic, &guide, &small, NULL, &out));
  TRUE(out_values[SCALE * W + SCALE] <= FLT_MAX);
  for (int i = 0; i < SMALL; ++i) {
    small_values[i] = FLT_MAX * 2.0f;
  }
  INPUT(dkn_upsample(bicubic, &guide, &small, NULL, &out), "all are holes");
  make_images();
  test_holes(filter);
  dkn_filter_destroy(bicubic);
  dkn_filter_destroy(filter);
}

static void test_stream(void) {
  dkn_filter* bicubic = NULL;
  dkn_filter* filter = NULL;
  dkn_stream* stream = NULL;
  dkn_frame_size size = {W, H, 3, 1};
  OK(dkn_filter_create("bicubic", NULL, &bicubic));
  OK(dkn_filter_create("fdkn_x8", NULL, &filter));
  ARGUMENT(dkn_stream_create(bicubic, &size, &stream), "no network");
  ARGUMENT(dkn_stream_create(NULL, &size, &stream), "NULL");
  ARGUMENT(dkn_stream_create(filter, NULL, &stream), "NULL");
  ARGUMENT(dkn_stream_create(filter, &size, NULL), "NULL");
  size.width = -1;
  ARGUMENT(dkn_stream_create(filter, &size, &stream), "-1 x 48");
  size.width = INT_MAX;
  ARGUMENT(dkn_stream_create(filter, &size, &stream), "2147483647 x 48");
  size.width = W;
  size.guide_channels = 2;
  ARGUMENT(dkn_stream_create(filter, &size, &stream), "channels");
  size.guide_channels = 3;
  OK(dkn_stream_create(filter, &size, &stream));
  dkn_filter_destroy(bicubic);

  INPUT(dkn_stream_filter(stream, &target, &out), "guide");
  INPUT(dkn_stream_set_guide(stream, &small), "8 x 6");
  ARGUMENT(dkn_stream_set_guide(stream, NULL), "NULL");
  ARGUMENT(dkn_stream_set_guide(NULL, &guide), "NULL");
  OK(dkn_stream_set_guide(stream, &guide));
  ARGUMENT(dkn_stream_filter(NULL, &target, &out), "NULL");
  ARGUMENT(dkn_stream_filter(stream, NULL, &out), "NULL");
  ARGUMENT(dkn_stream_filter(stream, &target, NULL), "NULL");
  INPUT(dkn_stream_filter(stream, &small, &out), "8 x 6");
  INPUT(dkn_stream_filter(stream, &target, &small), "8 x 6");
  target_values[5] = nanf("");
  INPUT(dkn_stream_filter(stream, &target, &out), "x = 5, y = 0");
  make_images();
  OK(dkn_stream_filter(stream, &target, &out));
  static float applied[W * H];
  const dkn_image expected = {applied, W, H, 1, 0, 0};
  OK(dkn_filter_apply(filter, &guide, &target, &expected));
  TRUE(memcmp(applied, out_values, sizeof applied) == 0);
  dkn_filter_destroy(filter);
  dkn_stream_destroy(stream);
  dkn_stream_destroy(NULL);
}

/* With no more memory than the process has, an image of 64 MB has no place. */
static void test_memory(void) {
  enum { SIDE = 2048 };
  float* pixels = malloc(4 * sizeof(float) * SIDE * SIDE);
  dkn_filter* filter = NULL;
  OK(dkn_filter_create("bicubic", NULL, &filter));
  if (pixels == NULL) {
    exit(1);
  }
  memset(pixels, 0, 4 * sizeof(float) * SIDE * SIDE);
  const dkn_image image = {pixels, SIDE, SIDE, 1, 0, 0};
  const dkn_image deep = {pixels, SIDE, SIDE, 4, 0, 0};
  struct rlimit before, small_limit;
  getrlimit(RLIMIT_AS, &before);
  small_limit = before;
  small_limit.rlim_cur = 1;
  setrlimit(RLIMIT_AS, &small_limit);
  const dkn_status status = dkn_filter_apply(filter, &image, &deep, &deep);
  setrlimit(RLIMIT_AS, &before);
  MEMORY(status, "memory");
  OK(dkn_filter_apply(filter, &image, &image, &image));
  dkn_filter_destroy(filter);
  free(pixels);
}

int main(void) {
  TRUE(strcmp(dkn_last_error(), "") == 0);
  make_images();
  test_version_and_names();
  test_create();
  test_apply();
  test_upsample();
  test_stream();
  test_memory();
  printf("C API %s: %d failures\n", dkn_version(), failures);
  return failures == 0 ? 0 : 1;
}
