// SPDX-License-Identifier: EPL-2.0
/** Disk images in VMware's format VMDK. */
package org.xenolith.block.vmdk;
