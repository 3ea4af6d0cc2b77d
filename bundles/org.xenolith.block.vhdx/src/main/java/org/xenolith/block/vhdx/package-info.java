// SPDX-License-Identifier: EPL-2.0
/** Disk images in Microsoft's format VHDX. */
package org.xenolith.block.vhdx;
