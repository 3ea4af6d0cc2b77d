// SPDX-License-Identifier: EPL-2.0
/** The PCI functions that the hypervisor knows: whose they are, what isolates them, how they are reset and change hands. */
package org.xenolith.hyp.pci;
