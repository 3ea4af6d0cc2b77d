// SPDX-License-Identifier: EPL-2.0
/**
 * Both ends of a virtio transport, for tests of it and of functions: a function, a driver and its queues, and the contract that every
 * function must keep.
 */
@NullMarked
package org.xenolith.testkit.virtio;

import org.jspecify.annotations.NullMarked;
