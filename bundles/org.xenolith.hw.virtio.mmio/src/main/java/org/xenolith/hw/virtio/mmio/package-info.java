/** The virtio transport over memory-mapped registers. */
package org.xenolith.hw.virtio.mmio;
