// SPDX-License-Identifier: EPL-2.0
/** Disk images in QEMU's format qcow2. */
package org.xenolith.block.qcow2;
