/** virtio functions, transports and the queues between them. */
package org.xenolith.virtio.api;
