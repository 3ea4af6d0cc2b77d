# SPDX-License-Identifier: EPL-2.0
# An EFI application for x86-64 that waits in the ways in which programs wait (UEFI 2.10, 2.3.4 and 7.1): by HLT for a timer's event, by HLT and by nothing at all for a notification
# function that a timer calls, with interrupts switched off, and by Stall and WaitForEvent. It says after each that it has woken. First it says what the date is.

OUTPUT = 64
OUTPUT_STRING = 8
RUNTIME = 88
BOOT = 96
GET_TIME = 24
CREATE_EVENT = 80
SET_TIMER = 88
WAIT_FOR_EVENT = 96
CLOSE_EVENT = 112
CHECK_EVENT = 120
STALL = 248
TIMER = 0x80000000
NOTIFY_SIGNAL = 0x200
CALLBACK = 8
PERIODIC = 1
RELATIVE = 2
IF = 0x200

.macro say text
    lea \text(%rip), %rdx
    mov OUTPUT(%r12), %rcx
    call *OUTPUT_STRING(%rcx)
.endm
# RDX is how, R8 after how many units of 100 ns.
.macro timer how, units
    mov event(%rip), %rcx
    mov $\how, %edx
    mov $\units, %r8d
    call *SET_TIMER(%r13)
    test %rax, %rax
    jnz failed
.endm

start:
    push %rbx
    push %rdi
    push %r12
    push %r13
    sub $56, %rsp
    mov %rdx, %r12
    mov BOOT(%rdx), %r13

    lea time(%rip), %rcx
    xor %edx, %edx
    mov RUNTIME(%r12), %rax
    call *GET_TIME(%rax)
    test %rax, %rax
    jnz failed
    movzwl time(%rip), %eax
    lea date(%rip), %rdi
    mov $1000, %ecx
    call digits
    movzbl time + 2(%rip), %eax
    lea date + 10(%rip), %rdi
    mov $10, %ecx
    call digits
    movzbl time + 3(%rip), %eax
    lea date + 16(%rip), %rdi
    mov $10, %ecx
    call digits
    say begun

    mov $TIMER, %ecx
    xor %edx, %edx
    xor %r8d, %r8d
    xor %r9d, %r9d
    lea event(%rip), %rax
    mov %rax, 32(%rsp)
    call *CREATE_EVENT(%r13)
    test %rax, %rax
    jnz failed
    timer RELATIVE, 500000
halted:
    hlt
    mov event(%rip), %rcx
    call *CHECK_EVENT(%r13)
    test %rax, %rax
    jnz halted
    say woke_event
    timer RELATIVE, 500000
    mov $1, %ecx
    lea event(%rip), %rdx
    lea index(%rip), %r8
    call *WAIT_FOR_EVENT(%r13)
    test %rax, %rax
    jnz failed
    mov event(%rip), %rcx
    call *CLOSE_EVENT(%r13)
    say woke_wait

    mov $(TIMER + NOTIFY_SIGNAL), %ecx
    mov $CALLBACK, %edx
    lea notify(%rip), %r8
    xor %r9d, %r9d
    lea event(%rip), %rax
    mov %rax, 32(%rsp)
    call *CREATE_EVENT(%r13)
    test %rax, %rax
    jnz failed
    timer PERIODIC, 50000
counted:
    hlt
    cmpl $4, count(%rip)
    jb counted
    say woke_function

# Whatever a function may change is as it was when the timer's interrupt has called one.
    mov count(%rip), %ebx
    add $4, %ebx
    mov $0x1111111111111111, %rcx
    mov $0x2222222222222222, %rdx
    mov $0x8888888888888888, %r8
    mov $0x9999999999999999, %r9
    mov $0xAAAAAAAAAAAAAAAA, %r10
    mov $0xBBBBBBBBBBBBBBBB, %r11
    movq %r10, %xmm0
    movq %r11, %xmm5
    fldpi
spinning:
    cmp %ebx, count(%rip)
    jb spinning
    fldpi
    fcompp
    fnstsw %ax
    test $0x4000, %eax
    jz failed
    mov $0x1111111111111111, %rax
    cmp %rax, %rcx
    jne failed
    mov $0x2222222222222222, %rax
    cmp %rax, %rdx
    jne failed
    mov $0x8888888888888888, %rax
    cmp %rax, %r8
    jne failed
    mov $0x9999999999999999, %rax
    cmp %rax, %r9
    jne failed
    mov $0xAAAAAAAAAAAAAAAA, %rax
    cmp %rax, %r10
    jne failed
    movq %xmm0, %rcx
    cmp %rax, %rcx
    jne failed
    mov $0xBBBBBBBBBBBBBBBB, %rax
    cmp %rax, %r11
    jne failed
    movq %xmm5, %rcx
    cmp %rax, %rcx
    jne failed
    say woke_spinning

# Who has switched interrupts off finds them so.
    cli
    mov $20000, %ecx
    call *STALL(%r13)
    pushf
    pop %rax
    test $IF, %eax
    jnz failed
    sti
    mov $20000, %ecx
    call *STALL(%r13)
    pushf
    pop %rax
    test $IF, %eax
    jz failed
    say woke_all
# What is left runs on: the timer is set again and again, whatever comes of it.
forever:
    mov event(%rip), %rcx
    mov $PERIODIC, %edx
    mov $50000, %r8d
    call *SET_TIMER(%r13)
    mov $100, %ecx
    call *STALL(%r13)
    jmp forever

failed:
    say failure
    mov $1, %eax
    add $56, %rsp
    pop %r13
    pop %r12
    pop %rdi
    pop %rbx
    ret

# Writes EAX to RDI; ECX is the value of its first digit's place.
digits:
    xor %edx, %edx
    div %ecx
    add $'0', %eax
    mov %ax, (%rdi)
    add $2, %rdi
    mov %edx, %ebx
    mov %ecx, %eax
    xor %edx, %edx
    mov $10, %ecx
    div %ecx
    mov %eax, %ecx
    mov %ebx, %eax
    test %ecx, %ecx
    jnz digits
    ret

notify:
    incl count(%rip)
    mov $-1, %rcx
    mov %rcx, %rdx
    mov %rcx, %r8
    mov %rcx, %r9
    mov %rcx, %r10
    mov %rcx, %r11
    movq %rcx, %xmm0
    movq %rcx, %xmm5
    fninit
    fldz
    ret

    .balign 8
event:
    .quad 0
index:
    .quad 0
count:
    .long 0
time:
    .fill 16, 1, 0
begun:
    .ascii "H\0A\0L\0T\0I\0N\0G\0:\0 \0"
date:
    .string16 "yyyy-mm-dd\r\n"
woke_event:
    .string16 "HALTING: woken for an event\r\n"
woke_wait:
    .string16 "HALTING: waited for an event\r\n"
woke_function:
    .string16 "HALTING: woken by a function\r\n"
woke_spinning:
    .string16 "HALTING: interrupted and intact\r\n"
woke_all:
    .string16 "HALTING: woke each time\r\n"
failure:
    .string16 "HALTING: failed\r\n"
