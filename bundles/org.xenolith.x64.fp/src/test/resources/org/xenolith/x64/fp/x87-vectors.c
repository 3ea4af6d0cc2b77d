// SPDX-License-Identifier: EPL-2.0
// Writes what the processor makes of x87 instructions: records of 46 bytes, little-endian: operation u8, 0 u8, control word u16, status word
// u16, operands 10 + 10 bytes, result 10 bytes, second result 10 bytes. Exceptions may be unmasked: only instructions that don't wait follow.
// gcc -O1 -o x87-vectors x87-vectors.c && ./x87-vectors SEED COUNT [FIRST LAST] | gzip -9 > x87.bin.gz
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;
static uint64_t next(void) {
  uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}
static uint32_t below(uint32_t n) { return (uint32_t) ((next() >> 32) % n); }

typedef struct { uint64_t m; uint16_t se; } __attribute__((packed)) X;

static X number(void) {
  X x;
  switch (below(6)) {
    case 0: x.m = 0; break;
    case 1: x.m = (uint64_t) (int64_t) ((int) below(3) - 1); break;
    case 2: x.m = 1ull << below(63); break;
    case 3: x.m = next() & ~0ull << below(63); break;
    case 4: x.m = next() & ~0ull << 11; break;
    default: x.m = next();
  }
  uint32_t e;
  switch (below(10)) {
    case 0: e = below(32768); break;
    case 1: case 2: e = 16383 + below(9) - 4; break;
    case 3: e = below(3); break;
    case 4: e = 32767 - below(3); break;
    case 5: e = 16383 + below(70); break;
    case 6: e = 8191 + below(9) - 4; break;
    case 7: e = 16383 - below(70); break;
    case 8: e = 16383 + (below(2) ? 1 : -1) * (int) (below(4) ? below(150) : below(1100)); break;
    default: e = 16383 + 8191 + below(5) - 2;
  }
  x.se = e | below(2) << 15;
  x.m |= 1ull << 63;
  if (!e && below(8)) x.m &= ~0ull >> 1;
  if (!below(30)) x.m ^= 1ull << 63;
  if (!below(25)) { x.m = 0; x.se &= 0x8000; }
  return x;
}

static X special(void) {
  static const X all[] = {{0, 0}, {1, 0}, {0x8000000000000000u, 0}, {0x8000000000000000u, 1}, {0x8000000000000000u, 0x3ffe}, {0x8000000000000000u, 0x3fff},
      {0xc000000000000000u, 0x3fff}, {0x8000000000000000u, 0x4000}, {~0ull, 0x403d}, {0x8000000000000000u, 0x403e}, {~0ull, 0x7ffe}, {0x8000000000000000u, 0x7fff},
      {0xc000000000000123u, 0x7fff}, {0x8000000000000123u, 0x7fff}, {0x4000000000000000u, 0x7fff}, {0x4000000000000000u, 0x3fff}};
  X x = all[below(16)];
  x.se |= below(2) << 15;
  return x;
}

#define PRE "fninit\n\tfldt %[b]\n\tfldt %[a]\n\tfnclex\n\tfldcw %[c]\n\t"
#define POST "\n\tfnstsw %[s]\n\tfnclex\n\tfldcw %[o]\n\t"
#define IO : [s] "=m"(sw), [r] "=m"(r), [q] "=m"(q) : [a] "m"(a), [b] "m"(b), [c] "m"(cw), [o] "m"(old) : "memory"
#define REG(insn) __asm__ volatile(PRE insn POST "fstpt %[r]\n\tfninit" IO); break
#define TWO(insn) __asm__ volatile(PRE insn POST "fstpt %[q]\n\tfstpt %[r]\n\tfninit" IO); break
#define MEM(insn) __asm__ volatile(PRE insn " %[r]" POST "fninit" IO); break
#define LOAD(insn) __asm__ volatile("fninit\n\tfldcw %[c]\n\t" insn " %[a]" POST "fstpt %[r]\n\tfninit" IO); break
#define SET(insn) __asm__ volatile("fninit\n\tfldcw %[c]\n\t" insn POST "fstpt %[r]\n\tfninit" IO); break

int main(int argc, char **argv) {
  state = strtoull(argv[1], 0, 0);
  long count = atol(argv[2]);
  int first = argc > 4 ? atoi(argv[3]) : 0, last = argc > 4 ? atoi(argv[4]) : 25;
  static const uint16_t pcs[] = {0, 0x200, 0x300, 0x300};
  uint16_t old = 0x37F;
  for (long n = 0; n < count; n++) {
    int op = first + below(last - first + 1);
    uint16_t cw = 0x3F | 0x40 | pcs[below(4)] | below(4) << 10, sw = 0;
    if (!below(6)) cw &= ~below(64);
    X a = number(), b = number(), r = {0, 0}, q = {0, 0};
    if (!below(5)) { b = a; b.m += below(5) - 2; b.m |= 1ull << 63; b.se ^= below(2) << 15; }
    if (op == 7 && below(2)) { b.se = 16383 + below(16) | below(2) << 15; }
    if (op == 13 || op == 15 || op == 14 || op == 16) {
      int e = op == 13 || op == 15 ? 8 : 11, f = op == 13 || op == 15 ? 23 : 52;
      if (op < 15) {
        uint64_t x = a.m << 1 >> (64 - f), top = (1u << e) - 1, ex = below(3) ? below(top + 1) : below(2) ? 0 : top;
        a.m = x | ex << f | (uint64_t) below(2) << (e + f);
      } else if (below(2)) {
        int bias = (1 << (e - 1)) - 1;
        a.se = (a.se & 0x8000) | (16383 + (below(2) ? bias - 2 + below(4) : -bias - (int) below(f + 3) + 2));
      }
    }
    if (op >= 17 && op <= 23 && below(2)) a.se = (a.se & 0x8000) | (16383 + below(op == 17 || op == 20 ? 18 : op == 18 || op == 21 ? 34 : 66) - 2);
    if (op == 24) { uint64_t d = 0; for (int i = 0; i < 16; i++) d = d << 4 | below(10); a.m = below(4) ? d : d >> 4 * below(16); a.se = (a.se & 0x8000) | below(10) << 4 | below(10); }
    if (op >= 26 && op <= 33) {
      // Where the functions aren't trivial; beside multiples of pi / 4 and ratios near 1.
      int e = 16383 - (int) below(below(4) ? 4 : 80);
      if (below(3)) a.se = (a.se & 0x8000) | (op == 26 ? e - 1 : op == 28 ? e - 2 : below(2) ? e : 16383 + below(below(2) ? 5 : 66)), a.m |= 1ull << 63;
      if (op == 27 && below(8)) a.se &= 0x7fff;
      if (op == 28 && below(3)) a.m = 0x8000000000000000u | a.m >> 2;
      if (op == 30 && below(3)) b.se = (b.se & 0x8000) | ((a.se + below(9) - 4) & 0x7fff), b.m |= 1ull << 63;
      if (op != 30 && op >= 29 && !below(5)) {
        long double pi = 3.14159265358979323851L, x = pi / 4 * below(below(2) ? 9 : 1000000);
        memcpy(&a, &x, 10); a.se |= below(2) << 15; if (a.m) a.m += below(5) - 2;
      }
      if (!below(4)) a = special(), b = special();
    }
    if (op == 25 && below(2)) a.m = (uint64_t) ((int64_t) next() >> below(64));
    switch (op) {
      case 0: REG("fadd %%st(1), %%st"); case 1: REG("fsub %%st(1), %%st"); case 2: REG("fmul %%st(1), %%st"); case 3: REG("fdiv %%st(1), %%st");
      case 4: REG("fsqrt"); case 5: REG("fprem"); case 6: REG("fprem1"); case 7: REG("fscale"); case 8: REG("frndint"); case 9: TWO("fxtract");
      case 10: REG("fcom %%st(1)"); case 11: REG("fucom %%st(1)"); case 12: REG("fxam");
      case 13: LOAD("flds"); case 14: LOAD("fldl"); case 15: MEM("fsts"); case 16: MEM("fstl");
      case 17: MEM("fistps"); case 18: MEM("fistpl"); case 19: MEM("fistpll"); case 20: MEM("fisttps"); case 21: MEM("fisttpl"); case 22: MEM("fisttpll");
      case 23: MEM("fbstp"); case 24: LOAD("fbld"); case 25: LOAD("fildll");
      case 26: REG("f2xm1"); case 27: REG("fyl2x"); case 28: REG("fyl2xp1"); case 29: TWO("fptan"); case 30: REG("fpatan");
      case 31: REG("fsin"); case 32: REG("fcos"); case 33: TWO("fsincos");
      case 34: SET("fld1"); case 35: SET("fldl2t"); case 36: SET("fldl2e"); case 37: SET("fldpi"); case 38: SET("fldlg2"); case 39: SET("fldln2");
      case 40: SET("fldz"); case 41: REG("fabs"); case 42: REG("fchs");
    }
    uint8_t record[46] = {op, 0, cw, cw >> 8, sw, sw >> 8};
    memcpy(record + 6, &a, 10); memcpy(record + 16, &b, 10); memcpy(record + 26, &r, 10); memcpy(record + 36, &q, 10);
    fwrite(record, 1, 46, stdout);
  }
  return 0;
}
