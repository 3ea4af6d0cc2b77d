// SPDX-License-Identifier: EPL-2.0
/** The virtio entropy device. */
package org.xenolith.hw.virtio.rng;
