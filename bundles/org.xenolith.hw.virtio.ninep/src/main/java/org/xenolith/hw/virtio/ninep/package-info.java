// SPDX-License-Identifier: EPL-2.0
/** The virtio transport of 9P. */
package org.xenolith.hw.virtio.ninep;
