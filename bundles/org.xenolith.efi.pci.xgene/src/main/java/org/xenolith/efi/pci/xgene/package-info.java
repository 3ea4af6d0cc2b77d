// SPDX-License-Identifier: EPL-2.0
/** PCI hosts of the device tree that are ports of APM X-Gene v1. */
package org.xenolith.efi.pci.xgene;
