// SPDX-License-Identifier: EPL-2.0
/** The hypervisor's driver for generic host bridges: ECAM and CAM. */
package org.xenolith.hyp.pcihost.ecam;
