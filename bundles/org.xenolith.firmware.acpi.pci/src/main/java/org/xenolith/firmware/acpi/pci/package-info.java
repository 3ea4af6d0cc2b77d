// SPDX-License-Identifier: EPL-2.0
/** ACPI tables of PCI host bridges: MCFG, IORT, IVRS. */
package org.xenolith.firmware.acpi.pci;
