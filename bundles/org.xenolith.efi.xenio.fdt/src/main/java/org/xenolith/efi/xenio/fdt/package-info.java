// SPDX-License-Identifier: EPL-2.0
/** XENIO, by the node of the hypervisor in the device tree. */
package org.xenolith.efi.xenio.fdt;
