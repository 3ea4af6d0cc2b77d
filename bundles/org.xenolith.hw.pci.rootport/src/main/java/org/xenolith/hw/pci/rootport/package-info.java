// SPDX-License-Identifier: EPL-2.0
/** A PCI Express root port. */
package org.xenolith.hw.pci.rootport;
