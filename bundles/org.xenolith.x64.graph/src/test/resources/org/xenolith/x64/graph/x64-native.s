# SPDX-License-Identifier: EPL-2.0
# Executes cases of X64Case on the processor that it runs on, a process of Linux without a library: x64-native.elf is this, assembled and linked by
#   as -o x64-native.o x64-native.s && ld -N -s -z noseparate-code --build-id=none -o x64-native.elf x64-native.o
# A request comes by standard input: 16 general registers, RFLAGS, the length of code (4 bytes), 4 bytes, 256 bytes of code, the state of x87 and SSE as FXSAVE has it, and
# 4,096 bytes of data. The code is executed at 0x40000000 with INT3 behind it, the data is at 0x50000000. What ends it gives an answer to standard output: the registers,
# RFLAGS, RIP from the code on, the exception's vector, its error code, the state of x87 and SSE, the data.
# Source: Linux, signal(7), sigaction(2), arch/x86/include/uapi/asm/sigcontext.h; numbers of calls: arch/x86/entry/syscalls/syscall_64.tbl.
.intel_syntax noprefix
.set CODE, 0x40000000
.set DATA, 0x50000000
.set FX, 464            # bytes that a program may set; behind them is what the kernel says of the rest
.set FLAGS, 128
.set LENGTH, 136
.set TEXT, 144
.set STATE, 400
.set CONTENT, 912
.set REQUEST, 5008
.set ANSWER, 4768
.set GREGS, 40          # of a ucontext; R8 to R15, RDI, RSI, RBP, RBX, RDX, RAX, RCX, RSP, RIP, RFLAGS, segments, error, vector, mask, CR2, address of FXSAVE's state

.globl _start
.text
_start:
  mov edi, CODE
  mov edx, 7
  call map
  mov edi, DATA
  mov edx, 3
  call map
  mov eax, 131          # sigaltstack
  lea rdi, [rip + stack]
  xor esi, esi
  syscall
  lea r12, [rip + signals]
1:movzx edi, byte ptr [r12]
  test edi, edi
  je 2f
  mov eax, 13           # rt_sigaction
  lea rsi, [rip + action]
  xor edx, edx
  mov r10d, 8
  syscall
  inc r12
  jmp 1b
2:int3

map:
  mov eax, 9            # mmap: private, anonymous, at the address
  mov esi, 4096
  mov r10d, 0x32
  mov r8, -1
  xor r9d, r9d
  syscall
  ret

# The first INT3 asks for the first case.
handler:
  mov r12, rdx
  mov r13, [r12 + GREGS + 23 * 8]
  lea rbx, [rip + answer]
  cmp byte ptr [rip + begun], 0
  je next
  lea r14, [rip + order]
  xor ecx, ecx
1:movzx eax, byte ptr [r14 + rcx]
  mov rax, [r12 + GREGS + rax * 8]
  mov [rbx + rcx * 8], rax
  inc ecx
  cmp ecx, 16
  jne 1b
  mov rax, [r12 + GREGS + 17 * 8]
  mov [rbx + FLAGS], rax
  mov rax, [r12 + GREGS + 16 * 8]
  sub rax, CODE
  mov [rbx + 136], rax
  mov rax, [r12 + GREGS + 20 * 8]
  mov [rbx + 144], rax
  mov rax, [r12 + GREGS + 19 * 8]
  mov [rbx + 152], rax
  lea rdi, [rbx + 160]
  mov rsi, r13
  mov ecx, FX
  rep movsb
  xor eax, eax
  mov ecx, 512 - FX
  rep stosb
  mov esi, DATA
  mov ecx, 4096
  rep movsb
  mov eax, 1            # write
  mov edi, 1
  mov rsi, rbx
  mov edx, ANSWER
  syscall
  cmp rax, ANSWER
  jne leave
next:
  mov byte ptr [rip + begun], 1
  lea rbx, [rip + request]
  mov rsi, rbx
  lea rbp, [rbx + REQUEST]
1:xor eax, eax          # read
  xor edi, edi
  mov rdx, rbp
  sub rdx, rsi
  mov r14, rsi
  syscall
  mov rsi, r14
  test rax, rax
  jle leave
  add rsi, rax
  cmp rsi, rbp
  jne 1b
  mov edi, CODE
  mov al, 0xCC
  mov ecx, 512
  rep stosb
  mov edi, CODE
  lea rsi, [rbx + TEXT]
  mov ecx, [rbx + LENGTH]
  rep movsb
  mov edi, DATA
  lea rsi, [rbx + CONTENT]
  mov ecx, 4096
  rep movsb
  mov rdi, r13
  lea rsi, [rbx + STATE]
  mov ecx, FX
  rep movsb
  cmp dword ptr [r13 + FX], 0x46505853
  jne 2f
  or qword ptr [r13 + 512], 3
2:lea r14, [rip + order]
  xor ecx, ecx
3:movzx eax, byte ptr [r14 + rcx]
  mov rdx, [rbx + rcx * 8]
  mov [r12 + GREGS + rax * 8], rdx
  inc ecx
  cmp ecx, 16
  jne 3b
  mov rax, [rbx + FLAGS]
  mov [r12 + GREGS + 17 * 8], rax
  mov eax, CODE
  mov [r12 + GREGS + 16 * 8], rax
  ret
restorer:
  mov eax, 15           # rt_sigreturn
  syscall
leave:
  mov eax, 60           # exit
  xor edi, edi
  syscall

# Where a general register is in a ucontext.
order: .byte 13, 14, 12, 11, 15, 10, 9, 8, 0, 1, 2, 3, 4, 5, 6, 7
# SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV
signals: .byte 4, 5, 7, 8, 11, 0
.balign 8
# SA_SIGINFO, SA_ONSTACK, SA_RESTORER
action: .quad handler, 0x0C000004, restorer, 0
stack: .quad alternate
  .quad 0
  .quad 65536
.bss
.balign 64
begun: .skip 64
request: .skip REQUEST
answer: .skip ANSWER
.balign 64
alternate: .skip 65536
