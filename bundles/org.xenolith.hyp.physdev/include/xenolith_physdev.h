/* SPDX-License-Identifier: EPL-2.0 */
/*
 * What Xenolith's hypervisor takes by hypercall 33 (physdev_op) and Xen doesn't.
 */
#ifndef XENOLITH_PHYSDEV_H
#define XENOLITH_PHYSDEV_H

#include <stdint.h>

/*
 * The hardware domain has brought a PCI host bridge up: clock, link, windows. From now on the hypervisor may make
 * configuration cycles on its buses; if it is the one that scans (option scan=hypervisor) it does so at once.
 *
 * Argument: struct xenolith_physdev_pci_host_bridge_add.
 *
 *   0            a bridge of the machine is meant, and the hypervisor has a driver for it
 *   -ENOSYS      there is no such call: a null argument, which is otherwise -EFAULT, tells that without doing anything
 *   -EFAULT      the argument can't be read
 *   -EPERM       the caller isn't the hardware domain
 *   -EINVAL      pad isn't 0; or the bridge has another segment or other buses
 *   -ENODEV      no bridge has a window at cfg_base, or it has another size
 *   -EOPNOTSUPP  the hypervisor has no driver for that bridge
 *
 * The number is outside those that Xen may come to use.
 */
#define XENOLITH_PHYSDEVOP_pci_host_bridge_add 0x80000016u

struct xenolith_physdev_pci_host_bridge_add {
    uint16_t seg;        /* segment: linux,pci-domain, else the bridge's place among those of the tree */
    uint8_t  bus_start;  /* number of the root bus */
    uint8_t  bus_nr;     /* how many buses; 0 if all that there is room for */
    uint32_t pad;        /* 0 */
    uint64_t cfg_base;   /* physical address of the window of configuration space, as in the tree */
    uint64_t cfg_size;   /* its bytes; 0 if that isn't said */
};

#endif
