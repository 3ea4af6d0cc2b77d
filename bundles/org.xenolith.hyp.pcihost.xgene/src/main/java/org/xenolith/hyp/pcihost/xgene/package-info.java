// SPDX-License-Identifier: EPL-2.0
/** The hypervisor's driver for the PCIe ports of APM X-Gene v1, with what their defects take. */
package org.xenolith.hyp.pcihost.xgene;
