// SPDX-License-Identifier: EPL-2.0
/** virtio functions and transports, the queues between them and the port where they meet. */
@NullMarked
package org.xenolith.virtio.api;

import org.jspecify.annotations.NullMarked;
