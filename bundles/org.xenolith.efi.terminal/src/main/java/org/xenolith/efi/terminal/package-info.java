// SPDX-License-Identifier: EPL-2.0
/** EFI's text consoles on a serial line. */
package org.xenolith.efi.terminal;
