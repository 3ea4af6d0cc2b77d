// SPDX-License-Identifier: EPL-2.0
/** What EFI firmware leaves in memory for an operating system that is entered without its boot services (UEFI 2.10). */
package org.xenolith.efi.kit;
