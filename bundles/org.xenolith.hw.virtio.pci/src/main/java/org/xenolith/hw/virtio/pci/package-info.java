/** The virtio transport over PCI. */
package org.xenolith.hw.virtio.pci;
