// SPDX-License-Identifier: EPL-2.0
/** PV block devices of a domain as EFI's block protocol. */
package org.xenolith.efi.xenpvblk;
