/** The PrimeCell UART PL011. */
package org.xenolith.hw.pl011;
