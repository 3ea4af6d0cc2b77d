/** The hypervisor's driver for generic host bridges: ECAM and CAM. */
package org.xenolith.hyp.pcihost.ecam;
