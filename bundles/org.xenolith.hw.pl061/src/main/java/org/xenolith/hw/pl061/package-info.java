/** The PrimeCell GPIO PL061. */
package org.xenolith.hw.pl061;
