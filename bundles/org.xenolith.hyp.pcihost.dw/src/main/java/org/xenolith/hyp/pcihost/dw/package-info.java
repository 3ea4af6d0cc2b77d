// SPDX-License-Identifier: EPL-2.0
/** The hypervisor's driver for DesignWare host bridges whose configuration space almost is ECAM. */
package org.xenolith.hyp.pcihost.dw;
