// SPDX-License-Identifier: EPL-2.0
/** EFI's serial protocol on a PL011. */
package org.xenolith.efi.pl011;
