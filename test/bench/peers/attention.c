/*
 * The three attention scores over the edges of a graph, forward and backward, as a C programmer would write them by hand: fused over compressed
 * rows, weights recomputed in the backward pass from one number a node and head. The machine's limit, to compare generated kernels with.
 *
 * Built twice: generic, with heads and channels as variables, and with -DHEADS=… -DCHANNELS=… -ffast-math as constants.
 *
 *   attention INPUTS ANSWERS SCORE NODES EDGES HEADS CHANNELS
 *
 * reads the arrays in INPUTS, computes once, writes its answer to ANSWERS, prints "ready", and then, for each line "run" that it reads, computes
 * again and prints the milliseconds of the forward and of the backward pass.
 */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef HEADS
enum { H = HEADS, C = CHANNELS, MOST_HEADS = H, MOST = H * C };
#else
static int H, C;
enum { MOST_HEADS = 64, MOST = 1024 };
#endif
#define F (H * C)

static uint32_t N, E;
/* Edges by receiver: row i owns offsets[i] to offsets[i + 1] - 1 of `senders`. */
static uint32_t *offsets, *senders;
/* Edges by sender: `receivers`, and the position of each in the first order. */
static uint32_t *starts, *receivers, *positions;
static float *query, *key, *value, *gradient, *parameter, *parameter2;
static float *out, *logSum, *dquery, *dkey, *dvalue, *dparameter, *dparameter2;
static float *scoreSender, *scoreReceiver, *dScoreSender, *dScoreReceiver, *inner, *edgeGradient, *edgeWeight;

static const float slope = 0.2f;

static inline float leaky(float x) { return x > 0 ? x : slope * x; }
static inline float leakySlope(float x) { return x > 0 ? 1.0f : slope; }

static void *zeros(size_t count) {
  void *p = aligned_alloc(64, (count * 4 + 127) / 64 * 64);
  if (!p) exit(3);
  memset(p, 0, (count * 4 + 127) / 64 * 64);
  return p;
}

static void *read_array(const char *folder, const char *name, size_t count) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  void *p = zeros(count);
  FILE *file = fopen(path, "rb");
  if (!file || fread(p, 4, count, file) != count) {
    fprintf(stderr, "attention: cannot read %zu numbers from %s\n", count, path);
    exit(2);
  }
  fclose(file);
  return p;
}

static void write_array(const char *folder, const char *name, const float *p, size_t count) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(p, 4, count, file) != count) exit(2);
  fclose(file);
}

static inline float dot(const float *a, const float *b) {
  float sum = 0;
  for (int c = 0; c < C; c++) sum += a[c] * b[c];
  return sum;
}

static void inner_products(void) {
#pragma omp parallel for schedule(static)
  for (uint32_t i = 0; i < N; i++)
    for (int h = 0; h < H; h++) inner[i * H + h] = dot(gradient + i * F + h * C, out + i * F + h * C);
}

/* The logit of one edge and head, from what owner and neighbor have. */
static inline float late_additive(const float *a, const float *q, const float *k) {
  float sum = 0;
  for (int c = 0; c < C; c++) sum += a[c] * leaky(q[c] + k[c]);
  return sum;
}

/* --- additive (GAT): query, key and value are one ------------------------------------------------------------------------------ */

static void additive_forward(void) {
#pragma omp parallel for schedule(static)
  for (uint32_t i = 0; i < N; i++)
    for (int h = 0; h < H; h++) {
      scoreReceiver[i * H + h] = dot(parameter + h * C, value + i * F + h * C);
      scoreSender[i * H + h] = dot(parameter2 + h * C, value + i * F + h * C);
    }
#pragma omp parallel for schedule(static)
  for (uint32_t i = 0; i < N; i++) {
    float max[MOST_HEADS], sum[MOST_HEADS], weight[MOST_HEADS], acc[MOST];
    for (int h = 0; h < H; h++) max[h] = -INFINITY, sum[h] = 0;
    for (int f = 0; f < F; f++) acc[f] = 0;
    for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++)
      for (int h = 0; h < H; h++) max[h] = fmaxf(max[h], scoreSender[senders[e] * H + h]);
    for (int h = 0; h < H; h++) max[h] = leaky(max[h] + scoreReceiver[i * H + h]);
    for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
      uint32_t j = senders[e];
      for (int h = 0; h < H; h++) {
        weight[h] = expf(leaky(scoreSender[j * H + h] + scoreReceiver[i * H + h]) - max[h]);
        sum[h] += weight[h];
      }
      for (int h = 0; h < H; h++)
        for (int c = 0; c < C; c++) acc[h * C + c] += weight[h] * value[j * F + h * C + c];
    }
    int empty = offsets[i] == offsets[i + 1];
    for (int h = 0; h < H; h++) {
      for (int c = 0; c < C; c++) out[i * F + h * C + c] = empty ? 0 : acc[h * C + c] / sum[h];
      logSum[i * H + h] = empty ? 0 : max[h] + logf(sum[h]);
    }
  }
}

static void additive_backward(void) {
  inner_products();
#pragma omp parallel for schedule(static)
  for (uint32_t j = 0; j < N; j++) {
    float acc[MOST], scores[MOST_HEADS];
    for (int f = 0; f < F; f++) acc[f] = 0;
    for (int h = 0; h < H; h++) scores[h] = 0;
    for (uint32_t p = starts[j]; p < starts[j + 1]; p++) {
      uint32_t i = receivers[p];
      float weight[MOST_HEADS];
      for (int h = 0; h < H; h++) {
        float u = scoreSender[j * H + h] + scoreReceiver[i * H + h];
        float w = expf(leaky(u) - logSum[i * H + h]);
        float g = w * (dot(gradient + i * F + h * C, value + j * F + h * C) - inner[i * H + h]) * leakySlope(u);
        weight[h] = w;
        scores[h] += g;
        edgeGradient[(size_t)positions[p] * H + h] = g;
      }
      for (int h = 0; h < H; h++)
        for (int c = 0; c < C; c++) acc[h * C + c] += weight[h] * gradient[i * F + h * C + c];
    }
    for (int f = 0; f < F; f++) dvalue[j * F + f] = acc[f];
    for (int h = 0; h < H; h++) dScoreSender[j * H + h] = scores[h];
  }
#pragma omp parallel for schedule(static)
  for (uint32_t i = 0; i < N; i++) {
    float scores[MOST_HEADS];
    for (int h = 0; h < H; h++) scores[h] = 0;
    for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++)
      for (int h = 0; h < H; h++) scores[h] += edgeGradient[(size_t)e * H + h];
    for (int h = 0; h < H; h++) {
      dScoreReceiver[i * H + h] = scores[h];
      for (int c = 0; c < C; c++)
        dvalue[i * F + h * C + c] += scores[h] * parameter[h * C + c] + dScoreSender[i * H + h] * parameter2[h * C + c];
    }
  }
  /* Sums over all nodes, which cancel: in double. */
  double ofReceivers[MOST], ofSenders[MOST];
  for (int f = 0; f < F; f++) ofReceivers[f] = ofSenders[f] = 0;
  for (uint32_t i = 0; i < N; i++)
    for (int h = 0; h < H; h++)
      for (int c = 0; c < C; c++) {
        ofReceivers[h * C + c] += dScoreReceiver[i * H + h] * value[i * F + h * C + c];
        ofSenders[h * C + c] += dScoreSender[i * H + h] * value[i * F + h * C + c];
      }
  for (int f = 0; f < F; f++) dparameter[f] = ofReceivers[f], dparameter2[f] = ofSenders[f];
}

/* --- late additive (GATv2, key = value) and scaled dot: one walk, two logits --------------------------------------------------- */

static int isDot;

static inline float logit(const float *q, const float *k, int h, float scale) {
  return isDot ? dot(q, k) * scale : late_additive(parameter + h * C, q, k);
}

static void pair_forward(void) {
  const float scale = 1.0f / sqrtf((float)C);
#pragma omp parallel for schedule(static)
  for (uint32_t i = 0; i < N; i++) {
    float max[MOST_HEADS], sum[MOST_HEADS], acc[MOST];
    for (int h = 0; h < H; h++) max[h] = -INFINITY, sum[h] = 0;
    for (int f = 0; f < F; f++) acc[f] = 0;
    for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
      uint32_t j = senders[e];
      for (int h = 0; h < H; h++) {
        float l = logit(query + i * F + h * C, key + j * F + h * C, h, scale);
        if (l > max[h]) {
          float shrink = expf(max[h] - l);
          sum[h] *= shrink;
          for (int c = 0; c < C; c++) acc[h * C + c] *= shrink;
          max[h] = l;
        }
        float w = expf(l - max[h]);
        sum[h] += w;
        for (int c = 0; c < C; c++) acc[h * C + c] += w * value[j * F + h * C + c];
      }
    }
    int empty = offsets[i] == offsets[i + 1];
    for (int h = 0; h < H; h++) {
      for (int c = 0; c < C; c++) out[i * F + h * C + c] = empty ? 0 : acc[h * C + c] / sum[h];
      logSum[i * H + h] = empty ? 0 : max[h] + logf(sum[h]);
    }
  }
}

static void pair_backward(void) {
  const float scale = 1.0f / sqrtf((float)C);
  inner_products();
  memset(dparameter, 0, sizeof(float) * F);
#pragma omp parallel
  {
    float own[MOST];
    for (int f = 0; f < F; f++) own[f] = 0;
#pragma omp for schedule(static)
    for (uint32_t i = 0; i < N; i++) {
      float acc[MOST];
      for (int f = 0; f < F; f++) acc[f] = 0;
      for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
        uint32_t j = senders[e];
        for (int h = 0; h < H; h++) {
          const float *q = query + i * F + h * C, *k = key + j * F + h * C;
          float w = expf(logit(q, k, h, scale) - logSum[i * H + h]);
          float g = w * (dot(gradient + i * F + h * C, value + j * F + h * C) - inner[i * H + h]);
          edgeWeight[(size_t)e * H + h] = w;
          edgeGradient[(size_t)e * H + h] = g;
          if (isDot)
            for (int c = 0; c < C; c++) acc[h * C + c] += g * scale * k[c];
          else
            for (int c = 0; c < C; c++) {
              float v = q[c] + k[c];
              acc[h * C + c] += g * parameter[h * C + c] * leakySlope(v);
              own[h * C + c] += g * leaky(v);
            }
        }
      }
      for (int f = 0; f < F; f++) dquery[i * F + f] = acc[f];
    }
#pragma omp critical
    for (int f = 0; f < F; f++) dparameter[f] += own[f];
  }
#pragma omp parallel for schedule(static)
  for (uint32_t j = 0; j < N; j++) {
    float keys[MOST], values[MOST];
    for (int f = 0; f < F; f++) keys[f] = values[f] = 0;
    for (uint32_t p = starts[j]; p < starts[j + 1]; p++) {
      uint32_t i = receivers[p];
      size_t e = positions[p];
      for (int h = 0; h < H; h++) {
        float w = edgeWeight[e * H + h], g = edgeGradient[e * H + h];
        const float *q = query + i * F + h * C, *k = key + j * F + h * C, *up = gradient + i * F + h * C;
        if (isDot)
          for (int c = 0; c < C; c++) {
            keys[h * C + c] += g * scale * q[c];
            values[h * C + c] += w * up[c];
          }
        else
          for (int c = 0; c < C; c++)
            values[h * C + c] += w * up[c] + g * parameter[h * C + c] * leakySlope(q[c] + k[c]);
      }
    }
    for (int f = 0; f < F; f++) {
      dvalue[j * F + f] = values[f];
      if (isDot) dkey[j * F + f] = keys[f];
    }
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
  if (argc != 8) {
    fprintf(stderr, "usage: attention INPUTS ANSWERS additive|late-additive|scaled-dot NODES EDGES HEADS CHANNELS\n");
    return 2;
  }
  const char *folder = argv[1], *answers = argv[2], *score = argv[3];
  N = strtoul(argv[4], NULL, 10);
  E = strtoul(argv[5], NULL, 10);
  int heads = atoi(argv[6]), channels = atoi(argv[7]);
#ifdef HEADS
  if (heads != H || channels != C) return 2;
#else
  H = heads, C = channels;
#endif
  if (H > MOST_HEADS || F > MOST) return 2;
  int isAdditive = !strcmp(score, "additive");
  isDot = !strcmp(score, "scaled-dot");
  size_t nodeFloats = (size_t)N * F;
  offsets = read_array(folder, "offsets.u32", N + 1);
  senders = read_array(folder, "senders.u32", E);
  starts = read_array(folder, "starts.u32", N + 1);
  receivers = read_array(folder, "receivers.u32", E);
  positions = read_array(folder, "positions.u32", E);
  value = read_array(folder, "value.f32", nodeFloats);
  query = isAdditive ? value : read_array(folder, "query.f32", nodeFloats);
  key = isDot ? read_array(folder, "key.f32", nodeFloats) : value;
  gradient = read_array(folder, "gradient.f32", nodeFloats);
  if (!isDot) parameter = read_array(folder, isAdditive ? "receiver.f32" : "a.f32", F);
  if (isAdditive) parameter2 = read_array(folder, "sender.f32", F);
  out = zeros(nodeFloats), dquery = zeros(nodeFloats), dkey = zeros(nodeFloats), dvalue = zeros(nodeFloats);
  dparameter = zeros(F), dparameter2 = zeros(F);
  logSum = zeros((size_t)N * H), inner = zeros((size_t)N * H);
  scoreSender = zeros((size_t)N * H), scoreReceiver = zeros((size_t)N * H);
  dScoreSender = zeros((size_t)N * H), dScoreReceiver = zeros((size_t)N * H);
  edgeGradient = zeros((size_t)E * H);
  if (!isAdditive) edgeWeight = zeros((size_t)E * H);
  void (*forward)(void) = isAdditive ? additive_forward : pair_forward;
  void (*backward)(void) = isAdditive ? additive_backward : pair_backward;
  forward();
  backward();
  write_array(answers, "out.f32", out, nodeFloats);
  write_array(answers, "dvalue.f32", dvalue, nodeFloats);
  if (!isAdditive) write_array(answers, "dquery.f32", dquery, nodeFloats);
  if (isDot) write_array(answers, "dkey.f32", dkey, nodeFloats);
  if (!isDot) write_array(answers, isAdditive ? "dreceiver.f32" : "da.f32", dparameter, F);
  if (isAdditive) write_array(answers, "dsender.f32", dparameter2, F);
  puts("ready");
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    double a = now();
    forward();
    double b = now();
    backward();
    printf("%.4f %.4f\n", b - a, now() - b);
    fflush(stdout);
  }
  return 0;
}
