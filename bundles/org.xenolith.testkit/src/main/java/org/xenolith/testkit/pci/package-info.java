// SPDX-License-Identifier: EPL-2.0
/** A PCI bus for tests of endpoints. */
package org.xenolith.testkit.pci;
