// SPDX-License-Identifier: EPL-2.0
/** An NVMe controller as a PCI Express endpoint. */
package org.xenolith.hw.nvme;
