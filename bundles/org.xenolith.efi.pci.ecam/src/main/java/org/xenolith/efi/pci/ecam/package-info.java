// SPDX-License-Identifier: EPL-2.0
/** PCI hosts of the device tree whose configuration space is ECAM. */
package org.xenolith.efi.pci.ecam;
