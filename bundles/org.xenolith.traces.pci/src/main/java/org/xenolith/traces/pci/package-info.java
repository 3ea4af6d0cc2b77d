// SPDX-License-Identifier: EPL-2.0
/** Traces of PCI configuration space. */
package org.xenolith.traces.pci;
