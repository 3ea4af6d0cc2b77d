// SPDX-License-Identifier: EPL-2.0
/** The virtio block device. */
package org.xenolith.hw.virtio.blk;
