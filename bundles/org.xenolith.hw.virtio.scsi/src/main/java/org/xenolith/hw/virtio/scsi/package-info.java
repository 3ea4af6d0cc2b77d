// SPDX-License-Identifier: EPL-2.0
/** The virtio SCSI host device. Specification: OASIS Virtual I/O Device (VIRTIO) 1.2, 5.6. */
package org.xenolith.hw.virtio.scsi;
