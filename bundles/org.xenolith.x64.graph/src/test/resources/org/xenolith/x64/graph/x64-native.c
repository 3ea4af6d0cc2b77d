// SPDX-License-Identifier: EPL-2.0
// Executes cases of X64Case on the processor that it runs on: gcc -O1 -o x64-native x64-native.c. Records come by standard input, results go to standard output.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/ucontext.h>
#include <unistd.h>
#define CODE 0x40000000UL
#define DATA 0x50000000UL
struct in { uint64_t r[16]; uint64_t flags; uint32_t length; uint32_t pad; uint8_t code[256]; uint8_t fx[512]; uint8_t data[4096]; };
struct out { uint64_t r[16]; uint64_t flags; uint64_t rip; uint64_t trap; uint64_t err; uint8_t fx[512]; uint8_t data[4096]; };
static struct in in; static struct out out;
static const int order[16] = {REG_RAX,REG_RCX,REG_RDX,REG_RBX,REG_RSP,REG_RBP,REG_RSI,REG_RDI,REG_R8,REG_R9,REG_R10,REG_R11,REG_R12,REG_R13,REG_R14,REG_R15};
static int first = 1;
static void handler(int sig, siginfo_t *info, void *context) {
  ucontext_t *u = context; greg_t *g = u->uc_mcontext.gregs;
  if (!first) {
    for (int i = 0; i < 16; i++) out.r[i] = g[order[i]];
    out.flags = g[REG_EFL]; out.rip = g[REG_RIP] - CODE; out.trap = g[REG_TRAPNO]; out.err = g[REG_ERR];
    memcpy(out.fx, u->uc_mcontext.fpregs, 512); memset(out.fx + 464, 0, 48);
    memcpy(out.data, (void*)DATA, 4096);
    if (fwrite(&out, sizeof out, 1, stdout) != 1) _exit(3); fflush(stdout);
  }
  first = 0;
  if (fread(&in, sizeof in, 1, stdin) != 1) { fflush(stdout); _exit(0); }
  memset((void*)CODE, 0xCC, 512); memcpy((void*)CODE, in.code, in.length);
  memcpy((void*)DATA, in.data, 4096);
  for (int i = 0; i < 16; i++) g[order[i]] = in.r[i];
  g[REG_EFL] = in.flags; g[REG_RIP] = CODE;
  uint8_t *fp = (uint8_t*)u->uc_mcontext.fpregs;
  memcpy(fp, in.fx, 464);
  // xsave header: x87 and SSE present
  uint32_t magic = *(uint32_t*)(fp + 464);
  if (magic == 0x46505853) { uint64_t *bv = (uint64_t*)(fp + 512); *bv |= 3; }
}
int main(void) {
  setvbuf(stdin, 0, _IOFBF, 1 << 20); setvbuf(stdout, 0, _IOFBF, 1 << 20);
  mmap((void*)CODE, 4096, PROT_READ|PROT_WRITE|PROT_EXEC, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0);
  mmap((void*)DATA, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0);
  static uint8_t stack[1 << 16]; stack_t s = { .ss_sp = stack, .ss_size = sizeof stack }; sigaltstack(&s, 0);
  struct sigaction a; memset(&a, 0, sizeof a); a.sa_sigaction = handler; a.sa_flags = SA_SIGINFO|SA_ONSTACK; 
  int sigs[] = {SIGTRAP,SIGSEGV,SIGILL,SIGFPE,SIGBUS}; for (int i = 0; i < 5; i++) sigaction(sigs[i], &a, 0);
  __asm__ volatile("int3"); return 1;
}
