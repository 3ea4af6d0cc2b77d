// SPDX-License-Identifier: EPL-2.0
/** Partitions of disks, for UEFI firmware. */
package org.xenolith.efi.partition;
