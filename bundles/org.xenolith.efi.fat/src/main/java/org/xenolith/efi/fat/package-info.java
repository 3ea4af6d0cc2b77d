// SPDX-License-Identifier: EPL-2.0
/** FAT file systems, for UEFI firmware. */
package org.xenolith.efi.fat;
