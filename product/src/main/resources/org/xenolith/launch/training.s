// SPDX-License-Identifier: EPL-2.0
// The code of a program that a firmware starts while a product is made (TrainingProgram): it goes through a list of calls. x0 is its image's
// handle, x1 the system table (UEFI 2.10, 4.1). Places are bytes behind its first instruction.
// An entry of the list has 80 bytes: two bits for each operand, 1 a place's address, 3 what is there; the place of a pointer to a table, 0 behind
// the last entry; the offset of a function's pointer in that table; the place that the pointer is copied to, 0: it is called; eight operands.

IMAGE = 0x200
SYSTEM_TABLE = 0x208
COPY = 0x300
LIST = 0xC00
END = 0xE00

start:
    stp x29, x30, [sp, #-112]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    adr x19, start
    add x20, x19, #LIST
    str x0, [x19, #IMAGE]
    str x1, [x19, #SYSTEM_TABLE]
// A copy byte by byte, and caches for code that was written: every loader has these.
    add x12, x19, #COPY
    mov x9, #0
    mov x10, #256
copy:
    ldrb w13, [x19, x9]
    strb w13, [x12, x9]
    add x9, x9, #1
    cmp x9, x10
    b.ne copy
    dc cvau, x12
    dsb ish
    ic ivau, x12
    dsb ish
    isb
// A pair across the end of a page, END as the image has 0x200 bytes before its code, is left to nodes.
    add x12, x19, #END - 8
    ldp x13, x14, [x12]
    stp x13, x14, [x12]
next:
    ldr w21, [x20]
    ldr w22, [x20, #4]
    cbz w22, done
    mov x10, #0
operand:
    add x11, x20, x10, lsl #3
    ldr x12, [x11, #16]
    tbz w21, #0, known
    add x12, x12, x19
    tbz w21, #1, known
    ldr x12, [x12]
known:
    add x11, sp, x10, lsl #3
    str x12, [x11, #48]
    lsr w21, w21, #2
    add x10, x10, #1
    cmp x10, #8
    b.ne operand
    add x9, x19, x22
    ldr x9, [x9]
    ldr w10, [x20, #8]
    add x9, x9, x10
    ldr x9, [x9]
    ldr w11, [x20, #12]
    cbnz w11, copied
    ldp x0, x1, [sp, #48]
    ldp x2, x3, [sp, #64]
    ldp x4, x5, [sp, #80]
    ldp x6, x7, [sp, #96]
    blr x9
    b behind
copied:
    add x11, x11, x19
    str x9, [x11]
behind:
    add x20, x20, #80
    b next
done:
    mov x0, #0
    ldp x21, x22, [sp, #32]
    ldp x19, x20, [sp, #16]
    ldp x29, x30, [sp], #112
    ret
