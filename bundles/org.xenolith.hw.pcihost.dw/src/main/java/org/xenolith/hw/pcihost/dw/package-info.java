// SPDX-License-Identifier: EPL-2.0
/** DesignWare PCIe controllers in ECAM mode, with their defect. */
package org.xenolith.hw.pcihost.dw;
