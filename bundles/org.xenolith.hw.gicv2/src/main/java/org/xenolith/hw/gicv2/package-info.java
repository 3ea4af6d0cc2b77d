// SPDX-License-Identifier: EPL-2.0
/** The GICv2 interrupt controller: distributor, CPU interfaces and virtual interfaces for up to eight CPUs. */
package org.xenolith.hw.gicv2;
