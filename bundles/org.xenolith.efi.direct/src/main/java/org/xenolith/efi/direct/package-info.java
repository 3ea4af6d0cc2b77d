// SPDX-License-Identifier: EPL-2.0
/** The way to EFI's runtime services that is code in a guest's memory. */
package org.xenolith.efi.direct;
