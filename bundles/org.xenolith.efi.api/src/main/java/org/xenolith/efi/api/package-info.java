// SPDX-License-Identifier: EPL-2.0
/**
 * EFI runtime services as values in and values out, and the ports of the firmware node at which they are offered (UEFI 2.10, chapter 8).
 */
@NullMarked
package org.xenolith.efi.api;

import org.jspecify.annotations.NullMarked;
