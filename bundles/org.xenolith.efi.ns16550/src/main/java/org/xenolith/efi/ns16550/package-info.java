// SPDX-License-Identifier: EPL-2.0
/** EFI's serial protocol on a 16550. */
package org.xenolith.efi.ns16550;
