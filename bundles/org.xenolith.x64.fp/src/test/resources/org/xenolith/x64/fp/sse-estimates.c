// SPDX-License-Identifier: EPL-2.0
/*
 * What RCPSS and RSQRTSS of the processor that this runs on make: gcc -O2 -o sse-estimates sse-estimates.c
 *
 *   ./sse-estimates        sums over 4,194,304 operands of the whole range, which SseEstimateTest holds
 *   ./sse-estimates table  for the upper 12 bits of a fraction the results of 1, 1 and 2 with it
 *   ./sse-estimates all    how many of all finite operands have another result than the one with the lower 11 bits zero
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <xmmintrin.h>

static uint32_t estimate(uint32_t a, int root) {
  float f;
  memcpy(&f, &a, 4);
  __m128 x = _mm_set_ss(f);
  f = _mm_cvtss_f32(root ? _mm_rsqrt_ss(x) : _mm_rcp_ss(x));
  memcpy(&a, &f, 4);
  return a;
}

int main(int count, char **words) {
  if (count > 1 && !strcmp(words[1], "table")) {
    for (uint32_t i = 0; i < 4096; i++) {
      uint32_t fraction = i << 11;
      printf("%03x %08x %08x %08x\n", i, estimate(0x3F800000 | fraction, 0), estimate(0x3F800000 | fraction, 1), estimate(0x40000000 | fraction, 1));
    }
  } else if (count > 1) {
    uint32_t others = 0;
    for (uint64_t i = 0; i < 1ull << 32; i++) {
      uint32_t a = i;
      uint32_t exponent = a >> 23 & 0xFF;
      if (exponent != 0 && exponent != 0xFF) {
        others += estimate(a, 0) != estimate(a & ~0x7FFu, 0) || estimate(a, 1) != estimate(a & ~0x7FFu, 1);
      }
    }
    printf("%u\n", others);
  } else {
    uint32_t reciprocals = 0;
    uint32_t roots = 0;
    for (uint32_t i = 0; i < 1u << 22; i++) {
      uint32_t a = i * 0x9E3779B1u;
      reciprocals = reciprocals * 31 + estimate(a, 0);
      roots = roots * 31 + estimate(a, 1);
    }
    printf("%08x %08x\n", reciprocals, roots);
  }
  return 0;
}
