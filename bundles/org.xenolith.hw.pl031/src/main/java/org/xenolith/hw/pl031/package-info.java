// SPDX-License-Identifier: EPL-2.0
/** The PrimeCell real-time clock PL031. */
package org.xenolith.hw.pl031;
