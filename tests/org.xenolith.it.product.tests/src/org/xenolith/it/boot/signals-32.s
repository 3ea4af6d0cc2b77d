# SPDX-License-Identifier: EPL-2.0
# A program of 32 bits that three signals interrupt in its own code and one in a system call, and that says how many it has handled: an
# ELF file as it lies here, headers and all (System V ABI, Intel386 supplement, chapter 4; Linux, arch/x86/entry/syscalls/syscall_32.tbl).

  .code32
  .set BASE, 0x08048000
  .set SIGUSR1, 10
  .set SIGALRM, 14
  .set SA_RESTORER, 0x04000000

head:
  .byte 0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0
  .short 2, 3
  .long 1, BASE + (start - head), segment - head, 0, 0
  .short segment - head, end_of_segment - segment, 1, 0, 0, 0
segment:
  .long 1, 0, BASE, BASE, end - head, end - head, 7, 0x1000
end_of_segment:

start:
  movl $SIGUSR1, %ebx
  call handle
  movl $SIGALRM, %ebx
  call handle
  movl $3, %edi
again:
  movl $20, %eax              # getpid
  int $0x80
  movl %eax, %ebx
  movl $SIGUSR1, %ecx
  movl $37, %eax              # kill
  int $0x80
  decl %edi
  jnz again
  movl $1, %ebx
  movl $27, %eax              # alarm
  int $0x80
  movl $29, %eax              # pause
  int $0x80
  movl $1, %ebx
  movl $(BASE + (text - head)), %ecx
  movl $(end - text), %edx
  movl $4, %eax               # write
  int $0x80
  xorl %ebx, %ebx
  movl $1, %eax               # exit
  int $0x80

handle:                       # the signal in EBX
  movl $(BASE + (action - head)), %ecx
  xorl %edx, %edx
  movl $8, %esi
  movl $174, %eax             # rt_sigaction
  int $0x80
  ret

handler:
  incb BASE + (count - head)
  ret

restore:
  popl %eax
  movl $119, %eax             # sigreturn
  int $0x80

action:
  .long BASE + (handler - head), SA_RESTORER, BASE + (restore - head), 0, 0
text:
  .ascii "SIG32 signals handled "
count:
  .ascii "0\n"
end:
