// SPDX-License-Identifier: EPL-2.0
/** virtio functions, transports, what transports have in common, and the queues between them. */
package org.xenolith.virtio.api;
