// SPDX-License-Identifier: EPL-2.0
/** The PrimeCell UART PL011. */
package org.xenolith.hw.pl011;
