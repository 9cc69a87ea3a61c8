/* Uses the installed library from C99: what works, and each status that a call can give. */

#define _POSIX_C_SOURCE 200112L

#include <dkn/dkn.h>
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
#define METHOD(call, naming) expect(__LINE__, call, DKN_ERROR_METHOD, naming)
#define INPUT(call, naming) expect(__LINE__, call, DKN_ERROR_INPUT, naming)
#define MEMORY(call, naming) expect(__LINE__, call, DKN_ERROR_MEMORY, naming)
#define TRUE(condition) expect_true(__LINE__, condition, #condition)

enum { W = 64, H = 48, SCALE = 8, SMALL = W * H / SCALE / SCALE };

static unsigned char rgb[3 * W * H];
static unsigned short millimetres[SMALL];
static unsigned short result[W * H];
static float map[W * H];

static dkn_frame guide, depth, sharp, confidence;

/* A step of depth, in millimetres, where the guide's brightness steps. */
static void make_frames(void) {
  for (int i = 0; i < 3 * W * H; ++i) {
    rgb[i] = i / 3 % W < W / 2 ? 50 : 200;
  }
  for (int i = 0; i < SMALL; ++i) {
    millimetres[i] = i % (W / SCALE) < W / SCALE / 2 ? 1000 : 3000;
  }
  guide = dkn_frame_of(rgb, DKN_UINT8, W, H, 3);
  depth = dkn_frame_of(millimetres, DKN_UINT16, W / SCALE, H / SCALE, 1);
  sharp = dkn_frame_of(result, DKN_UINT16, W, H, 1);
  confidence = dkn_frame_of(map, DKN_FLOAT32, W, H, 1);
}

static void test_version_and_names(void) {
  int major = 0, minor = 0, patch = 0;
  TRUE(sscanf(dkn_version(), "%d.%d.%d", &major, &minor, &patch) == 3);
  TRUE(major == DKN_VERSION_MAJOR && minor == DKN_VERSION_MINOR && patch == DKN_VERSION_PATCH);
  TRUE(strcmp(dkn_version(), DKN_VERSION_STRING) == 0);
  TRUE(dkn_version_number() == DKN_VERSION_NUMBER);
  TRUE(dkn_version_number() == 10000 * major + 100 * minor + patch);
  TRUE(strcmp(dkn_status_name(DKN_ERROR_METHOD), "DKN_ERROR_METHOD") == 0);
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
  dkn_upsampler* upsampler = NULL;
  dkn_upsampler* none = (dkn_upsampler*)&upsampler;
  ARGUMENT(dkn_upsampler_create(NULL, NULL), "NULL");
  dkn_upsampler_options options = {.struct_size = sizeof options, .method = "no_such"};
  METHOD(dkn_upsampler_create(&options, &none), "no_such");
  TRUE(none == NULL);
  options.method = "absent/file.safetensors";
  METHOD(dkn_upsampler_create(&options, &upsampler), "absent/file.safetensors");
  options.method = "/dev/null";
  METHOD(dkn_upsampler_create(&options, &upsampler), "/dev/null");
  options.method = "guided";
  options.precision = DKN_PRECISION_INT8;
  METHOD(dkn_upsampler_create(&options, &upsampler), "precision");
  options.precision = 4;
  ARGUMENT(dkn_upsampler_create(&options, &upsampler), "precision");
  options.precision = DKN_PRECISION_AUTO;
  options.cameras_json = "{";
  ARGUMENT(dkn_upsampler_create(&options, &upsampler), "cameras_json");
  options.cameras_json = NULL;
  options.struct_size = 1;
  ARGUMENT(dkn_upsampler_create(&options, &upsampler), "struct_size");
  TRUE(dkn_upsampler_method(NULL) == NULL);
  dkn_upsampler_destroy(NULL);
}

static void test_upsample(void) {
  const int past_edge = H / 2 * W + W / 2 + 1;
  dkn_upsampler* bicubic = NULL;
  dkn_upsampler* upsampler = NULL;
  const dkn_upsampler_options options = {.struct_size = sizeof options, .method = "bicubic"};
  OK(dkn_upsampler_create(&options, &bicubic));
  OK(dkn_upsampler_create(NULL, &upsampler));
  ARGUMENT(dkn_upsampler_upsample(upsampler, &depth, NULL, &sharp, NULL), "guide");
  OK(dkn_upsampler_set_guide(bicubic, &guide));
  OK(dkn_upsampler_set_guide(upsampler, &guide));
  OK(dkn_upsampler_upsample(bicubic, &depth, NULL, &sharp, NULL));
  const int blurred = result[past_edge];
  OK(dkn_upsampler_upsample(upsampler, &depth, NULL, &sharp, NULL));
  TRUE(abs(result[past_edge] - 3000) < abs(blurred - 3000));
  TRUE(strcmp(dkn_upsampler_method(upsampler), "fdkn_any") == 0);

  ARGUMENT(dkn_upsampler_set_guide(NULL, &guide), "upsampler is NULL");
  ARGUMENT(dkn_upsampler_set_guide(bicubic, NULL), "guide is NULL");
  ARGUMENT(dkn_upsampler_upsample(NULL, &depth, NULL, &sharp, NULL), "upsampler is NULL");
  ARGUMENT(dkn_upsampler_upsample(bicubic, NULL, NULL, &sharp, NULL), "target is NULL");
  ARGUMENT(dkn_upsampler_upsample(bicubic, &depth, NULL, NULL, NULL), "out is NULL");
  ARGUMENT(dkn_upsampler_sibling(NULL, &upsampler), "upsampler is NULL");
  TRUE(upsampler == NULL);
  dkn_frame wrong = guide;
  wrong.width = wrong.height = wrong.channels = INT_MAX;
  ARGUMENT(dkn_upsampler_set_guide(bicubic, &wrong), "memory");
  wrong = sharp;
  wrong.type = DKN_UINT8;
  ARGUMENT(dkn_upsampler_upsample(bicubic, &depth, NULL, &wrong, NULL), "uint8");
  wrong = sharp;
  wrong.height = H - 1;
  INPUT(dkn_upsampler_upsample(bicubic, &depth, NULL, &wrong, NULL), "64 x 47");
  INPUT(dkn_upsampler_upsample(bicubic, &depth, &sharp, &sharp, NULL), "the mask is 64 x 48");
  wrong = guide;
  wrong.channels = 5;
  wrong.width = W / 5;
  INPUT(dkn_upsampler_set_guide(bicubic, &wrong), "5 channels");
  dkn_upsampler_destroy(bicubic);
}

/* Millimetres with 0 for a hole, as a camera gives them. */
static void test_holes(void) {
  const int hole = SCALE * W + SCALE + SCALE / 2;
  dkn_result beside = {.struct_size = sizeof beside, .confidence = &confidence};
  dkn_upsampler* upsampler = NULL;
  dkn_upsampler_options options = {.struct_size = sizeof options, .confidence = 1};
  millimetres[9] = 0;
  OK(dkn_upsampler_create(&options, &upsampler));
  OK(dkn_upsampler_set_guide(upsampler, &guide));
  OK(dkn_upsampler_upsample(upsampler, &depth, NULL, &sharp, &beside));
  TRUE(abs(result[hole] - 1000) < 200);
  TRUE(0.0f < map[hole] && map[hole] < map[hole + 2 * SCALE * W]);
  TRUE(beside.holes == 1);
  dkn_frame wrong = confidence;
  wrong.width = 8;
  beside.confidence = &wrong;
  INPUT(dkn_upsampler_upsample(upsampler, &depth, NULL, &sharp, &beside),
        "result.confidence is 8 x 48");
  beside.confidence = &sharp;
  ARGUMENT(dkn_upsampler_upsample(upsampler, &depth, NULL, &sharp, &beside), "DKN_FLOAT32");
  beside.confidence = NULL;
  beside.struct_size = 0;
  ARGUMENT(dkn_upsampler_upsample(upsampler, &depth, NULL, &sharp, &beside), "struct_size");
  dkn_upsampler_destroy(upsampler);

  options.holes = DKN_HOLES_KEEP;
  options.confidence = 0;
  OK(dkn_upsampler_create(&options, &upsampler));
  OK(dkn_upsampler_set_guide(upsampler, &guide));
  OK(dkn_upsampler_upsample(upsampler, &depth, NULL, &sharp, NULL));
  TRUE(result[hole] == 0 && result[hole + 2 * SCALE * W] != 0);
  beside.struct_size = sizeof beside;
  beside.confidence = &confidence;
  ARGUMENT(dkn_upsampler_upsample(upsampler, &depth, NULL, &sharp, &beside), "confidence");
  memset(millimetres, 0, sizeof millimetres);
  INPUT(dkn_upsampler_upsample(upsampler, &depth, NULL, &sharp, NULL), "");
  make_frames();
  dkn_upsampler_destroy(upsampler);
}

static void test_filter(void) {
  static unsigned char smooth[3 * W * H];
  const dkn_frame out = dkn_frame_of(smooth, DKN_UINT8, W, H, 3);
  const dkn_filter_options options = {
      .struct_size = sizeof options, .method = "guided", .iterations = 2};
  OK(dkn_filter_frame(&options, NULL, &guide, &out));
  TRUE(abs(smooth[0] - 50) < 3 && abs(smooth[3 * W - 1] - 200) < 3);
  OK(dkn_filter_frame(&options, &guide, &confidence, &confidence));
  ARGUMENT(dkn_filter_frame(&options, &guide, NULL, &out), "target is NULL");
  ARGUMENT(dkn_filter_frame(&options, &guide, &guide, NULL), "out is NULL");
  ARGUMENT(dkn_filter_frame(&options, &guide, &confidence, &sharp), "out is of type uint16");
  INPUT(dkn_filter_frame(&options, &guide, &depth, &depth), "8 x 6");
  map[W + 3] = nanf("");
  OK(dkn_filter_frame(&options, &guide, &confidence, &confidence));
  TRUE(map[W + 3] == map[W + 3]); /* a hole, which was filled */
}

static void test_segmenter(void) {
  enum { CLASSES = 11 };
  static unsigned char numbers[W * H];
  static float values[CLASSES * W * H];
  const dkn_frame labels = dkn_frame_of(numbers, DKN_UINT8, W, H, 1);
  dkn_frame scores = dkn_frame_of(values, DKN_FLOAT32, W, H, CLASSES);
  dkn_segmenter_options options = {.struct_size = sizeof options, .filter = "guided"};
  dkn_segmenter* segmenter = NULL;
  ARGUMENT(dkn_segmenter_create(NULL, NULL, &segmenter), "network is NULL");
  METHOD(dkn_segmenter_create("nowhere", NULL, &segmenter), "nowhere");
  TRUE(segmenter == NULL && dkn_segmenter_class_count(segmenter) == 0);
  options.max_pixels = -2;
  ARGUMENT(dkn_segmenter_create("camvid", &options, &segmenter), "max_pixels");
  options.max_pixels = 0;
  OK(dkn_segmenter_create("camvid", &options, &segmenter));
  TRUE(dkn_segmenter_class_count(segmenter) == CLASSES);
  TRUE(strcmp(dkn_segmenter_class_name(segmenter, 0), "sky") == 0);
  TRUE(dkn_segmenter_class_name(segmenter, CLASSES) == NULL);
  OK(dkn_segmenter_segment(segmenter, &guide, &labels, &scores));
  const float* at = values + CLASSES * (W + 3);
  int best = 0;
  for (int c = 1; c < CLASSES; ++c) {
    best = at[c] > at[best] ? c : best;
  }
  TRUE(numbers[W + 3] == best);
  ARGUMENT(dkn_segmenter_segment(segmenter, &guide, NULL, NULL), "one of them");
  ARGUMENT(dkn_segmenter_segment(segmenter, NULL, &labels, NULL), "picture is NULL");
  INPUT(dkn_segmenter_segment(segmenter, &guide, &depth, NULL), "8 x 6");
  scores.channels = CLASSES - 1;
  INPUT(dkn_segmenter_segment(segmenter, &guide, NULL, &scores), "expected 64 x 48 with 11");
  scores.channels = CLASSES;
  scores.type = DKN_UINT8;
  ARGUMENT(dkn_segmenter_segment(segmenter, &guide, NULL, &scores), "DKN_FLOAT32");
  dkn_segmenter_destroy(segmenter);
}

/* With no more memory than the process has, an image of 64 MB has no place. */
static void test_memory(void) {
  enum { SIDE = 2048 };
  float* pixels = calloc((size_t)4 * SIDE * SIDE, sizeof(float));
  if (pixels == NULL) {
    exit(1);
  }
  const dkn_frame image = dkn_frame_of(pixels, DKN_FLOAT32, SIDE, SIDE, 1);
  const dkn_frame deep = dkn_frame_of(pixels, DKN_FLOAT32, SIDE, SIDE, 4);
  const dkn_filter_options options = {.struct_size = sizeof options, .method = "bicubic"};
  struct rlimit before, small_limit;
  getrlimit(RLIMIT_AS, &before);
  small_limit = before;
  small_limit.rlim_cur = 1;
  setrlimit(RLIMIT_AS, &small_limit);
  const dkn_status status = dkn_filter_frame(&options, &image, &deep, &deep);
  setrlimit(RLIMIT_AS, &before);
  MEMORY(status, "memory");
  OK(dkn_filter_frame(&options, &image, &image, &image));
  free(pixels);
}

int main(void) {
  TRUE(strcmp(dkn_last_error(), "") == 0);
  make_frames();
  test_version_and_names();
  test_create();
  test_upsample();
  test_holes();
  test_filter();
  test_segmenter();
  test_memory();
  printf("C API %s: %d failures\n", dkn_version(), failures);
  return failures == 0 ? 0 : 1;
}
