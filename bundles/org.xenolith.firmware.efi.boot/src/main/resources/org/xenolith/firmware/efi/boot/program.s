// SPDX-License-Identifier: EPL-2.0
// The part of the firmware that the guest executes (ADR 26). It may lie anywhere on a page of 4 KiB. It is entered as a kernel is: x0 is the
// device tree's address, the MMU is off (Linux, Documentation/arch/arm64/booting.rst).

start:
    b entry
    .word 0
    .quad 0
    .quad SIZE
    .quad 0xA
    .quad 0, 0, 0
    .word 0x644D5241
    .word 0

// A call of the firmware: the frame that x29 points to is its root. What comes back says what is next: verdict, frame, and x2 to x4; the low
// bits of x5 are 1 if the timer is to be set to x6, 2 if it is to be off; the others are the address of accesses that come first, behind their number. Firmware that is away answers -1: then whoever called
// gets NOT_READY, and an interrupt was none.
// What the firmware has left is below the stack: no interrupt is taken until the stack ends below it. x12 is what DAIF was.
trap:
    mrs x12, daif
    msr daifset, #2
    mov x13, x0
    mov x14, x2
    mrs x3, cntvct_el0
    isb
    CONDUIT #0
    tbnz x0, #63, away
    and x13, x5, #3
    sub x14, x5, x13
    cbz x13, timed
    sub x13, x13, #2
    and x13, x13, #1
    mrs x9, currentel
    cmp x9, #8
    b.eq trap_physical
    msr cntv_cval_el0, x6
    msr cntv_ctl_el0, x13
    b timed
trap_physical:
    msr cntp_cval_el0, x6
    msr cntp_ctl_el0, x13
timed:
    cbnz x14, posted
decided:
    cbz x0, return
    cmp x0, #CALL
    b.eq call
    cmp x0, #WAIT
    b.eq wait
    cmp x0, #RESUME
    b.eq resume
    b stand
away:
    mov x1, x29
    ldr x9, =TOOK
    cmp x13, x9
    b.ne away_service
    cmp x14, #IRQ
    b.eq resume
    b stand
away_service:
    movz x9, #6
    movk x9, #0x8000, lsl #48
    str x9, [x29, #FRAME_RESULT]
return:
    mov sp, x1
    msr daif, x12
    ldr x0, [sp, #FRAME_RESULT]
    ldp x29, x30, [sp, #64]
    ldp x19, x20, [sp, #80]
    ldp x21, x22, [sp, #96]
    ldp x23, x24, [sp, #112]
    ldp x25, x26, [sp, #128]
    ldp x27, x28, [sp, #144]
    ldp d8, d9, [sp, #160]
    ldp d10, d11, [sp, #176]
    ldp d12, d13, [sp, #192]
    ldp d14, d15, [sp, #208]
    add sp, sp, #FRAME
    ret

// x19 to x28 of whoever called are in its frame.
posted:
    mov sp, x14
    msr daif, x12
    mov x24, x12
    mov x19, x0
    mov x20, x1
    mov x21, x2
    mov x22, x3
    mov x23, x4
    add x0, x14, #16
    ldr x1, [x14]
    bl touch
    mov x0, x19
    mov x1, x20
    mov x2, x21
    mov x3, x22
    mov x4, x23
    mov x12, x24
    b decided

// A function is called: x2 is its address, x3 the stack that it gets, x4 points to x0 to x7.
call:
    mov x29, x1
    mov sp, x3
    msr daif, x12
    mov x16, x2
    mov x17, x4
    ldp x0, x1, [x17]
    ldp x2, x3, [x17, #16]
    ldp x4, x5, [x17, #32]
    ldp x6, x7, [x17, #48]
    blr x16
    mov x2, x0
    mov x1, x29
    ldr x0, =RETURNED
    b trap

// Time passes: x2 is the counter's value that is waited for, x3 the stack, x4 whether
// no interrupt comes, or it is worth none. WFI ends when the timer's interrupt is pending, taken or not.
wait:
    mov x29, x1
    mov sp, x3
    mov x10, x12
    msr daifset, #2
    cbnz x4, wait_busy
    mrs x9, currentel
    cmp x9, #8
    b.eq wait_physical
    msr cntv_cval_el0, x2
    mov x9, #1
    msr cntv_ctl_el0, x9
    isb
    wfi
    msr cntv_ctl_el0, xzr
    b waited
wait_physical:
    msr cntp_cval_el0, x2
    mov x9, #1
    msr cntp_ctl_el0, x9
    isb
    wfi
    msr cntp_ctl_el0, xzr
waited:
    isb
    bl acknowledge
    b woken
// No interrupt would come, or too soon: so many instructions from one look at the counter to the next take an emulator less than as many looks.
wait_busy:
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    mrs x9, cntvct_el0
    cmp x9, x2
    b.lo wait_busy
woken:
    isb
    msr daif, x10
    mov x1, x29
    mov x2, #0
    ldr x0, =WOKEN
    b trap

// An exception is over.
resume:
    mov sp, x1
    ldp x0, x1, [sp, #EXCEPTION_ELR]
    mrs x9, currentel
    cmp x9, #8
    b.eq resume_el2
    msr elr_el1, x0
    msr spsr_el1, x1
    b resume_registers
resume_el2:
    msr elr_el2, x0
    msr spsr_el2, x1
resume_registers:
    ldp q0, q1, [sp, #288]
    ldp q2, q3, [sp, #320]
    ldp q4, q5, [sp, #352]
    ldp q6, q7, [sp, #384]
    ldp q16, q17, [sp, #416]
    ldp q18, q19, [sp, #448]
    ldp q20, q21, [sp, #480]
    ldp q22, q23, [sp, #512]
    ldp q24, q25, [sp, #544]
    ldp q26, q27, [sp, #576]
    ldp q28, q29, [sp, #608]
    ldp q30, q31, [sp, #640]
    ldp x2, x3, [sp, #16]
    ldp x4, x5, [sp, #32]
    ldp x6, x7, [sp, #48]
    ldp x8, x9, [sp, #64]
    ldp x10, x11, [sp, #80]
    ldp x12, x13, [sp, #96]
    ldp x14, x15, [sp, #112]
    ldp x16, x17, [sp, #128]
    ldp x18, x19, [sp, #144]
    ldp x20, x21, [sp, #160]
    ldp x22, x23, [sp, #176]
    ldp x24, x25, [sp, #192]
    ldp x26, x27, [sp, #208]
    ldp x28, x29, [sp, #224]
    ldr x30, [sp, #240]
    ldp x0, x1, [sp]
    add sp, sp, #EXCEPTION
    eret

stand:
    msr daifset, #15
stand_again:
    wfi
    b stand_again

entry:
    msr daifset, #15
    mov x20, x0
    mov x2, x0
    adr x1, start
    mrs x3, cntvct_el0
    mrs x4, currentel
    mrs x5, cntfrq_el0
    ldr x0, =ENTER
    CONDUIT #0
    cbnz x0, stand
    mov sp, x1
    adr x9, vectors
    mrs x10, currentel
    cmp x10, #8
    b.eq entry_el2
    msr vbar_el1, x9
    msr mair_el1, x4
    msr tcr_el1, x3
    msr ttbr0_el1, x2
    mov x9, #0x300000
    msr cpacr_el1, x9
    tlbi vmalle1
    dsb sy
    isb
    ldr x9, =0x30D0198D
    msr sctlr_el1, x9
    isb
    b entered
entry_el2:
    msr vbar_el2, x9
    msr mair_el2, x4
    msr tcr_el2, x5
    msr ttbr0_el2, x2
    ldr x9, =0x33FF
    msr cptr_el2, x9
    mov x9, #3
    msr cnthctl_el2, x9
    tlbi alle2
    dsb sy
    isb
    ldr x9, =0x30C5183D
    msr sctlr_el2, x9
    isb
entered:
    msr daifclr, #2
    mov x29, #0
    mov x30, #0
    bl stubs
    b stand

// A GICv3's CPU interface is switched on: system registers, every priority, group 1 (Arm IHI 0069, 12.2).
gicv3:
    mrs x9, currentel
    cmp x9, #8
    b.ne gicv3_el1
    mov x9, #0xF
    msr icc_sre_el2, x9
    isb
gicv3_el1:
    mov x9, #7
    msr icc_sre_el1, x9
    isb
    mov x9, #0xFF
    msr icc_pmr_el1, x9
    mov x9, #1
    msr icc_igrpen1_el1, x9
    isb
    mov x0, #0
    ret

// The timer is off. On a board its line went down with it, and the controller says that there is no interrupt. A hypervisor has made
// one that stays until it is acknowledged. The controller is what the core has left at gic: 0 none, 1 that of system registers, else the address
// of a GICv2's CPU interface (Arm IHI 0048, 4.4.4 and 4.4.5). Changes x9, x11 and x12.
acknowledge:
    adr x11, gic
    ldr x11, [x11]
    cbz x11, acknowledged
    cmp x11, #1
    b.eq acknowledge_v3
acknowledge_v2:
    ldr w9, [x11, #0xC]
    and w12, w9, #0x3FF
    cmp w12, #1020
    b.hs acknowledged
    str w9, [x11, #0x10]
    b acknowledge_v2
acknowledge_v3:
    mrs x9, icc_iar1_el1
    cmp x9, #1020
    b.hs acknowledged
    msr icc_eoir1_el1, x9
    isb
    b acknowledge_v3
acknowledged:
    ret

.balign 8
gic:
    .quad 0

// Registers are touched and hypercalls made: x0 points to a list of x1 entries of 64 bytes: kind, size, address, value, and five arguments.
touch:
    mov x15, x0
    mov x14, x1
touch_next:
    cbz x14, touch_done
    ldp w9, w10, [x15]
    ldp x11, x12, [x15, #8]
    cmp w9, #3
    b.eq touch_hypercall
    cmp w9, #1
    b.eq touch_write
    mov w13, #MOST_READS_HIGH
    lsl w13, w13, #16
    cmp w9, #2
    b.eq touch_read
    mov w13, #1
touch_read:
    cmp w10, #1
    b.eq touch_read_1
    cmp w10, #2
    b.eq touch_read_2
    cmp w10, #4
    b.eq touch_read_4
    ldr x9, [x11]
    b touch_have
touch_read_1:
    ldrb w9, [x11]
    b touch_have
touch_read_2:
    ldrh w9, [x11]
    b touch_have
touch_read_4:
    ldr w9, [x11]
touch_have:
    sub w13, w13, #1
    cbz w13, touch_keep
    tst x9, x12
    b.ne touch_read
    b touch_keep
touch_write:
    mov x9, #0
    dsb sy
    cmp w10, #1
    b.eq touch_write_1
    cmp w10, #2
    b.eq touch_write_2
    cmp w10, #4
    b.eq touch_write_4
    str x12, [x11]
    b touch_keep
touch_write_1:
    strb w12, [x11]
    b touch_keep
touch_write_2:
    strh w12, [x11]
    b touch_keep
touch_write_4:
    str w12, [x11]
    b touch_keep
touch_hypercall:
    mov x16, x11
    ldp x0, x1, [x15, #24]
    ldp x2, x3, [x15, #40]
    ldr x4, [x15, #56]
    hvc #0xEA1
    mov x9, x0
touch_keep:
    str x9, [x15, #16]
    add x15, x15, #64
    sub x14, x14, #1
    b touch_next
touch_done:
    dsb sy
    mov x0, #0
    ret

// All that an exception must not change, as calls of C functions may change them.
exception:
    stp x2, x3, [sp, #16]
    stp x4, x5, [sp, #32]
    stp x6, x7, [sp, #48]
    stp x8, x9, [sp, #64]
    stp x10, x11, [sp, #80]
    stp x12, x13, [sp, #96]
    stp x14, x15, [sp, #112]
    stp x16, x17, [sp, #128]
    stp x18, x19, [sp, #144]
    stp x20, x21, [sp, #160]
    stp x22, x23, [sp, #176]
    stp x24, x25, [sp, #192]
    stp x26, x27, [sp, #208]
    stp x28, x29, [sp, #224]
    str x30, [sp, #240]
    stp q0, q1, [sp, #288]
    stp q2, q3, [sp, #320]
    stp q4, q5, [sp, #352]
    stp q6, q7, [sp, #384]
    stp q16, q17, [sp, #416]
    stp q18, q19, [sp, #448]
    stp q20, q21, [sp, #480]
    stp q22, q23, [sp, #512]
    stp q24, q25, [sp, #544]
    stp q26, q27, [sp, #576]
    stp q28, q29, [sp, #608]
    stp q30, q31, [sp, #640]
    mrs x9, currentel
    cmp x9, #8
    b.eq exception_el2
    mrs x10, elr_el1
    mrs x11, spsr_el1
    mrs x12, esr_el1
    mrs x13, far_el1
    b exception_have
exception_el2:
    mrs x10, elr_el2
    mrs x11, spsr_el2
    mrs x12, esr_el2
    mrs x13, far_el2
exception_have:
    stp x10, x11, [sp, #EXCEPTION_ELR]
    stp x12, x13, [sp, #264]
    mov x29, sp
    mov x2, x1
    mov x1, x29
    cmp x2, #IRQ
    b.ne exception_trap
    msr cntv_ctl_el0, xzr
    msr cntp_ctl_el0, xzr
    isb
    bl acknowledge
exception_trap:
    ldr x0, =TOOK
    b trap

common:
    sub sp, sp, #FRAME
    stp x0, x1, [sp]
    stp x2, x3, [sp, #16]
    stp x4, x5, [sp, #32]
    stp x6, x7, [sp, #48]
    stp x29, x30, [sp, #64]
    stp x19, x20, [sp, #80]
    stp x21, x22, [sp, #96]
    stp x23, x24, [sp, #112]
    stp x25, x26, [sp, #128]
    stp x27, x28, [sp, #144]
    stp d8, d9, [sp, #160]
    stp d10, d11, [sp, #176]
    stp d12, d13, [sp, #192]
    stp d14, d15, [sp, #208]
    mov x29, sp
    mov x1, sp
    mov x2, x17
    ldr x0, =SERVICE
    b trap
