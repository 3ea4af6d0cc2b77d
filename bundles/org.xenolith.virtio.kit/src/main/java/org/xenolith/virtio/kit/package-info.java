// SPDX-License-Identifier: EPL-2.0
/** What virtio transports have in common, and what functions do with the chains of their queues. */
@NullMarked
package org.xenolith.virtio.kit;

import org.jspecify.annotations.NullMarked;
