/** An endpoint that does what it is told. */
package org.xenolith.hw.pci.rogue;
