// SPDX-License-Identifier: EPL-2.0
/**
 * PCI (PCI Local Bus 3.0, PCI Express Base 4.0): configuration space declared as tables, functions, buses, bridges, and what host
 * bridges have in common. A host bridge makes a {@link org.xenolith.pci.api.PciHost}; an endpoint makes a
 * {@link org.xenolith.pci.api.PciEndpoint} and answers its BARs as a {@link org.xenolith.pci.api.PciDevice}.
 */
package org.xenolith.pci.api;
