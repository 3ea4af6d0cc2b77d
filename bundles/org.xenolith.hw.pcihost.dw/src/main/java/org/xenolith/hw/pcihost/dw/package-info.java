/** DesignWare PCIe controllers in ECAM mode, with their defect. */
package org.xenolith.hw.pcihost.dw;
