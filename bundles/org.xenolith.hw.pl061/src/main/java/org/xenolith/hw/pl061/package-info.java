// SPDX-License-Identifier: EPL-2.0
/** The PrimeCell GPIO PL061. */
package org.xenolith.hw.pl061;
