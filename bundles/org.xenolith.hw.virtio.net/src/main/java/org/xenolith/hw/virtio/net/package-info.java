/** The virtio network card. */
package org.xenolith.hw.virtio.net;
