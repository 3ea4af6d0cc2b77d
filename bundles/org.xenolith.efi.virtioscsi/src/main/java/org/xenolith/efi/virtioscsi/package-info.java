// SPDX-License-Identifier: EPL-2.0
/** SCSI commands to virtio SCSI hosts. */
package org.xenolith.efi.virtioscsi;
