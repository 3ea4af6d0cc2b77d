/** A PCI Express root port. */
package org.xenolith.hw.pci.rootport;
