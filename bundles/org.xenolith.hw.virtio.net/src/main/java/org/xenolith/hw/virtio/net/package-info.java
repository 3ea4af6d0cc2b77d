// SPDX-License-Identifier: EPL-2.0
/** The virtio network card. */
package org.xenolith.hw.virtio.net;
