// SPDX-License-Identifier: EPL-2.0
/** Virtio devices on PCI, of both forms. */
package org.xenolith.efi.virtio.pci;
