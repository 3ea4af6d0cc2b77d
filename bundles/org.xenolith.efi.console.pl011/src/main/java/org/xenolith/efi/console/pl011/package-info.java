// SPDX-License-Identifier: EPL-2.0
/** The PL011 as firmware leaves it. */
package org.xenolith.efi.console.pl011;
