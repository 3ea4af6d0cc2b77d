// SPDX-License-Identifier: EPL-2.0
/** Virtio devices behind memory-mapped registers, for UEFI drivers. */
package org.xenolith.efi.virtio.mmio;
