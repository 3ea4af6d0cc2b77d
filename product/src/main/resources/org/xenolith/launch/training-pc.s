# SPDX-License-Identifier: EPL-2.0
# The code of the kernel that a PC is started with while a product is made (TrainingPcKernel): what a kernel does once, and the JVM is slow to do for the first time, above all instructions
# that are executed by nodes. It is entered as the PVH boot ABI says, in 32-bit protected mode without paging, at 0x100000, and ends halted. Nothing depends on what it reads.
# Assembled: as --64 training-pc.s -o t.o && objcopy -O binary -j .text t.o training-pc.bin

.intel_syntax noprefix
BASE = 0x100000
# Tables that it makes, each a page.
TOP = 0x110000
POINTERS = 0x111000
LOW = 0x112000
HIGH = 0x113000
INTERRUPTS = 0x114000
AREA = 0x115000
STACK = 0x118000

.text
.code32
start:
    cli
    cld
    mov esp, STACK
# Page tables: the first 2 MiB, and the 4 MiB below 4 GiB that have IO-APIC, HPET and LAPIC.
    mov dword ptr [TOP], POINTERS + 7
    mov dword ptr [POINTERS], LOW + 7
    mov dword ptr [POINTERS + 24], HIGH + 7
    mov dword ptr [LOW], 0x87
    mov dword ptr [HIGH + 8 * 0x1F6], 0xFEC0009B
    mov dword ptr [HIGH + 8 * 0x1F7], 0xFEE0009B
    lgdt [BASE + gdtr - start]
    mov eax, cr4
# PAE, OSFXSR, OSXMMEXCPT, FSGSBASE, OSXSAVE
    or eax, 0x50620
    mov cr4, eax
    mov eax, TOP
    mov cr3, eax
# EFER: SCE, LME, NXE
    mov ecx, 0xC0000080
    rdmsr
    or eax, 0x901
    wrmsr
    mov eax, cr0
    or eax, 0x80010003
    mov cr0, eax
    .byte 0xEA
    .long BASE + long - start
    .word 8

.code64
long:
    mov ax, 16
    mov ds, ax
    mov es, ax
    mov ss, ax
    xor eax, eax
    mov fs, ax
    mov gs, ax
    mov rsp, STACK
# The gate of #BP, a debugger's break, leads to behind.
    mov edi, INTERRUPTS + 3 * 16
    mov dword ptr [rdi], (BASE + behind - start) & 0xFFFF | 8 << 16
    mov dword ptr [rdi + 4], (BASE + behind - start) & 0xFFFF0000 | 0xEE00
    lidt [rip + idtr]
    sgdt [AREA]
    sidt [AREA]
    sldt ax
    lldt ax
    mov ax, 40
    ltr ax
    str ax
    mov eax, 16
    lar ecx, eax
    lsl ecx, eax
    verr ax
    verw ax
# The processor, its clock, its registers.
    xor eax, eax
    xor ecx, ecx
    cpuid
    mov eax, 7
    cpuid
    rdtsc
    rdtscp
    mov ecx, 0xC0000081
    rdmsr
    mov edx, 0x00100008
    wrmsr
    mov ecx, 0xC0000082
    mov eax, BASE + system - start
    xor edx, edx
    wrmsr
    mov ecx, 0xC0000084
    mov eax, 0x200
    wrmsr
    xor ecx, ecx
    xgetbv
    xsetbv
    mov rax, cr3
    mov cr3, rax
    mov rax, cr4
    or rax, 0x20000
    mov cr4, rax
    mov rax, cr2
    mov cr2, rax
    mov rax, cr8
    mov cr8, rax
    mov rax, dr0
    mov dr0, rax
    mov rax, dr6
    mov dr6, rax
    mov rax, dr7
    mov dr7, rax
    clts
    stac
    clac
    wbinvd
    invlpg [AREA]
    mov qword ptr [AREA], 0
    mov qword ptr [AREA + 8], AREA
    xor ecx, ecx
    invpcid rcx, [AREA]
    mov ecx, 2
    invpcid rcx, [AREA]
    rdgsbase rax
    wrgsbase rax
    rdfsbase rax
    wrfsbase rax
    swapgs
    swapgs
    rdrand rax
# Flags, the stack, devices.
    pushfq
    popfq
    push fs
    pop fs
    push qword ptr [AREA]
    pop qword ptr [AREA]
    mov edx, 0x3FF
    in al, dx
    out dx, al
    in al, 0x80
    out 0x80, al
    mov edx, 0xCF8
    in eax, dx
    out dx, eax
    mov ecx, 0xFED00000
    mov eax, [rcx + 0xF0]
    mov [rcx + 0xF0], eax
    mov rax, [rcx + 0x10]
    mov [rcx + 0x10], rax
    mov ecx, 0xFEE00000
    mov eax, [rcx + 0x20]
    mov eax, [rcx + 0xF0]
    mov [rcx + 0xF0], eax
    mov dword ptr [rcx + 0xB0], 0
    mov ecx, 0xFEC00000
    mov dword ptr [rcx], 1
    mov eax, [rcx + 16]
# Floating point and vectors.
    fninit
    fnstcw [AREA]
    fldcw [AREA]
    fnstsw ax
    fxsave [AREA]
    fxrstor [AREA]
    stmxcsr [AREA]
    ldmxcsr [AREA]
    xor edx, edx
    mov eax, 3
    xsave [AREA + 0x400]
    xrstor [AREA + 0x400]
    pxor xmm0, xmm0
    movdqa xmm1, xmm0
    pshufb xmm0, xmm1
    pshufd xmm0, xmm1, 0x1B
    paddd xmm0, xmm1
    psrld xmm0, 7
    pslld xmm1, 25
    por xmm0, xmm1
    punpckldq xmm0, xmm1
    palignr xmm0, xmm1, 4
    movdqu [AREA], xmm0
    pcmpeqb xmm0, xmm1
    pmovmskb eax, xmm0
# Strings, exchanges, divisions, shifts of two.
    mov esi, AREA
    mov edi, AREA + 0x100
    mov ecx, 64
    rep movsb
    mov ecx, 8
    rep stosq
    mov edi, AREA
    mov ecx, 4
    repne scasb
    mov esi, AREA
    mov edi, AREA
    mov ecx, 4
    repe cmpsb
    lodsb
    xor eax, eax
    mov ecx, 1
    lock cmpxchg [AREA], ecx
    lock cmpxchg8b [AREA]
    lock cmpxchg16b [AREA]
    lock xadd [AREA], ecx
    xchg [AREA], ecx
    lock bts dword ptr [AREA], 3
    bsf eax, ecx
    bsr eax, ecx
    mov eax, 100
    xor edx, edx
    mov ecx, 7
    div ecx
    imul rax, rcx
    mul rcx
    shld rax, rdx, 5
    shrd rax, rdx, 5
    bswap rax
    popcnt rax, rcx
# One that isn't in one page.
    jmp across
behind:
    iretq
# SYSCALL comes here.
system:
    nop
ends:
    mov ecx, 0x100000
count:
    add eax, ecx
    dec ecx
    jnz count
    hlt
    jmp ends

    .balign 8
gdtr:
    .word gdt_end - gdt - 1
    .long BASE + gdt - start
    .long 0
idtr:
    .word 0xFFF
    .quad INTERRUPTS
    .balign 8
gdt:
    .quad 0
# Code and data of level 0.
    .quad 0x00AF9B000000FFFF
    .quad 0x00CF93000000FFFF
# Data and code of level 3, as SYSRET has them behind 0x10.
    .quad 0x00CFF3000000FFFF
    .quad 0x00AFFB000000FFFF
# A task: AREA.
    .quad 0x0000890000000067 | (AREA & 0xFFFF) << 16 | (AREA >> 16 & 0xFF) << 32
    .quad 0
gdt_end:

    .org 0xFFD
across:
    shld rax, rdx, 7
    int3
    sti
    cli
    push 16
    push STACK
    push 2
    push 8
    push BASE + again - start
    iretq
again:
    mov ecx, BASE + user - start
    mov r11d, 2
    sysretq
user:
    syscall
