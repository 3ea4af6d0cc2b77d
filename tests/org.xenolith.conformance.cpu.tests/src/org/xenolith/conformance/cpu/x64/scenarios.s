# SPDX-License-Identifier: EPL-2.0
# Executes scenarios of X64Scenario one after the other on a bare processor, entered by the PVH boot ABI; scenarios.bin is this, made by
#   as -o scenarios.o scenarios.s && ld -Ttext=0x100000 -o scenarios.elf scenarios.o && objcopy -O binary scenarios.elf scenarios.bin
# Before each scenario, tables and pages become what they were, the record's words are poked into them, its registers are loaded, and IRET goes to its code. The exception that
# ends it is recorded: registers, control and segment registers, MSRs, tables and pages. A line at the port 0x3f8 has a sum of all that, or each word if the header asks for it.
.intel_syntax noprefix
.set LIVE, 0x200000      # PML4, PDPT, PD, the tests' PD and PT, GDT, IDT, TSS: a page each
.set PRISTINE, 0x280000
.set LIVE_WORDS, 0x1000
.set PAGES, 0x400000     # the tests' pages: code, two of data, stack
.set SAVED, 0x480000
.set PAGES_WORDS, 0x800
.set STACK, 0x310000
.set RECORDS, 0x1000000  # header: number of scenarios, whether each word is printed
.set FIRST, RECORDS + 64
.set RECORD, 512
.set RESULT, 0x320000
.set RESULT_WORDS, 58
.set APIC, 0x40400000    # where scenarios with interrupts have mapped the local APIC
.set CONTROL_0, 0x80010033
.set CONTROL_4, 0x620
.set FEATURES, 0xD01

.globl _start
.code32
_start:
  cld
  mov esp, STACK
  mov esi, PRISTINE
  mov edi, LIVE
  mov ecx, LIVE_WORDS * 2
  rep movsd
  mov eax, CONTROL_4
  mov cr4, eax
  mov eax, LIVE
  mov cr3, eax
  mov ecx, 0xC0000080
  mov eax, 0x901
  xor edx, edx
  wrmsr
  mov eax, CONTROL_0
  mov cr0, eax
  lgdt [gdt]
  ljmp 8, offset begin
.code64
begin:
  lidt [idt]
  mov qword ptr [index], 0
  mov qword ptr [record], FIRST
next:
  mov rsp, STACK
  mov rax, [index]
  cmp rax, [RECORDS]
  je end
  cld
  mov esi, PRISTINE
  mov edi, LIVE
  mov ecx, LIVE_WORDS
  rep movsq
  mov esi, SAVED
  mov edi, PAGES
  mov ecx, PAGES_WORDS
  rep movsq
  mov rbx, [record]
  lea rsi, [rbx + 416]
  mov edi, PAGES
  mov ecx, 8
  rep movsq
  mov rcx, [rbx + 312]
  lea rsi, [rbx + 320]
1:jrcxz 2f
  lodsq
  mov rdi, rax
  lodsq
  mov [rdi], rax
  dec rcx
  jmp 1b
2:fninit
  xor eax, eax
  lldt ax
  mov [RESULT + 47 * 8], rax
  mov eax, 0x40
  ltr ax
  lea rsi, [msrs]
  lea rdi, [rbx + 200]
  mov ebp, 7
3:mov ecx, [rsi]
  mov eax, [rdi]
  mov edx, [rdi + 4]
  wrmsr
  add rsi, 4
  add rdi, 8
  dec ebp
  jne 3b
  mov ecx, 0xC0000083
  mov eax, [rbx + 480]
  mov edx, [rbx + 484]
  wrmsr
  mov rax, [rbx + 256]
  mov dr0, rax
  mov rax, [rbx + 264]
  mov dr1, rax
  mov rax, [rbx + 272]
  mov dr2, rax
  mov rax, [rbx + 280]
  mov dr3, rax
  mov ecx, 0xC0000080
  mov eax, [rbx + 192]
  xor edx, edx
  wrmsr
  mov rax, [rbx + 184]
  mov cr4, rax
  mov rax, [rbx + 176]
  mov cr0, rax
  mov eax, LIVE
  mov cr3, rax
  mov ds, word ptr [rbx + 168]
  mov es, word ptr [rbx + 170]
  mov fs, word ptr [rbx + 172]
  mov gs, word ptr [rbx + 174]
  mov ecx, 0xC0000100
  mov eax, [rbx + 296]
  mov edx, [rbx + 300]
  wrmsr
  mov ecx, 0xC0000101
  mov eax, [rbx + 304]
  mov edx, [rbx + 308]
  wrmsr
  cmp dword ptr [rbx + 500], 0
  je 5f
  mov edi, APIC
  mov dword ptr [rdi + 0xF0], 0x1FF
  mov eax, [rbx + 496]
  mov [rdi + 0x80], eax
  mov dword ptr [rdi + 0x310], 0
  mov eax, [rbx + 488]
  test eax, eax
  je 4f
  mov [rdi + 0x300], eax
4:mov eax, [rbx + 492]
  test eax, eax
  je 5f
  mov [rdi + 0x300], eax
5:mov rax, [rbx + 288]
  mov dr7, rax
  push qword ptr [rbx + 160]
  push qword ptr [rbx + 152]
  push qword ptr [rbx + 144]
  push qword ptr [rbx + 136]
  push qword ptr [rbx + 128]
  mov rax, [rbx]
  mov rcx, [rbx + 8]
  mov rdx, [rbx + 16]
  mov rbp, [rbx + 40]
  mov rsi, [rbx + 48]
  mov rdi, [rbx + 56]
  mov r8, [rbx + 64]
  mov r9, [rbx + 72]
  mov r10, [rbx + 80]
  mov r11, [rbx + 88]
  mov r12, [rbx + 96]
  mov r13, [rbx + 104]
  mov r14, [rbx + 112]
  mov r15, [rbx + 120]
  mov rbx, [rbx + 24]
  iretq

# 64-bit code that SYSCALL and SYSENTER come to: recorded as the vectors 0x100 and 0x101, with RSP as it is.
syscalled:
  mov [RESULT + 47 * 8], rsp
  mov rsp, STACK - 256
  push 0
  push 0
  pushfq
  push 8
  push rcx
  push 0x100
  jmp common
entered:
  mov [RESULT + 47 * 8], rsp
  mov rsp, STACK - 256
  push 0
  push 0
  pushfq
  push 8
  push 0
  push 0x101
  jmp common

# An interrupt that a scenario has left over.
drained:
  push rax
  cmp qword ptr [rsp + 8], 2
  je 1f
  mov eax, APIC
  mov dword ptr [rax + 0xB0], 0
1:pop rax
  add rsp, 8
  iretq

common:
  cmp dword ptr [draining], 0
  jne drained
  mov [RESULT], rax
  mov [RESULT + 8], rcx
  mov [RESULT + 16], rdx
  mov [RESULT + 24], rbx
  mov [RESULT + 40], rbp
  mov [RESULT + 48], rsi
  mov [RESULT + 56], rdi
  mov [RESULT + 64], r8
  mov [RESULT + 72], r9
  mov [RESULT + 80], r10
  mov [RESULT + 88], r11
  mov [RESULT + 96], r12
  mov [RESULT + 104], r13
  mov [RESULT + 112], r14
  mov [RESULT + 120], r15
  pop rax
  mov [RESULT + 128], rax       # vector
  xor eax, eax
  test spl, 15                  # a frame without an error code has five words
  jne 1f
  cmp qword ptr [RESULT + 128], 14
  jne 4f
  test byte ptr [rsp], 8
  je 4f
  or byte ptr [rsp], 1          # P where a bit is reserved: see X64Scenario
4:pop rax
1:mov [RESULT + 136], rax       # error code
  pop rax
  mov [RESULT + 144], rax       # RIP
  pop rax
  mov [RESULT + 152], rax       # CS
  and qword ptr [rsp], ~0x10000 # RF of the image: see X64Scenario
  pop rax
  mov [RESULT + 160], rax
  pop rax
  mov [RESULT + 32], rax        # RSP
  pop rax
  mov [RESULT + 168], rax       # SS
  mov rsp, STACK
  push 2
  popfq
  mov rax, cr2
  mov [RESULT + 176], rax
  mov rax, cr0
  mov [RESULT + 184], rax
  mov rax, cr4
  mov [RESULT + 192], rax
  mov rax, dr6
  and eax, 0xE00F               # QEMU has some of the fixed bits written
  test eax, 0x6000
  je 8f
  and eax, 0xE000               # what else was met then isn't compared
8:
  mov [RESULT + 200], rax
  mov rax, dr7
  mov [RESULT + 208], rax
  xor eax, eax
  mov ax, ds
  mov [RESULT + 216], rax
  mov ax, es
  mov [RESULT + 224], rax
  mov ax, fs
  mov [RESULT + 232], rax
  mov ax, gs
  mov [RESULT + 240], rax
  mov qword ptr [RESULT + 248], 0
  str ax
  mov [RESULT + 256], rax
  mov rax, cr8
  mov [RESULT + 264], rax
  lea rsi, [read]
  mov edi, RESULT + 272
2:mov ecx, [rsi]
  jrcxz 3f
  rdmsr
  mov [rdi], eax
  mov [rdi + 4], edx
  add rsi, 4
  add rdi, 8
  jmp 2b
3:xor eax, eax
  mov dr7, rax
  mov dr6, rax
  mov eax, CONTROL_4
  mov cr4, rax
  mov eax, CONTROL_0
  mov cr0, rax
  mov ecx, 0xC0000080
  mov eax, FEATURES
  xor edx, edx
  wrmsr
  xor eax, eax
  mov cr2, rax
  mov eax, LIVE
  mov cr3, rax
  lgdt [gdt]
  lidt [idt]
  mov eax, 0x10
  mov ds, ax
  mov es, ax
  mov ss, ax
  mov fs, ax
  mov gs, ax
  call interrupts
  mov rax, [record]
  cmp dword ptr [rax + 500], 0
  jne 7f
  mov eax, [RESULT + 128]
  cmp eax, 1
  je 7f
  cmp eax, 8
  je 7f
  cmp eax, 14
  jne 6f
7:mov esi, LIVE + 0x3000        # A where an access faults, or code is fetched that an interrupt comes before: see X64Scenario
  mov ecx, 1024
5:and byte ptr [rsi], ~0x20
  add rsi, 8
  dec ecx
  jne 5b
6:mov rbx, 0xCBF29CE484222325
  mov r12, 0x100000001B3
  mov esi, RESULT
  mov ecx, RESULT_WORDS
  call sum
  mov esi, LIVE + 0x3000
  mov ecx, 16
  call sum
  mov esi, LIVE + 0x4000
  mov ecx, 16
  call sum
  mov esi, LIVE + 0x5000
  mov ecx, 64
  call sum
  mov esi, LIVE + 0x7000
  mov ecx, 16
  call sum
  mov esi, PAGES
  mov ecx, PAGES_WORDS
  call sum
  mov rax, rbx
  call print
  mov al, 10
  mov edx, 0x3F8
  out dx, al
  inc qword ptr [index]
  add qword ptr [record], RECORD
  jmp next

# Records the local APIC: ISR, IRR, TPR and PPR; then takes and ends what is left over.
interrupts:
  xor eax, eax
  mov edi, RESULT + 48 * 8
  mov ecx, 10
  rep stosq
  mov rbx, [record]
  cmp dword ptr [rbx + 500], 0
  je 9f
  mov ebx, APIC
  mov edi, RESULT + 48 * 8
  lea rsi, [rbx + 0x100]
  call vectors
  lea rsi, [rbx + 0x200]
  call vectors
  mov eax, [rbx + 0x80]
  stosd
  mov eax, [rbx + 0xA0]
  stosd
  mov dword ptr [rbx + 0x80], 0
  mov dword ptr [draining], 1
1:mov edi, RESULT + 0x800
  lea rsi, [rbx + 0x100]
  call vectors
  test edx, edx
  je 2f
  mov dword ptr [rbx + 0xB0], 0
  jmp 1b
2:lea rsi, [rbx + 0x200]
  call vectors
  test edx, edx
  je 3f
  sti
  nop
  nop
  cli
  jmp 1b
3:mov rax, rsp                  # what IRET lets in: a non-maskable interrupt
  push 0x10
  push rax
  push 2
  push 8
  lea rax, [4f]
  push rax
  iretq
4:nop
  mov dword ptr [draining], 0
9:ret

# Copies eight registers of the local APIC to RDI. EDX isn't zero if one isn't.
vectors:
  mov ecx, 8
  xor edx, edx
1:mov eax, [rsi]
  or edx, eax
  stosd
  add rsi, 16
  dec ecx
  jne 1b
  ret

# Adds words to the sum in RBX, and prints them if that is asked for.
sum:
1:lodsq
  xor rbx, rax
  imul rbx, r12
  cmp qword ptr [RECORDS + 8], 0
  je 2f
  push rcx
  call print
  pop rcx
2:dec ecx
  jne 1b
  ret

# Prints RAX and a blank.
print:
  mov r8, rax
  mov ecx, 16
  mov edx, 0x3F8
1:rol r8, 4
  mov eax, r8d
  and eax, 15
  mov al, [digits + eax]
  out dx, al
  dec ecx
  jne 1b
  mov al, 32
  out dx, al
  ret

end:
  mov edx, 0x3F8
  mov al, 46
  out dx, al
  mov al, 10
  out dx, al
1:hlt
  jmp 1b

digits: .ascii "0123456789abcdef"
.balign 4
# Written from the record on: STAR, LSTAR, SFMASK, KERNEL_GS_BASE, SYSENTER_CS, _ESP, _EIP
msrs: .long 0xC0000081, 0xC0000082, 0xC0000084, 0xC0000102, 0x174, 0x175, 0x176
# Read into the result: EFER, FS_BASE, GS_BASE and the same again, CSTAR, PAT, TSC_AUX
read: .long 0xC0000080, 0xC0000100, 0xC0000101, 0xC0000081, 0xC0000082, 0xC0000084, 0xC0000102, 0x174, 0x175, 0x176, 0xC0000083, 0x277, 0xC0000103, 0
.balign 8
gdt: .word 0x1FF
  .quad LIVE + 0x5000
.balign 8
idt: .word 0xFFF
  .quad LIVE + 0x6000
.balign 8
index: .quad 0
record: .quad 0
draining: .quad 0

# A handler of 16 bytes for each vector.
.balign 4096
handlers:
.set vector, 0
.rept 256
.balign 16
  push vector
  jmp common
.set vector, vector + 1
.endr
.balign 4096
  jmp syscalled
.balign 16
  jmp entered
