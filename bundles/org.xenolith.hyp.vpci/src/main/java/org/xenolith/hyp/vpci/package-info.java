/** Virtual PCI: what domains see of PCI functions. */
package org.xenolith.hyp.vpci;
