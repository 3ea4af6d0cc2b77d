// SPDX-License-Identifier: EPL-2.0
// Writes what the processor makes of SSE's scalar instructions: records of 28 bytes, little-endian:
// operation u8, raised flags u8, MXCSR u16, operands u64 u64, result u64 (zero if an exception was unmasked).
// gcc -O1 -o sse-vectors sse-vectors.c && ./sse-vectors SEED COUNT | gzip -9 > sse.bin.gz
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

static uint64_t state;
static uint64_t next(void) {
  uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}
static uint32_t below(uint32_t n) { return (uint32_t) ((next() >> 32) % n); }

static uint64_t number(int e, int f) {
  uint64_t top = (1u << e) - 1, bias = top >> 1, x, exponent;
  switch (below(5)) {
    case 0: x = 0; break;
    case 1: x = (uint64_t) (int64_t) ((int) below(3) - 1); break;
    case 2: x = 1ull << below(f); break;
    case 3: x = next() & ~0ull << below(f); break;
    default: x = next();
  }
  switch (below(9)) {
    case 0: exponent = below(top + 1); break;
    case 1: exponent = bias + below(9) - 4; break;
    case 2: exponent = below(3); break;
    case 3: exponent = top - below(3); break;
    case 4: exponent = bias + below(68); break;
    case 5: exponent = bias / 2 + below(9) - 4; break;
    case 6: exponent = bias - below(70); break;
    case 7: exponent = 0; break;
    default: exponent = bias + bias / 2 + below(5) - 2;
  }
  if (exponent > top) exponent = below(top);
  return (uint64_t) below(2) << (e + f) | exponent << f | (x & ((1ull << f) - 1));
}

static sigjmp_buf back;
static volatile uint32_t trapped;
static void on_fpe(int s, siginfo_t *i, void *u) {
  trapped = ((ucontext_t *) u)->uc_mcontext.fpregs->mxcsr;
  siglongjmp(back, 1);
}

static uint32_t old = 0x1F80, after;
#define WITH(insn, ...) __asm__ volatile("ldmxcsr %[m]\n\t" insn "\n\tstmxcsr %[s]\n\tldmxcsr %[o]" __VA_ARGS__)
#define BIN(insn) WITH(insn " %[b], %[r]", : [r] "+x"(r), [s] "=m"(after) : [b] "x"(vb), [m] "m"(mx), [o] "m"(old)); break
#define UN(insn) WITH(insn " %[a], %[r]", : [r] "=&x"(r), [s] "=m"(after) : [a] "x"(va), [m] "m"(mx), [o] "m"(old), "0"(zero)); break
#define TOI(insn, R) WITH(insn " %[a], %" R "[r]", : [r] "=r"(i), [s] "=m"(after) : [a] "x"(va), [m] "m"(mx), [o] "m"(old)); integer = 1; break
#define FROMI(insn, R) WITH(insn " %" R "[a], %[r]", : [r] "+x"(zero), [s] "=m"(after) : [a] "r"(a), [m] "m"(mx), [o] "m"(old)); r = zero; break
#define COM(insn) WITH(insn " %[b], %[a]\n\tpushfq\n\tpopq %[r]", : [r] "=r"(i), [s] "=m"(after) : [a] "x"(va), [b] "x"(vb), [m] "m"(mx), [o] "m"(old)); i &= 0x45; integer = 1; break
#define OPS(X, base) \
  case base + 0: BIN("adds" X); case base + 1: BIN("subs" X); case base + 2: BIN("muls" X); case base + 3: BIN("divs" X); \
  case base + 4: UN("sqrts" X); case base + 5: BIN("mins" X); case base + 6: BIN("maxs" X); \
  case base + 7: COM("ucomis" X); case base + 8: COM("comis" X); \
  case base + 9: BIN("cmpeqs" X); case base + 10: BIN("cmplts" X); case base + 11: BIN("cmples" X); case base + 12: BIN("cmpunords" X); \
  case base + 13: BIN("cmpneqs" X); case base + 14: BIN("cmpnlts" X); case base + 15: BIN("cmpnles" X); case base + 16: BIN("cmpords" X); \
  case base + 18: TOI("cvts" X "2si", "k"); case base + 19: TOI("cvtts" X "2si", "k"); \
  case base + 20: TOI("cvts" X "2si", "q"); case base + 21: TOI("cvtts" X "2si", "q"); \
  case base + 22: FROMI("cvtsi2s" X "l", "k"); case base + 23: FROMI("cvtsi2s" X "q", "q"); \
  case base + 24: UN("rounds" X " $0,"); case base + 25: UN("rounds" X " $1,"); case base + 26: UN("rounds" X " $2,"); \
  case base + 27: UN("rounds" X " $3,"); case base + 28: UN("rounds" X " $4,"); case base + 29: UN("rounds" X " $8,"); \
  case base + 30: UN("rounds" X " $9,"); case base + 31: UN("rounds" X " $10,"); case base + 32: UN("rounds" X " $11,"); \
  case base + 33: UN("rounds" X " $12,")

typedef double V __attribute__((vector_size(16)));

int main(int argc, char **argv) {
  state = strtoull(argv[1], 0, 0);
  long count = atol(argv[2]);
  int masked = argc > 3;               // a fourth word: only with all exceptions masked, which is faster
  struct sigaction sa = {.sa_sigaction = on_fpe, .sa_flags = SA_SIGINFO | SA_NODEFER};
  sigaction(SIGFPE, &sa, 0);
  for (long n = 0; n < count; n++) {
    volatile int op = below(68);
    op = op < 34 ? op : op + 6;
    int single = op >= 40, base = single ? op - 40 : op;
    volatile uint32_t mxv = 0x1F80 | below(4) << 13 | (below(3) ? 0 : 0x40) | (below(3) ? 0 : 0x8000);
    if (!masked && !below(8)) mxv &= ~(below(64) << 7);
    volatile uint64_t av = single ? number(8, 23) : number(11, 52), bv = single ? number(8, 23) : number(11, 52);
    if (base == 22 || base == 23) {
      av = (uint64_t) ((int64_t) next() >> below(64));
      if (!below(3)) av = (1ull << below(64)) + below(3) - 1;
      if (base == 22) av = (uint64_t) (int64_t) (int32_t) av;
    } else if (!below(4)) {
      bv = (av ^ (uint64_t) below(2) << (single ? 31 : 63)) + below(5) - 2;
      if (single) bv &= 0xFFFFFFFFu;
    }
    uint64_t a = av, b = bv, i = 0, result = 0;
    uint32_t mx = mxv;
    int integer = 0;
    V va = {0, 0}, vb = {0, 0}, r = {0, 0}, zero = {0, 0};
    memcpy(&va, &a, 8); memcpy(&vb, &b, 8); r = va;
    uint8_t record[28];
    if (!sigsetjmp(back, 0)) {
      switch (op) {
        OPS("d", 0); OPS("s", 40);
        case 17: UN("cvtsd2ss"); case 57: UN("cvtss2sd");
      }
      memcpy(&result, &r, 8);
      if (integer) result = i;
      if (base == 18 || base == 19) result = (uint64_t) (int64_t) (int32_t) result;
      if (!integer && (op == 17 || (single && op != 57))) result &= 0xFFFFFFFFu;
    } else {
      after = trapped; mx = mxv; a = av; b = bv; result = 0;
    }
    record[0] = op; record[1] = after & 0x3F; record[2] = mx; record[3] = mx >> 8;
    memcpy(record + 4, &a, 8); memcpy(record + 12, &b, 8); memcpy(record + 20, &result, 8);
    fwrite(record, 1, 28, stdout);
  }
  return 0;
}
