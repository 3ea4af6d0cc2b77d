// SPDX-License-Identifier: EPL-2.0
/** Signatures of images that EFI firmware starts. */
package org.xenolith.efi.signatures;
