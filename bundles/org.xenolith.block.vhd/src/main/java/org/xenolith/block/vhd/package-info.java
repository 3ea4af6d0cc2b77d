// SPDX-License-Identifier: EPL-2.0
/** Disk images in Microsoft's format VHD. */
package org.xenolith.block.vhd;
