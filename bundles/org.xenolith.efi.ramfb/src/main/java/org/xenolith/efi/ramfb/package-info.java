// SPDX-License-Identifier: EPL-2.0
/** EFI's graphics output protocol on the display ramfb. */
package org.xenolith.efi.ramfb;
