// SPDX-License-Identifier: EPL-2.0
/** A PCI bus for tests of endpoints. */
@NullMarked
package org.xenolith.testkit.pci;

import org.jspecify.annotations.NullMarked;
