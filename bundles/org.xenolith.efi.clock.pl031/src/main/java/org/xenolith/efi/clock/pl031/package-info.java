// SPDX-License-Identifier: EPL-2.0
/** The PL031 as the clock of EFI's time services. */
package org.xenolith.efi.clock.pl031;
