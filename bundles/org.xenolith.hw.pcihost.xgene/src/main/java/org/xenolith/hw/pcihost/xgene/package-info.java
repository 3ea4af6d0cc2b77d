// SPDX-License-Identifier: EPL-2.0
/** The PCIe ports of APM X-Gene v1, with their defects. */
package org.xenolith.hw.pcihost.xgene;
