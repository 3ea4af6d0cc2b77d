// SPDX-License-Identifier: EPL-2.0
/** The virtio console. Specification: OASIS Virtual I/O Device (VIRTIO) 1.2, 5.3. */
package org.xenolith.hw.virtio.console;
