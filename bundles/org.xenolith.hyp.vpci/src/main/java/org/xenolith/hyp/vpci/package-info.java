// SPDX-License-Identifier: EPL-2.0
/** Virtual PCI: what domains see of PCI functions. */
package org.xenolith.hyp.vpci;
