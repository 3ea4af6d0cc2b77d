// SPDX-License-Identifier: EPL-2.0
/**
 * PCI as tables and fabric (PCI Local Bus 3.0, PCI Express Base 4.0): configuration space declared as tables, functions, bridges, and
 * what host bridges have in common. A host bridge makes a {@link org.xenolith.pci.kit.PciHost}; an endpoint makes a
 * {@link org.xenolith.pci.kit.PciEndpoint} and answers its BARs as a {@link org.xenolith.pci.api.PciDevice}.
 */
@NullMarked
package org.xenolith.pci.kit;

import org.jspecify.annotations.NullMarked;
