/* SPDX-License-Identifier: EPL-2.0 */
/*
 * What a domain asks Xenolith's hypervisor of itself that the node /hypervisor of a device tree would tell it, and Xen has no call for.
 *
 * The numbers: those of Xen count up from 0 (to 12 in grant_table_op and to 14 in event_channel_op of Xen 4.17), and
 * grant_table_op takes 12 bits for a number. What is left to others is the end of that: 0xf00 to 0xfff, for both hypercalls. Xen answers
 * -ENOSYS to them, so does Xenolith with the option strict-xen.
 *
 * Both:
 *
 *   0            told
 *   -ENOSYS      there is no such call: with it an argument of 0, which is otherwise -EFAULT, tells that without doing anything
 *   -EFAULT      the argument can't be read, or not be written
 *   -ESRCH       there is no domain dom
 *   -EPERM       dom is another domain, and the caller doesn't control domains
 *   -EINVAL      a pad isn't 0
 *   -ENODEV      there is nothing to tell
 */
#ifndef XENOLITH_QUERIES_H
#define XENOLITH_QUERIES_H

#include <stdint.h>

/*
 * grant_table_op, hypercall 20: guest-physical room that whoever built the domain keeps free for frames of its grant table. It is empty:
 * the domain maps frames there itself (XENMEM_add_to_physmap, XENMAPSPACE_grant_table).
 *
 * Argument: one struct xenolith_gnttab_get_start_addr; the third argument of the hypercall, the count, is 1, else -EINVAL.
 */
#define XENOLITH_GNTTABOP_get_start_addr 0xf00

struct xenolith_gnttab_get_start_addr {
    uint16_t dom;         /* in: DOMID_SELF, or a domid */
    uint16_t pad0;        /* in: 0 */
    uint32_t pad1;        /* in: 0 */
    uint64_t start_addr;  /* out: guest-physical address, a multiple of 4096 */
    uint64_t region_size; /* out: bytes, a multiple of 4096 */
};

/*
 * event_channel_op, hypercall 32: the interrupt by which each of the domain's virtual CPUs hears of events.
 *
 * Argument: struct xenolith_evtchn_get_notification_irq.
 */
#define XENOLITH_EVTCHNOP_get_notification_irq 0xf00

struct xenolith_evtchn_get_notification_irq {
    uint16_t dom;   /* in: DOMID_SELF, or a domid */
    uint16_t pad;   /* in: 0 */
    uint32_t irq;   /* out: number at the GIC, 16 to 31: a private interrupt */
    uint32_t flags; /* out: XENOLITH_IRQ_* */
};

/* As in the table XENV (LINARO-0003). */
#define XENOLITH_IRQ_EDGE       1u /* else level */
#define XENOLITH_IRQ_ACTIVE_LOW 2u /* else active high */

#endif
