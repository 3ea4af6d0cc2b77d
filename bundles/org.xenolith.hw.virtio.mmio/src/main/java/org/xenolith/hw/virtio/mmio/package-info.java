// SPDX-License-Identifier: EPL-2.0
/** The virtio transport over memory-mapped registers. */
package org.xenolith.hw.virtio.mmio;
