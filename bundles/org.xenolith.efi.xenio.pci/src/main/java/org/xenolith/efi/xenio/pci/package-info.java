// SPDX-License-Identifier: EPL-2.0
/** XENIO, by Xen's platform device on PCI. */
package org.xenolith.efi.xenio.pci;
