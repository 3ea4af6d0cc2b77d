/** A PCI bus for tests of endpoints. */
package org.xenolith.testkit.pci;
