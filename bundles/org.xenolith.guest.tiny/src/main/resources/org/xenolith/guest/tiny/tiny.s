// Xenolith's tiny guest: bare metal, EL1, MMU off, entered as a Linux Image with x0 = device tree.
// It says what it runs on, takes ten timer interrupts of a twentieth of a second through GICv2 or GICv3, prints a line
// for each, then XENOLITH-MARKER and XENOLITH-DONE, and switches the machine off by PSCI. A guest that meets something
// unexpected prints XENOLITH-ERROR and resets the machine.
//
// As a hardware domain of Xen without a UART of its own it prints by hypercall. With the word xl.physdev on its command line it
// makes the calls there that tell of PCI and prints each answer, with the rogue endpoint of the generic host bridge as the function.
//
// The addresses of UART and interrupt controller come from the tree; what the board `virt` has is the default. The
// timer is the virtual one with private interrupt 27, as on every server board (Arm BSA). Register offsets: PL011 TRM,
// GICv2 architecture IHI 0048, GICv3 IHI 0069; calls: PSCI, DEN 0022; Xen's public headers arch-arm.h, physdev.h, memory.h.
//
// Registers kept throughout:
//   x19 device tree   x20 UART   x21 GIC distributor   x22 GIC CPU interface (v2) or redistributor (v3)
//   x23 0 = GICv2, 1 = GICv3   x24 counter at start   x25 counter frequency   x26 ticks seen by the interrupt handler
//   x27 interrupts that were not the timer's   x28 ticks printed

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
        mrs     x24, cntvct_el0
        mrs     x25, cntfrq_el0
        mov     x19, x0
        adr     x1, stack
        mov     sp, x1
        adr     x1, vectors
        msr     vbar_el1, x1
        isb
        movz    x20, #0x0900, lsl #16   // what `virt` has, for a machine that gives no tree
        movz    x21, #0x0800, lsl #16
        movz    x22, #0x0801, lsl #16
        mov     x26, #0
        mov     x27, #0
        mov     x28, #0
        mrs     x23, id_aa64pfr0_el1
        ubfx    x23, x23, #24, #4
        bl      find_devices
        bl      uart_init
        adr     x0, text_hello
        bl      print
        add     x0, x23, #2
        bl      print_decimal
        adr     x0, text_frequency
        bl      print
        mov     x0, x25
        bl      print_decimal
        adr     x0, text_psci
        bl      print
        movz    w0, #0x8400, lsl #16    // PSCI_VERSION
        hvc     #0
        mov     x29, x0
        lsr     x0, x29, #16
        bl      print_decimal
        mov     x0, #'.'
        bl      put
        and     x0, x29, #0xffff
        bl      print_decimal
        bl      newline
        mov     x0, #0
        adr     x1, name_bootargs
        bl      property
        cbz     x0, ready
        adr     x1, word_physdev
        bl      word
        cbz     x0, ready
        bl      physdev
ready:
        bl      gic_init
        mov     x0, #20                 // a tick each 50 ms
        udiv    x0, x25, x0
        msr     cntv_tval_el0, x0
        mov     x0, #1
        msr     cntv_ctl_el0, x0
        isb
        msr     daifclr, #2

wait:
        wfi
        cmp     x28, x26
        b.eq    wait
        add     x28, x28, #1
        adr     x0, text_tick
        bl      print
        mov     x0, x28
        bl      print_decimal
        bl      newline
        cmp     x28, #10
        b.lo    wait

        msr     daifset, #2
        msr     cntv_ctl_el0, xzr
        isb
        // Ten ticks of a twentieth of a second are half a second at least.
        mrs     x0, cntvct_el0
        sub     x0, x0, x24
        cmp     x0, x25, lsr #1
        b.lo    too_early
        cbnz    x27, strange_interrupt
        adr     x0, text_marker
        bl      print_time
        adr     x0, text_done
        bl      print_time
        movz    w0, #0x8400, lsl #16    // SYSTEM_OFF
        movk    w0, #8
        hvc     #0
        b       failed

too_early:
        adr     x0, text_early
        b       complain
strange_interrupt:
        adr     x0, text_strange
complain:
        bl      print
        mov     x0, x27
        bl      print_hex
        bl      newline
failed:
        movz    w0, #0x8400, lsl #16    // SYSTEM_RESET: a guest that failed
        movk    w0, #9
        hvc     #0
stop:
        wfi
        b       stop

// Walks the tree for the first node of each kind and takes the addresses from its reg (two cells each, as all
// 64-bit boards have). Uses x1-x15.
find_devices:
        mov     x15, x30
        cbz     x19, find_end
        ldr     w1, [x19]
        rev     w1, w1
        movz    w2, #0xd00d, lsl #16
        movk    w2, #0xfeed
        cmp     w1, w2
        b.ne    find_end
        ldr     w1, [x19, #8]           // off_dt_struct
        rev     w1, w1
        add     x1, x19, x1
        ldr     w2, [x19, #12]          // off_dt_strings
        rev     w2, w2
        add     x2, x19, x2
find_token:
        ldr     w3, [x1], #4
        rev     w3, w3
        cmp     w3, #1
        b.eq    find_node
        cmp     w3, #3
        b.eq    find_property
        cmp     w3, #9
        b.eq    find_end
        b       find_token
find_node:
        mov     x4, #0                  // kind of the node: 1 UART, 2 GIC
        mov     x5, #0                  // its reg
find_name:
        ldrb    w3, [x1], #1
        cbnz    w3, find_name
        add     x1, x1, #3
        and     x1, x1, #0xfffffffffffffffc
        b       find_token
find_property:
        ldr     w6, [x1], #4            // length
        rev     w6, w6
        ldr     w7, [x1], #4            // name
        rev     w7, w7
        add     x7, x2, x7
        mov     x8, x1                  // value
        add     x1, x1, x6
        add     x1, x1, #3
        and     x1, x1, #0xfffffffffffffffc
        adr     x9, name_reg
        bl      equal
        cbz     x10, find_other
        mov     x5, x8
        b       find_both
find_other:
        adr     x9, name_compatible
        bl      equal
        cbz     x10, find_token
        mov     x7, x8
find_xen:
        adr     x9, name_xen            // the last of several names
        bl      equal
        cbnz    x10, find_hypervisor
find_next_name:
        ldrb    w10, [x7], #1
        cbnz    w10, find_next_name
        cmp     x7, x1
        b.lo    find_xen
        mov     x7, x8
        adr     x9, name_pl011
        bl      equal
        cbz     x10, find_gic2
        adr     x11, console
        mov     w12, #2
        str     w12, [x11]
        mov     x4, #1
        b       find_both
find_hypervisor:
        adr     x11, console
        ldr     w12, [x11]
        orr     w12, w12, #1
        str     w12, [x11]
        b       find_token
find_gic2:
        adr     x9, name_gic2
        bl      equal
        cbnz    x10, find_gic
        adr     x9, name_gic400
        bl      equal
        cbnz    x10, find_gic
        adr     x9, name_gic3
        bl      equal
        cbz     x10, find_both
find_gic:
        mov     x4, #2
find_both:
        cbz     x5, find_token
        cbz     x4, find_token
        cmp     x4, #2
        b.eq    find_gic_reg
        mov     x8, x5
        ldr     w20, [x8]
        rev     w20, w20
        ldr     w6, [x8, #4]
        rev     w6, w6
        add     x20, x6, x20, lsl #32
        mov     x4, #0
        b       find_token
find_gic_reg:
        ldr     w21, [x5]
        rev     w21, w21
        ldr     w6, [x5, #4]
        rev     w6, w6
        add     x21, x6, x21, lsl #32
        ldr     w22, [x5, #16]
        rev     w22, w22
        ldr     w6, [x5, #20]
        rev     w6, w6
        add     x22, x6, x22, lsl #32
        mov     x4, #0
        b       find_token
find_end:
        mov     x30, x15
        ret

// x10 = 1 when the text at x7 equals the one at x9. Uses x10-x13.
equal:
        mov     x11, x7
        mov     x12, x9
equal_next:
        ldrb    w10, [x11], #1
        ldrb    w13, [x12], #1
        cmp     w10, w13
        b.ne    equal_not
        cbnz    w10, equal_next
        mov     x10, #1
        ret
equal_not:
        mov     x10, #0
        ret

// The first property whose name is at x1, of a node that is compatible with what is at x0 (0: of whatever node).
// x0 = its value, 0 if there is none; x18 = its length. Uses x1-x15, x17.
property:
        mov     x15, x30
        mov     x14, x0
        mov     x5, x1
        mov     x0, #0
        cbz     x19, property_end
        ldr     w1, [x19, #8]           // off_dt_struct
        rev     w1, w1
        add     x1, x19, x1
        ldr     w2, [x19, #12]          // off_dt_strings
        rev     w2, w2
        add     x2, x19, x2
property_token:
        ldr     w3, [x1], #4
        rev     w3, w3
        cmp     w3, #1
        b.eq    property_node
        cmp     w3, #3
        b.eq    property_look
        cmp     w3, #9
        b.ne    property_token
        b       property_end
property_node:
        mov     x4, #0                  // whether it is compatible
        mov     x6, #0                  // the value
property_name:
        ldrb    w3, [x1], #1
        cbnz    w3, property_name
        add     x1, x1, #3
        and     x1, x1, #0xfffffffffffffffc
        b       property_token
property_look:
        ldr     w17, [x1], #4           // length
        rev     w17, w17
        ldr     w7, [x1], #4            // name
        rev     w7, w7
        add     x7, x2, x7
        mov     x8, x1                  // value
        add     x1, x1, x17
        add     x1, x1, #3
        and     x1, x1, #0xfffffffffffffffc
        mov     x9, x5
        bl      equal
        cbz     x10, property_other
        mov     x6, x8
        mov     x18, x17
        b       property_both
property_other:
        cbz     x14, property_token
        adr     x9, name_compatible
        bl      equal
        cbz     x10, property_token
        mov     x7, x8
        mov     x9, x14
        bl      equal
        mov     x4, x10
property_both:
        cbz     x6, property_token
        cbz     x14, property_found
        cbz     x4, property_token
property_found:
        mov     x0, x6
property_end:
        mov     x30, x15
        ret

// x0 = 1 if the word at x1 is in the text at x0. Uses x2-x5.
word:
        mov     x2, x0
word_try:
        mov     x3, x1
word_next:
        ldrb    w4, [x2], #1
        ldrb    w5, [x3], #1
        cbz     w5, word_ends
        cmp     w4, w5
        b.eq    word_next
word_skip:
        cbz     w4, word_none
        cmp     w4, #' '
        b.eq    word_try
        ldrb    w4, [x2], #1
        b       word_skip
word_ends:
        cbz     w4, word_found
        cmp     w4, #' '
        b.ne    word_skip
word_found:
        mov     x0, #1
        ret
word_none:
        mov     x0, #0
        ret

// x0 = the 64-bit number in the two cells at x1. Uses x2.
cells:
        ldr     w0, [x1]
        rev     w0, w0
        ldr     w2, [x1, #4]
        rev     w2, w2
        add     x0, x2, x0, lsl #32
        ret

// What a hardware domain tells Xen of PCI, all with the answers: host bridge, configuration window, function; then pages of the
// function's BAR by map space dev_mmio. Leaves x26-x28 at 0.
//   x26 configuration space   x27 its size   x28 BAR 0   x29 device and function on bus 0
physdev:
        str     x30, [sp, #-16]!
        adr     x0, name_ecam
        adr     x1, name_reg
        bl      property
        cbz     x0, no_bridge
        mov     x1, x0
        bl      cells
        mov     x26, x0
        add     x1, x1, #8
        bl      cells
        mov     x27, x0
        adr     x0, name_ecam
        adr     x1, name_ranges
        bl      property
        cbz     x0, no_bridge
        mov     x4, x0
        add     x5, x0, x18
next_range:
        cmp     x4, x5
        b.hs    no_bridge
        ldr     w0, [x4]
        rev     w0, w0
        lsr     w0, w0, #24
        cmp     w0, #2                  // 32-bit memory
        b.eq    memory_range
        add     x4, x4, #28
        b       next_range
memory_range:
        add     x1, x4, #4
        bl      cells
        mov     x6, x0                  // on the bus
        add     x1, x4, #12
        bl      cells
        add     x28, x0, #16, lsl #12
        add     x6, x6, #16, lsl #12

        mov     x29, #0
look:
        add     x1, x26, x29, lsl #12
        ldr     w0, [x1]
        movz    w2, #0x00f0, lsl #16
        movk    w2, #0x1b36
        cmp     w0, w2
        b.eq    rogue
        add     x29, x29, #8
        cmp     x29, #0x100
        b.lo    look
no_bridge:
        adr     x0, text_no_bridge
        b       complain

rogue:
        str     w6, [x1, #0x10]         // BAR 0, then the memory decoder
        movz    w0, #0x8000, lsl #16    // pci_host_bridge_add: is there such a call?
        movk    w0, #0x16
        mov     x1, #0
        bl      ask
        bl      clear
        str     x26, [x1, #8]
        str     x27, [x1, #16]
        movz    w0, #0x8000, lsl #16
        movk    w0, #0x16
        bl      ask
        bl      clear
        str     x26, [x1]
        lsr     x0, x27, #20
        sub     x0, x0, #1
        strb    w0, [x1, #11]
        mov     w0, #1
        str     w0, [x1, #12]
        mov     x0, #24                 // pci_mmcfg_reserved
        bl      ask
        bl      function
        mov     x0, #25                 // pci_device_add
        bl      ask
        bl      function
        mov     x0, #3                  // function level
        str     w0, [x1, #4]
        mov     x0, #32                 // pci_device_reset
        bl      ask
        bl      function
        mov     x0, #26                 // pci_device_remove
        bl      ask
        bl      function
        mov     x0, #26
        bl      ask
        bl      older
        mov     x0, #15                 // manage_pci_add
        bl      ask
        bl      older
        mov     x0, #16                 // manage_pci_remove
        bl      ask
        bl      older
        mov     x0, #20                 // manage_pci_add_ext
        bl      ask
        bl      function
        mov     x0, #25
        bl      ask

        add     x1, x26, x29, lsl #12
        mov     w0, #2
        strh    w0, [x1, #4]
        bl      bar
        mov     x8, #0                  // the page itself
        mov     x9, #0
        bl      map
        movz    x0, #0x1234, lsl #48
        movk    x0, #0x5678
        str     x0, [x28]               // its register ADDRESS, which keeps what is written
        bl      bar
        mov     x8, #0                  // at another address
        mov     x9, #1
        bl      map
        mov     x8, #256                // a page that no function has
        mov     x9, #256
        bl      map
        bl      clear
        movz    w0, #0x7ff0             // DOMID_SELF
        strh    w0, [x1]
        lsr     x0, x28, #12
        str     x0, [x1, #8]
        mov     x0, #15                 // remove_from_physmap
        bl      memory
        bl      bar
        bl      clear                   // the same by a list of one
        movz    w0, #0x7ff0
        strh    w0, [x1]
        mov     w0, #5
        strh    w0, [x1, #2]
        mov     w0, #1
        strh    w0, [x1, #4]
        lsr     x0, x28, #12
        str     x0, [x1, #32]
        add     x0, x1, #32
        str     x0, [x1, #8]
        str     x0, [x1, #16]
        add     x0, x1, #40
        str     x0, [x1, #24]
        mov     x0, #23                 // add_to_physmap_batch
        bl      memory
        bl      bar
        mov     x26, #0
        mov     x27, #0
        mov     x28, #0
        ldr     x30, [sp], #16
        ret

// x1 = room for an argument, all zero. Uses no other.
clear:
        adr     x1, argument
        stp     xzr, xzr, [x1]
        stp     xzr, xzr, [x1, #16]
        stp     xzr, xzr, [x1, #32]
        ret

// x1 = an argument that begins with the function: segment, bus, devfn. Uses x0.
function:
        mov     x12, x30
        bl      clear
        lsl     x0, x29, #24
        str     w0, [x1]
        mov     x30, x12
        ret

// The same for the older calls: bus, devfn.
older:
        mov     x12, x30
        bl      clear
        lsl     x0, x29, #8
        str     w0, [x1]
        mov     x30, x12
        ret

// Hypercall physdev_op: prints operation x0 and the answer. Uses x0-x12, x16.
ask:
        mov     x12, x30
        mov     x7, x0
        mov     x16, #33
        hvc     #0xea1
        mov     x8, x0
        adr     x0, text_physdev
        b       answer

// Hypercall memory_op: the same.
memory:
        mov     x12, x30
        mov     x7, x0
        mov     x16, #12
        hvc     #0xea1
        mov     x8, x0
        adr     x0, text_memory
answer:
        bl      print
        mov     x0, x7
        bl      print_hex
        adr     x0, text_answer
        bl      print
        tbz     x8, #63, answer_positive
        mov     x0, #'-'
        bl      put
        neg     x8, x8
answer_positive:
        mov     x0, x8
        bl      print_decimal
        bl      newline
        mov     x30, x12
        ret

// Asks for a frame at x8 frames from the BAR, x9 frames from the BAR (add_to_physmap, dev_mmio).
map:
        mov     x11, x30
        bl      clear
        movz    w0, #0x7ff0
        strh    w0, [x1]
        mov     w0, #5
        str     w0, [x1, #4]
        lsr     x0, x28, #12
        add     x8, x8, x0
        add     x9, x9, x0
        str     x8, [x1, #8]
        str     x9, [x1, #16]
        mov     x0, #7                  // add_to_physmap
        bl      memory
        mov     x30, x11
        ret

// Prints what is read from the BAR.
bar:
        mov     x12, x30
        ldr     x8, [x28]
        adr     x0, text_bar
        bl      print
        mov     x0, x8
        bl      print_hex
        bl      newline
        mov     x30, x12
        ret

uart_init:
        adr     x0, console
        ldr     w0, [x0]
        cmp     w0, #1
        b.eq    uart_done
        str     wzr, [x20, #0x30]       // CR: off while it is set up
        mov     w0, #0x70               // LCRH: 8 bits, FIFOs
        str     w0, [x20, #0x2c]
        mov     w0, #0x301              // CR: on, both ways
        str     w0, [x20, #0x30]
uart_done:
        ret

// Sends the byte in w0. Uses x1.
put:
        adr     x1, console
        ldr     w1, [x1]
        cmp     w1, #1
        b.eq    put_xen
put_wait:
        ldr     w1, [x20, #0x18]        // FR
        tbnz    w1, #5, put_wait        // transmit FIFO full
        str     w0, [x20]
        ret
put_xen:
        stp     x2, x3, [sp, #-32]!
        stp     x4, x16, [sp, #16]
        adr     x2, letter
        strb    w0, [x2]
        mov     x16, #18                // console_io
        mov     x0, #0                  // write
        mov     x1, #1
        hvc     #0xea1
        ldp     x4, x16, [sp, #16]
        ldp     x2, x3, [sp], #32
        ret

newline:
        mov     x9, x30
        mov     w0, #13
        bl      put
        mov     w0, #10
        bl      put
        mov     x30, x9
        ret

// Prints the text at x0. Uses x0-x3.
print:
        mov     x3, x30
        mov     x2, x0
print_next:
        ldrb    w0, [x2], #1
        cbz     w0, print_end
        bl      put
        b       print_next
print_end:
        mov     x30, x3
        ret

// Prints x0 in decimal. Uses x0-x6.
print_decimal:
        mov     x3, x30
        adr     x2, digits_end
        mov     x4, #10
decimal_next:
        udiv    x5, x0, x4
        msub    x6, x5, x4, x0
        add     w6, w6, #'0'
        strb    w6, [x2, #-1]!
        mov     x0, x5
        cbnz    x0, decimal_next
        mov     x0, x2
        mov     x30, x3
        b       print

// Prints x0 with 16 hexadecimal digits. Uses x0-x6.
print_hex:
        mov     x3, x30
        mov     x4, x0
        mov     x5, #60
hex_next:
        lsr     x0, x4, x5
        and     x0, x0, #15
        add     x6, x0, #'a' - 10
        add     x0, x0, #'0'
        cmp     x0, #'9'
        csel    x0, x6, x0, hi
        bl      put
        subs    x5, x5, #4
        b.pl    hex_next
        mov     x30, x3
        ret

// Prints the text at x0, the seconds since the start with two decimals, and a new line. Uses x0-x10.
print_time:
        mov     x10, x30
        bl      print
        mrs     x7, cntvct_el0
        sub     x7, x7, x24
        udiv    x0, x7, x25
        msub    x7, x0, x25, x7
        bl      print_decimal
        mov     x0, #'.'
        bl      put
        mov     x0, #100
        mul     x7, x7, x0
        udiv    x7, x7, x25
        mov     x8, #10
        udiv    x0, x7, x8
        msub    x7, x0, x8, x7
        add     x0, x0, #'0'
        bl      put
        add     x0, x7, #'0'
        bl      put
        bl      newline
        mov     x30, x10
        ret

// Lets the virtual timer's interrupt (private, number 27) through. Uses x0-x2.
gic_init:
        mov     w2, #0x8000000          // bit 27
        mov     w1, #0xa0               // its priority
        cbnz    x23, gic3_init
        strb    w1, [x21, #0x41b]       // GICD_IPRIORITYR, byte 27
        str     w2, [x21, #0x100]       // GICD_ISENABLER0
        mov     w0, #1
        str     w0, [x21]               // GICD_CTLR
        mov     w1, #0xf0
        str     w1, [x22, #4]           // GICC_PMR
        str     w0, [x22]               // GICC_CTLR
        ret
gic3_init:
        mov     w0, #0x12               // GICD_CTLR: affinity routing, group 1
        str     w0, [x21]
gic3_write_pending:
        ldr     w0, [x21]
        tbnz    w0, #31, gic3_write_pending
        ldr     w0, [x22, #0x14]        // GICR_WAKER
        and     w0, w0, #0xfffffffd
        str     w0, [x22, #0x14]
gic3_asleep:
        ldr     w0, [x22, #0x14]
        tbnz    w0, #2, gic3_asleep
        add     x22, x22, #0x10, lsl #12
        mov     w0, #-1
        str     w0, [x22, #0x80]        // GICR_IGROUPR0
        strb    w1, [x22, #0x41b]       // GICR_IPRIORITYR, byte 27
        str     w2, [x22, #0x100]       // GICR_ISENABLER0
        mov     x0, #7
        msr     icc_sre_el1, x0
        isb
        mov     x0, #0xf0
        msr     icc_pmr_el1, x0
        mov     x0, #1
        msr     icc_igrpen1_el1, x0
        isb
        ret

// Only x0-x2 are used here; the main line keeps everything else.
interrupt:
        stp     x0, x1, [sp, #-32]!
        str     x2, [sp, #16]
        cbnz    x23, interrupt_gic3
        ldr     w0, [x22, #12]          // GICC_IAR
        b       interrupt_known
interrupt_gic3:
        mrs     x0, icc_iar1_el1
        dsb     sy
interrupt_known:
        and     w1, w0, #0x3ff
        cmp     w1, #27
        b.ne    interrupt_strange
        mov     x1, #20
        udiv    x1, x25, x1
        mrs     x2, cntv_cval_el0
        add     x2, x2, x1
        msr     cntv_cval_el0, x2
        mov     x1, #1                  // Xen masks it when it has interrupted
        msr     cntv_ctl_el0, x1
        isb
        add     x26, x26, #1
        b       interrupt_end
interrupt_strange:
        add     x27, x1, #1
interrupt_end:
        cbnz    x23, interrupt_end_gic3
        str     w0, [x22, #16]          // GICC_EOIR
        b       interrupt_return
interrupt_end_gic3:
        msr     icc_eoir1_el1, x0
        isb
interrupt_return:
        ldr     x2, [sp, #16]
        ldp     x0, x1, [sp], #32
        eret

unexpected:
        adr     x0, text_exception
        bl      print
        mrs     x0, esr_el1
        bl      print_hex
        adr     x0, text_at
        bl      print
        mrs     x0, elr_el1
        bl      print_hex
        bl      newline
        b       failed

        .balign 2048
vectors:
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128
        b       interrupt
        .balign 128
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128
        b       unexpected
        .balign 128

text_hello:     .asciz "Xenolith tiny guest: GICv"
text_frequency: .asciz ", counter "
text_psci:      .asciz " Hz, PSCI "
text_tick:      .asciz "tick "
text_marker:    .asciz "XENOLITH-MARKER up="
text_done:      .asciz "XENOLITH-DONE up="
text_early:     .asciz "XENOLITH-ERROR the ticks came too early "
text_strange:   .asciz "XENOLITH-ERROR unexpected interrupt, number + 1 = "
text_exception: .asciz "XENOLITH-ERROR unexpected exception, syndrome "
text_at:        .asciz " at "
text_no_bridge: .asciz "XENOLITH-ERROR xl.physdev needs a rogue endpoint on the root bus of a generic PCI host bridge "
text_physdev:   .asciz "physdev "
text_memory:    .asciz "memory "
text_answer:    .asciz " = "
text_bar:       .asciz "bar = "
name_reg:       .asciz "reg"
name_ranges:    .asciz "ranges"
name_bootargs:  .asciz "bootargs"
name_xen:       .asciz "xen,xen"
name_ecam:      .asciz "pci-host-ecam-generic"
word_physdev:   .asciz "xl.physdev"
name_compatible: .asciz "compatible"
name_pl011:     .asciz "arm,pl011"
name_gic2:      .asciz "arm,cortex-a15-gic"
name_gic400:    .asciz "arm,gic-400"
name_gic3:      .asciz "arm,gic-v3"
digits:         .space 24
digits_end:     .byte 0
letter:         .byte 0
        .balign 16
console:        .word 0                 // 1: Xen's, because there is no UART; else the UART
        .balign 16
argument:       .space 48
        .space  1024
stack:
image_end:
