// SPDX-License-Identifier: EPL-2.0
// xenolith.efi: started by firmware or a boot loader with x0, the image's handle, and x1, the EFI system table (UEFI 2.10, 4.1).
// It leaves boot services as an operating system does and hands the machine over to the hypervisor by a call that doesn't return.

    stp x29, x30, [sp, #-64]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    str x23, [sp, #48]
    mov x19, x0
    mov x20, x1
    ldr x21, [x1, #BOOT_SERVICES]

// Below EL2 there is nobody who could answer, and the call may be undefined.
    mrs x0, currentel
    cmp x0, #8
    adr x1, below
    b.ne refuse
    ldr x0, =VERSION
    smc #0
    cmp x0, #1
    adr x1, absent
    b.ne refuse

// The command line is where the image's own protocol says.
    adr x22, block
    mov x0, x19
    adr x1, loaded_image
    adr x2, interface
    ldr x9, [x21, #HANDLE_PROTOCOL]
    blr x9
    cbnz x0, leave
    adr x0, interface
    ldr x0, [x0]
    ldr w1, [x0, #LOAD_OPTIONS_SIZE]
    ldr x2, [x0, #LOAD_OPTIONS]
    stp x2, x1, [x22, #32]
    ldp x1, x2, [x0, #IMAGE_BASE]
    stp x1, x2, [x22, #48]
    str x20, [x22]

// The map may change until the last moment: then it's asked for anew (UEFI 2.10, 7.4.6).
    mov w23, #8
map_again:
    adr x1, map
    mov x2, #MAP_ROOM
    stp x1, x2, [x22, #8]
    add x0, x22, #16
    adr x2, key
    add x3, x22, #24
    adr x4, interface
    ldr x9, [x21, #GET_MEMORY_MAP]
    blr x9
    cbnz x0, leave
    mov x0, x19
    adr x1, key
    ldr x1, [x1]
    ldr x9, [x21, #EXIT_BOOT_SERVICES]
    blr x9
    cbz x0, hand_over
    sub w23, w23, #1
    cbnz w23, map_again
    b leave

hand_over:
    msr daifset, #15
    ldr x0, =HAND_OVER
    mov x1, x22
    mov x2, #BLOCK
    smc #0
// Nobody is left whom it could be said to.
stand:
    wfi
    b stand

refuse:
    ldr x0, [x20, #CONSOLE_OUT]
    ldr x9, [x0, #OUTPUT_STRING]
    blr x9
    ldr x0, =UNSUPPORTED
leave:
    ldr x23, [sp, #48]
    ldp x21, x22, [sp, #32]
    ldp x19, x20, [sp, #16]
    ldp x29, x30, [sp], #64
    ret
