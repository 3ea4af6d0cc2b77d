// SPDX-License-Identifier: EPL-2.0
/** What subsystems of the hypervisor share that have to do with PCI, on every architecture. */
@NullMarked
package org.xenolith.hyp.pci.kit;

import org.jspecify.annotations.NullMarked;
