/** The virtio block device. */
package org.xenolith.hw.virtio.blk;
