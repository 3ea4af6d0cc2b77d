// SPDX-License-Identifier: EPL-2.0
/** EFI's protocol for bytes of a disk. */
package org.xenolith.efi.diskio;
