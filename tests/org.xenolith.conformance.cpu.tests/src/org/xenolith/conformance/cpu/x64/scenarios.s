# SPDX-License-Identifier: EPL-2.0
# Executes scenarios of X64Scenario one after the other on a bare processor, entered by the PVH boot ABI; scenarios.bin is this, made by
#   as -o scenarios.o scenarios.s && ld -Ttext=0x100000 -o scenarios.elf scenarios.o && objcopy -O binary scenarios.elf scenarios.bin
# For each scenario the record's words are poked into tables and pages, its registers are loaded, and IRET goes to its code. The exception that ends it is recorded: registers,
# control and segment registers, MSRs, and the words of tables and pages that are others than before, which become what they were. A line at the port 0x3f8 has a sum of all that,
# or each word if the header asks for it.
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
.set RECORD, 1024
.set CODE, 312            # of a record: its code, the words to poke, and what is compared of the code
.set CODE_WORDS, 20
.set POKES, 544
.set COMPARED, 800
.set FRESH, 0x2000000      # from here on each scenario that asks for it has a page of code of its own, so that none is translated anew
.set FILLED, 0xCCCCCCCCCCCCCCCC
.set RESULT, 0x320000
.set RESULT_WORDS, 60
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
  mov esi, SAVED
  mov edi, PAGES
  mov ecx, PAGES_WORDS * 2
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
  mov rbx, [record]
  mov edi, PAGES
  mov esi, [rbx + 520]          # how that page is mapped
  test esi, esi
  je 1f
  imul rdi, [index], 0x1000
  add rdi, FRESH
  mov rax, rdi
  or rax, rsi
  mov [LIVE + 0x4000], rax
  mov rdx, rdi
  mov rax, FILLED
  mov ecx, 512
  rep stosq
  mov rdi, rdx
1:mov [page], rdi
  lea rsi, [rbx + CODE]
  mov ecx, CODE_WORDS
  rep movsq
  mov rcx, [rbx + POKES]
  lea rsi, [rbx + POKES + 8]
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
  mov rax, [rbx + 512]
  mov dr6, rax
  mov ecx, 0x1B
  mov eax, 0xFEE00900
  xor edx, edx
  wrmsr
  mov ecx, 0x1A0
  mov eax, 0x1881
  wrmsr
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
  cmp dword ptr [RESULT + 128], 31
  ja 9f
  mov rbx, [record]
  cmp dword ptr [rbx + 524], 2  # EXT where ICEBP's exception isn't delivered: INT 1, which stands for it under QEMU, has none
  jne 6f
  mov eax, [RESULT + 128]
  cmp eax, 10
  jb 6f
  cmp eax, 13
  ja 6f
  mov rax, [RESULT + 144]
  and eax, 0xFFF
  add rax, [page]
  cmp word ptr [rax], 0x01CD
  je 7f
  cmp word ptr [rax], 0xF166
  jne 6f
7:or qword ptr [RESULT + 136], 1
6:cmp dword ptr [rbx + 520], 0  # scenarios that are about something else don't wait until QEMU clears RF
  je 8f
  mov eax, [RESULT + 128]
  mov ecx, 0x18                 # INT3 and INTO
  bt ecx, eax
  jc 5f
8:and qword ptr [rsp], ~0x10000 # RF of the image behind a fault: see X64Scenario
9:
5:pop rax
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
  mov rcx, [record]
  cmp dword ptr [rcx + 520], 0
  jne 8f
  test eax, 0x6000
  je 8f
  and eax, 0xE000               # what else QEMU says was met
8:mov [RESULT + 200], rax
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
3:mov ecx, 0x1B
  rdmsr
  mov [RESULT + 464], eax
  mov [RESULT + 468], edx
  mov eax, 0xFEE00900
  xor edx, edx
  wrmsr
  mov ecx, 0x1A0
  rdmsr
  and eax, ~0x1880              # what says what there is
  mov [RESULT + 472], eax
  mov [RESULT + 476], edx
  xor eax, eax
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
  je 6f
  mov esi, LIVE + 0x3000        # A where code is fetched that an interrupt comes before
  mov ecx, 1024
5:and byte ptr [rsi], ~0x20
  add rsi, 8
  dec ecx
  jne 5b
6:cmp dword ptr [RESULT + 128], 1
  jne 7f
  or byte ptr [LIVE + 0x3000], 0x20 # a breakpoint comes before code is fetched, or behind that
  or byte ptr [LIVE + 0x4000], 0x20
7:mov rbx, [record]             # where code is as it was, as it is here and not under QEMU
  cmp dword ptr [rbx + 524], 0
  je 9f
  mov rdi, [page]
  xor ecx, ecx
8:mov al, [rdi + rcx]
  cmp al, [rbx + rcx + CODE]
  jne 7f
  mov al, [rbx + rcx + COMPARED]
  mov [rdi + rcx], al
7:inc ecx
  cmp ecx, CODE_WORDS * 8
  jb 8b
9:mov rbx, 0xCBF29CE484222325
  mov r12, 0x100000001B3
  cmp qword ptr [RECORDS + 8], 0
  jne whole
  mov esi, RESULT
  mov ecx, RESULT_WORDS
  call sum
  mov rsi, [page]
  mov ecx, CODE_WORDS
  call sum
  jmp changed

# Each word, for a report.
whole:
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
  mov rsi, [page]
  mov ecx, 512
  call sum
  mov esi, PAGES + 0x1000
  mov ecx, PAGES_WORDS - 512
  call sum

changed:
  mov rdi, [page]
  add rdi, CODE_WORDS * 8
  mov rax, FILLED
  mov ecx, 512 - CODE_WORDS
1:repe scasq
  je 2f
  xor rbx, rdi
  imul rbx, r12
  xor rbx, [rdi - 8]
  imul rbx, r12
  mov [rdi - 8], rax
  test rcx, rcx
  jne 1b
2:mov esi, LIVE + 0x3000
  mov edi, PRISTINE + 0x3000
  mov ecx, 16
  call differ
  mov esi, LIVE + 0x4000
  mov edi, PRISTINE + 0x4000
  mov ecx, 16
  call differ
  mov esi, LIVE + 0x5000
  mov edi, PRISTINE + 0x5000
  mov ecx, 64
  call differ
  mov esi, LIVE + 0x7000
  mov edi, PRISTINE + 0x7000
  mov ecx, 34
  call differ
  mov esi, PAGES + 0x1000
  mov edi, SAVED + 0x1000
  mov ecx, PAGES_WORDS - 512
  call differ
  mov r8, [record]                # what else was poked
  mov rcx, [r8 + POKES]
  lea rsi, [r8 + POKES + 8]
3:jrcxz 4f
  mov rdi, [rsi]
  add rsi, 16
  dec rcx
  mov rax, rdi
  sub rax, LIVE
  cmp rax, LIVE_WORDS * 8
  jae 3b
  mov rax, [rdi + PRISTINE - LIVE]
  mov [rdi], rax
  jmp 3b
4:mov rax, rbx
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

# Adds words that are others than at RDI, and where they are, to the sum in RBX; they become what is there.
differ:
1:repe cmpsq
  je 2f
  xor rbx, rsi
  imul rbx, r12
  mov rax, [rsi - 8]
  xor rbx, rax
  imul rbx, r12
  mov rax, [rdi - 8]
  mov [rsi - 8], rax
  test rcx, rcx
  jne 1b
2:ret

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
page: .quad 0

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
