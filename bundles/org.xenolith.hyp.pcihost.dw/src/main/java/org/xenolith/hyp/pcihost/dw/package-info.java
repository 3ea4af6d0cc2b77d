/** The hypervisor's driver for DesignWare host bridges whose configuration space almost is ECAM. */
package org.xenolith.hyp.pcihost.dw;
