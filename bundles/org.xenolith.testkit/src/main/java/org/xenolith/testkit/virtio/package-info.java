/** Both ends of a virtio transport, for tests of it: a function and a driver's queue. */
package org.xenolith.testkit.virtio;
