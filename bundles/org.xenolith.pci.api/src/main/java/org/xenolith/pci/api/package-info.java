// SPDX-License-Identifier: EPL-2.0
/**
 * PCI (PCI Local Bus 3.0, PCI Express Base 4.0): where functions, buses and bridges meet. A bus is a
 * {@link org.xenolith.pci.api.PciBusPort}; what is on it a {@link org.xenolith.pci.api.PciTarget}, what is above it a
 * {@link org.xenolith.pci.api.PciUpstream}. Package {@code org.xenolith.pci.kit} has what functions and bridges have in common.
 */
@NullMarked
package org.xenolith.pci.api;

import org.jspecify.annotations.NullMarked;
