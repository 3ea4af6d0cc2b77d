// SPDX-License-Identifier: EPL-2.0
/** Virtio block devices as EFI's block protocol. */
package org.xenolith.efi.virtioblk;
