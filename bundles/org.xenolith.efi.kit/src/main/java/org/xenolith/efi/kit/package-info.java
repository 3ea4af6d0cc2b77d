// SPDX-License-Identifier: EPL-2.0
/** What EFI firmware leaves in memory for an operating system that is entered without its boot services (UEFI 2.10). */
@NullMarked
package org.xenolith.efi.kit;

import org.jspecify.annotations.NullMarked;
