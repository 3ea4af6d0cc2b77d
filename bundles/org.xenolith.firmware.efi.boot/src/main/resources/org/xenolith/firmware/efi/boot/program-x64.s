# SPDX-License-Identifier: EPL-2.0
# The part of the firmware that an x86-64 guest executes (ADR 26), at BASE. It is entered by the PVH boot ABI (Xen, docs/misc/pvh.pandoc): protected
# mode without paging, EBX has the start_info. What it calls and what calls it uses UEFI's convention (UEFI 2.10, 2.3.4.2).
# X64Program has the stubs behind it, and fills in the interrupt descriptor table.

BASE = 0x100000
ENTER = 0xC300EF50
SERVICE = ENTER + 1
RETURNED = ENTER + 2
WOKEN = ENTER + 3
TOOK = ENTER + 4
CALL = 1
WAIT = 2
RESUME = 3
IF = 0x200
TIMER = 32
SPURIOUS = 33
VECTORS = 34
TSC_DEADLINE = 0x6E0
EXCEPTION_VECTOR = 8
EXCEPTION_RIP = 24
FRAME = 312
FRAME_RESULT = 288
MOST_READS = 0x10000

    .code32
start:
    cli
    cld
    mov %ebx, %ebp
# The hypervisor's leaves begin at the first of these numbers that has its name (Xen, public header arch-x86/cpuid.h).
    mov $0x40000000, %edi
leaf:
    mov %edi, %eax
    cpuid
    cmp $0x566E6558, %ebx
    jne other
    cmp $0x65584D4D, %ecx
    jne other
    cmp $0x4D4D566E, %edx
    je found
other:
    add $0x100, %edi
    cmp $0x40010000, %edi
    jb leaf
stand32:
    hlt
    jmp stand32
# ECX of leaf 3 is the time-stamp counter's kHz.
found:
    mov %edi, %esp
    lea 3(%edi), %eax
    xor %ecx, %ecx
    cpuid
    mov %ecx, %edi
    rdtsc
    mov %edx, %esi
    mov %eax, %edx
    mov %ebp, %ecx
    mov %esp, %ebp
    mov $BASE, %ebx
    mov $ENTER, %eax
    vmcall
    test %eax, %eax
    jnz stand32
    mov %ebx, %esp
# PAE, and the extensions that programs of 64 bits use.
    mov %cr4, %eax
    or $0x620, %eax
    mov %eax, %cr4
    mov %ecx, %cr3
    mov $0xC0000080, %ecx
    rdmsr
    or $0x900, %eax
    wrmsr
    mov %cr0, %eax
    and $0xFFFFFFF3, %eax
    or $0x80000023, %eax
    mov %eax, %cr0
    lgdt BASE + gdtr - start
    ljmp $8, $(BASE + long - start)

    .balign 8
gdt:
    .quad 0
    .quad 0x00AF9B000000FFFF
    .quad 0x00CF93000000FFFF
gdtr:
    .word gdtr - gdt - 1
    .long BASE + gdt - start
    .balign 8
idtr:
    .word VECTORS * 16 - 1
    .quad BASE + idt - start

    .code64
# Interrupts are let through again if they were: R15 is what RFLAGS was.
.macro interruptible
    test $IF, %r15d
    jz 1f
    sti
1:
.endm

long:
    mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    xor %eax, %eax
    mov %eax, %fs
    mov %eax, %gs
    lidt idtr(%rip)
    mov %ebp, %edi
    lea 2(%rdi), %eax
    cpuid
    mov %ebx, %ecx
    mov $BASE, %eax
    add $(hypercalls - start), %eax
    xor %edx, %edx
    wrmsr
    xor %ebp, %ebp
    xor %ebx, %ebx
    sub $128, %rsp
    sti
    call stubs
stand:
    cli
stand_again:
    hlt
    jmp stand_again

# A call of the firmware: RAX says which, RDI is the frame that is its root, RSI a value. What comes back says what is next: verdict, frame, and RSI, RDX, R10; R8 is the
# address of accesses that come first, behind their number; its low bits are 1 if the timer is to be set to R9, 2 if it is to be off. Firmware that is away answers a negative number: then
# whoever called gets NOT_READY, and an interrupt was none. What the firmware has left is below the stack: no interrupt is taken until the stack ends below it. R15 is what RFLAGS was.
trap:
    pushf
    pop %r15
    cli
    mov %rax, %r11
    mov %rsi, %r12
    rdtsc
    shl $32, %rdx
    or %rax, %rdx
    mov %r11, %rax
    vmcall
    test %rax, %rax
    js away
    mov %r8, %r14
    and $3, %r14d
    jz timed
    mov %rax, %r12
    mov %rdx, %r13
    xor %eax, %eax
    cmp $2, %r14d
    cmovne %r9, %rax
    call deadline
    mov %r12, %rax
    mov %r13, %rdx
timed:
    and $-4, %r8
    jnz posted
decided:
    test %eax, %eax
    jz return
    cmp $CALL, %eax
    je call
    cmp $WAIT, %eax
    je wait
    cmp $RESUME, %eax
    je resume
    jmp stand
away:
    mov %rbx, %rdi
    cmp $TOOK, %r11d
    jne away_service
    cmp $TIMER, %r12d
    je resume
    jmp stand
away_service:
    movabs $0x8000000000000006, %rax
    mov %rax, FRAME_RESULT(%rdi)
return:
    mov %rdi, %rsp
    interruptible
    mov FRAME_RESULT(%rsp), %rax
    mov 64(%rsp), %rbx
    mov 72(%rsp), %rbp
    mov 80(%rsp), %rsi
    mov 88(%rsp), %rdi
    mov 96(%rsp), %r12
    mov 104(%rsp), %r13
    mov 112(%rsp), %r14
    mov 120(%rsp), %r15
    movaps 128(%rsp), %xmm6
    movaps 144(%rsp), %xmm7
    movaps 160(%rsp), %xmm8
    movaps 176(%rsp), %xmm9
    movaps 192(%rsp), %xmm10
    movaps 208(%rsp), %xmm11
    movaps 224(%rsp), %xmm12
    movaps 240(%rsp), %xmm13
    movaps 256(%rsp), %xmm14
    movaps 272(%rsp), %xmm15
    add $FRAME, %rsp
    ret

# The registers of whoever called are in its frame.
posted:
    mov %r8, %rsp
    mov %rax, %r12
    mov %rdi, %r13
    mov %rsi, %r14
    mov %r15, %rbx
    interruptible
    mov %rdx, %r15
    mov %r10, %rbp
    lea 16(%r8), %rcx
    mov (%r8), %rdx
    sub $32, %rsp
    call touch
    mov %r12, %rax
    mov %r13, %rdi
    mov %r14, %rsi
    mov %r15, %rdx
    mov %rbx, %r15
    mov %rbp, %r10
    jmp decided

# A function is called: RSI is its address, RDX the stack that it gets, with the ninth argument first, R10 points to the first eight.
call:
    mov %rdi, %rbx
    lea -64(%rdx), %rsp
    interruptible
    mov 32(%r10), %rax
    mov %rax, 32(%rsp)
    mov 40(%r10), %rax
    mov %rax, 40(%rsp)
    mov 48(%r10), %rax
    mov %rax, 48(%rsp)
    mov 56(%r10), %rax
    mov %rax, 56(%rsp)
    mov (%r10), %rcx
    mov 8(%r10), %rdx
    mov 16(%r10), %r8
    mov 24(%r10), %r9
    call *%rsi
    mov %rbx, %rdi
    mov %rax, %rsi
    mov $RETURNED, %eax
    jmp trap

# Time passes: RSI is the counter's value that is waited for, RDX the stack, R10 whether no interrupt comes, or it is worth none. Nor is there one for who has interrupts switched off.
wait:
    mov %rdi, %rbx
    mov %rdx, %rsp
    mov %rsi, %r12
    test %r10, %r10
    jnz wait_busy
    test $IF, %r15d
    jz wait_busy
    mov %rsi, %rax
    call deadline
    jc wait_busy
    sti
    hlt
# The timer's interrupt ends here if it comes meanwhile. Another one may have ended the wait.
waited:
    rdtsc
    shl $32, %rdx
    or %rax, %rdx
    cmp %r12, %rdx
    jae woken
    xor %eax, %eax
    call deadline
    jmp woken
# So many instructions from one look at the counter to the next take an emulator less than as many looks.
wait_busy:
    interruptible
wait_on:
    mov $32, %ecx
wait_count:
    dec %ecx
    jnz wait_count
    rdtsc
    shl $32, %rdx
    or %rax, %rdx
    cmp %r12, %rdx
    jb wait_on
woken:
    mov %rbx, %rdi
    xor %esi, %esi
    mov $WOKEN, %eax
    jmp trap

# The timer's interrupt comes when the counter is RAX; 0: it doesn't. CF is set if there is no timer (any more). Changes RCX and RDX.
deadline:
    mov %rax, %rdx
    shr $32, %rdx
    mov $TSC_DEADLINE, %ecx
deadline_write:
    wrmsr
    clc
    ret
deadline_gone:
    stc
    ret

# The local APIC's timer is switched on, with deadlines of the time-stamp counter (Intel SDM, volume 3, 12.5.4); what is returned is 0, or UNSUPPORTED without them.
apic:
    push %rbx
    mov $1, %eax
    xor %ecx, %ecx
    cpuid
    pop %rbx
    test $0x200, %edx
    jz apic_none
    bt $24, %ecx
    jnc apic_none
    mov $0xFEE00000, %eax
    movl $0, 0x80(%rax)
    movl $(0x100 + SPURIOUS), 0xF0(%rax)
    movl $(0x40000 + TIMER), 0x320(%rax)
    mfence
    xor %eax, %eax
    ret
apic_none:
    movabs $0x8000000000000003, %rax
    ret

# Registers are touched and hypercalls made: RCX points to a list of RDX entries of 64 bytes: kind, size, address, value, and five arguments.
touch:
    push %rbx
    push %r12
    push %r13
    push %rsi
    push %rdi
    mov %rcx, %r12
    mov %rdx, %r13
touch_next:
    test %r13, %r13
    jz touch_done
    mov (%r12), %eax
    mov 4(%r12), %ebx
    mov 8(%r12), %rdi
    mov 16(%r12), %rsi
    cmp $3, %eax
    je touch_hypercall
    cmp $1, %eax
    je touch_write
    mov $MOST_READS, %ecx
    cmp $2, %eax
    je touch_read
    mov $1, %ecx
touch_read:
    cmp $1, %ebx
    je touch_read_1
    cmp $2, %ebx
    je touch_read_2
    cmp $4, %ebx
    je touch_read_4
    mov (%rdi), %rax
    jmp touch_have
touch_read_1:
    movzbl (%rdi), %eax
    jmp touch_have
touch_read_2:
    movzwl (%rdi), %eax
    jmp touch_have
touch_read_4:
    mov (%rdi), %eax
touch_have:
    dec %ecx
    jz touch_keep
    test %rsi, %rax
    jnz touch_read
    jmp touch_keep
touch_write:
    xor %eax, %eax
    cmp $1, %ebx
    je touch_write_1
    cmp $2, %ebx
    je touch_write_2
    cmp $4, %ebx
    je touch_write_4
    mov %rsi, (%rdi)
    jmp touch_keep
touch_write_1:
    mov %sil, (%rdi)
    jmp touch_keep
touch_write_2:
    mov %si, (%rdi)
    jmp touch_keep
touch_write_4:
    mov %esi, (%rdi)
    jmp touch_keep
# By the page that the hypervisor has filled: 32 bytes for each number.
touch_hypercall:
    mov %edi, %eax
    shl $5, %eax
    lea hypercalls(%rip), %rcx
    add %rax, %rcx
    mov 24(%r12), %rdi
    mov 32(%r12), %rsi
    mov 40(%r12), %rdx
    mov 48(%r12), %r10
    mov 56(%r12), %r8
    call *%rcx
touch_keep:
    mov %rax, 16(%r12)
    add $64, %r12
    dec %r13
    jmp touch_next
touch_done:
    pop %rdi
    pop %rsi
    pop %r13
    pop %r12
    pop %rbx
    xor %eax, %eax
    ret

# A stub was called: EAX is its function's number.
common:
    sub $FRAME, %rsp
    mov %rcx, (%rsp)
    mov %rdx, 8(%rsp)
    mov %r8, 16(%rsp)
    mov %r9, 24(%rsp)
    mov FRAME + 40(%rsp), %rcx
    mov %rcx, 32(%rsp)
    mov FRAME + 48(%rsp), %rcx
    mov %rcx, 40(%rsp)
    mov FRAME + 56(%rsp), %rcx
    mov %rcx, 48(%rsp)
    mov FRAME + 64(%rsp), %rcx
    mov %rcx, 56(%rsp)
    mov %rbx, 64(%rsp)
    mov %rbp, 72(%rsp)
    mov %rsi, 80(%rsp)
    mov %rdi, 88(%rsp)
    mov %r12, 96(%rsp)
    mov %r13, 104(%rsp)
    mov %r14, 112(%rsp)
    mov %r15, 120(%rsp)
    movaps %xmm6, 128(%rsp)
    movaps %xmm7, 144(%rsp)
    movaps %xmm8, 160(%rsp)
    movaps %xmm9, 176(%rsp)
    movaps %xmm10, 192(%rsp)
    movaps %xmm11, 208(%rsp)
    movaps %xmm12, 224(%rsp)
    movaps %xmm13, 240(%rsp)
    movaps %xmm14, 256(%rsp)
    movaps %xmm15, 272(%rsp)
    cld
    mov %rsp, %rdi
    mov %rsp, %rbx
    mov %eax, %esi
    mov $SERVICE, %eax
    jmp trap

# Exceptions: the vector's number, and 0 where the processor pushes no error code. Below them is the address of a page fault.
    .balign 16
handlers:
    .set vector, 0
    .rept VECTORS
    .balign 16
    .if vector == TIMER
    jmp interrupt
    .elseif vector == SPURIOUS
    iretq
    .else
    .if (vector == 8) || (vector >= 10 && vector <= 14) || (vector == 17) || (vector == 21) || (vector == 29) || (vector == 30)
    .else
    push $0
    .endif
    push $vector
    jmp exception
    .endif
    .set vector, vector + 1
    .endr
    .balign 16
exception:
    push %rax
    mov %cr2, %rax
    xchg %rax, (%rsp)
    cmpl $13, EXCEPTION_VECTOR(%rsp)
    jne unexpected
    push %rax
    lea deadline_write(%rip), %rax
    cmp %rax, EXCEPTION_RIP + 8(%rsp)
    pop %rax
    je without
unexpected:
    mov EXCEPTION_VECTOR(%rsp), %rsi
    mov %rsp, %rdi
    mov %rsp, %rbx
    cld
    mov $TOOK, %eax
    jmp trap
# The local APIC is there no more.
without:
    push %rax
    lea deadline_gone(%rip), %rax
    mov %rax, EXCEPTION_RIP + 8(%rsp)
    pop %rax
    add $EXCEPTION_RIP, %rsp
    iretq

# The timer's interrupt. All is kept that it must not change, and that calls of functions may change. Who was waiting goes on by itself.
interrupt:
    push %rax
    mov gic(%rip), %rax
    movl $0, 0xB0(%rax)
    lea waited(%rip), %rax
    cmp %rax, 8(%rsp)
    je interrupted
    push %rcx
    push %rdx
    push %rbx
    push %rbp
    push %rsi
    push %rdi
    push %r8
    push %r9
    push %r10
    push %r11
    push %r12
    push %r13
    push %r14
    push %r15
    sub $512, %rsp
    fxsave64 (%rsp)
    cld
    mov %rsp, %rdi
    mov %rsp, %rbx
    mov $TIMER, %esi
    mov $TOOK, %eax
    jmp trap
# An interrupt is over.
resume:
    mov %rdi, %rsp
    fxrstor64 (%rsp)
    add $512, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rdi
    pop %rsi
    pop %rbp
    pop %rbx
    pop %rdx
    pop %rcx
interrupted:
    pop %rax
    iretq

    .balign 8
# What is acknowledged: the local APIC's address, or 0 while there is no interrupt.
gic:
    .quad 0
    .balign 16
idt:
    .fill VECTORS * 16, 1, 0
    .balign 4096
hypercalls:
    .fill 4096, 1, 0xCC
stubs:
