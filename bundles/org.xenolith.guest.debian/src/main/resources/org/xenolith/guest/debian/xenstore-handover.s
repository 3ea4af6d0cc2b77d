// xenstore-handover DOMID: hands this domain's XenStore page and event channel to the domain that serves the store.
//
// The driver behind /dev/xen/xenbus_backend answers SETUP (Linux, include/xen/xenbus_dev.h: no direction, type 'B',
// number 1, size 0) by granting the page under the reserved reference 1 and allocating a port for the given domain;
// the ioctl's result is the port. A process starts with the argument count and the argument pointers on its stack.
AT_FDCWD = -100
O_RDWR_CLOEXEC = 0x80002
SETUP = 0x4201
SYS_IOCTL = 29
SYS_OPENAT = 56
SYS_WRITE = 64
SYS_EXIT = 93
LAST_DOMID = 32751            // 0x7ff0 and above mean something else than a domain

start:
        ldr     x9, [sp]
        cmp     x9, #2
        b.ne    usage
        ldr     x9, [sp, #16]
        mov     x19, #0
        mov     x10, #10
        mov     x12, #0
digit:
        ldrb    w11, [x9], #1
        cbz     w11, digits_end
        sub     w11, w11, #48
        cmp     w11, #9
        b.hi    usage
        madd    x19, x19, x10, x11
        ldr     x13, =LAST_DOMID
        cmp     x19, x13
        b.hi    usage
        add     x12, x12, #1
        b       digit
digits_end:
        cbz     x12, usage

        mov     x0, #AT_FDCWD
        adr     x1, device
        ldr     x2, =O_RDWR_CLOEXEC
        mov     x3, #0
        mov     x8, #SYS_OPENAT
        svc     #0
        adr     x20, open_failed
        tbnz    x0, #63, failed
        ldr     x1, =SETUP
        mov     x2, x19
        mov     x8, #SYS_IOCTL
        svc     #0
        adr     x20, setup_failed
        tbnz    x0, #63, failed
        mov     x21, x0
        adr     x0, domain
        bl      print
        mov     x0, x19
        bl      print_number
        adr     x0, port
        bl      print
        mov     x0, x21
        bl      print_number
        adr     x0, line_end
        bl      print
        mov     x0, #0
        b       exit

failed:
        neg     x21, x0
        mov     x0, x20
        bl      print
        mov     x0, x21
        bl      print_number
        adr     x0, line_end
        bl      print
        mov     x0, #1
        b       exit

usage:
        adr     x0, how
        bl      print
        mov     x0, #2
exit:
        mov     x8, #SYS_EXIT
        svc     #0

// Prints the text at x0 that ends with a zero.
print:
        mov     x1, x0
        mov     x2, #0
1:      ldrb    w9, [x1, x2]
        cbz     w9, 2f
        add     x2, x2, #1
        b       1b
2:      mov     x0, #1
        mov     x8, #SYS_WRITE
        svc     #0
        ret

// Prints the unsigned number x0 in decimal, from the end of a buffer below the stack pointer.
print_number:
        sub     sp, sp, #32
        add     x1, sp, #32
        mov     x9, #10
1:      udiv    x10, x0, x9
        msub    x11, x10, x9, x0
        add     w11, w11, #48
        sub     x1, x1, #1
        strb    w11, [x1]
        mov     x0, x10
        cbnz    x0, 1b
        add     x2, sp, #32
        sub     x2, x2, x1
        mov     x0, #1
        mov     x8, #SYS_WRITE
        svc     #0
        add     sp, sp, #32
        ret

device:
        .asciz  "/dev/xen/xenbus_backend"
open_failed:
        .asciz  "xenstore-handover: can't open /dev/xen/xenbus_backend: error "
setup_failed:
        .asciz  "xenstore-handover: the kernel refused: error "
how:
        .asciz  "usage: xenstore-handover DOMID (0 to 32751)\n"
domain:
        .asciz  "xenstore-handover: domain "
port:
        .asciz  " port "
line_end:
        .asciz  "\n"
