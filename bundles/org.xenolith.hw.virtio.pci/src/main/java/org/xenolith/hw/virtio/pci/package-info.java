// SPDX-License-Identifier: EPL-2.0
/** The virtio transport over PCI. */
package org.xenolith.hw.virtio.pci;
