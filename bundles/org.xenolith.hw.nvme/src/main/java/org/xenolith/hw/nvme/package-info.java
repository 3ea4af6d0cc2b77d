/** An NVMe controller as a PCI Express endpoint. */
package org.xenolith.hw.nvme;
