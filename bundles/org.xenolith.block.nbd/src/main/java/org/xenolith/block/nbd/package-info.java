// SPDX-License-Identifier: EPL-2.0
/** Disks that another program serves by the NBD protocol. */
package org.xenolith.block.nbd;
