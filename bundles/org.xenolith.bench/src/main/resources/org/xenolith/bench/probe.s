// The bench's guest: bare metal, EL1, MMU off, one CPU of the board `virt`. It says XENOLITH-MARKER at once; then it does each
// of some things very often, between a line PROBE and a line PROBED with the thing's name, and powers off. What stands in
// braces is filled in before assembly: the works, how a text gets out, and the interrupt controller's version.
//
// Addresses are those of `virt`, on which a Dom0 finds its virtual interrupt controller at the same place. Register offsets:
// PL011 TRM, GICv2 architecture IHI 0048, GICv3 IHI 0069; calls: PSCI, DEN 0022; Xen's public headers.
//
// Registers kept throughout: x20 UART   x21 GIC distributor   x22 GIC CPU interface (v2) or redistributor (v3)
//   x24 what sends an SGI to this CPU   x25 SGIs sent   x26 SGIs taken   x27 repetitions left

image:
        b       start
        .word   0
        .quad   0                       // text_offset
        .quad   image_end - image       // image_size
        .quad   0xa                     // little-endian, 4 KiB pages, anywhere
        .quad   0
        .quad   0
        .quad   0
        .word   0x644d5241              // "ARM\x64"
        .word   0

start:
        adr     x1, stack
        mov     sp, x1
        adr     x1, vectors
        msr     vbar_el1, x1
        isb
        movz    x20, #0x0900, lsl #16
        movz    x21, #0x0800, lsl #16
        mov     x25, #0
        mov     x26, #0
        {console_init}
        adr     x0, text_marker
        bl      print
        {gic_init}
        {works}
        movz    w0, #0x8400, lsl #16    // SYSTEM_OFF
        movk    w0, #8
        hvc     #0
stop:
        wfi
        b       stop

// Prints the text at x0. Uses x0-x4 and x16.
print:
        mov     x2, x0
print_length:
        ldrb    w1, [x2], #1
        cbnz    w1, print_length
        sub     x1, x2, x0
        sub     x1, x1, #1
        mov     x2, x0
        {console_write}
        ret

// SGI 1: only x0 and x26 are used here.
interrupt:
        {gic_acknowledge}
        {gic_end}
        add     x26, x26, #1
        eret

unexpected:
        adr     x0, text_exception
        bl      print
        movz    w0, #0x8400, lsl #16    // SYSTEM_RESET: a guest that failed
        movk    w0, #9
        hvc     #0
        b       stop

        .balign 2048
vectors:
        {vectors}

text_marker:    .asciz "XENOLITH-MARKER\r\n"
text_exception: .asciz "XENOLITH-ERROR unexpected exception\r\n"
{texts}
        .balign 16
        .space  1024
stack:
image_end:
