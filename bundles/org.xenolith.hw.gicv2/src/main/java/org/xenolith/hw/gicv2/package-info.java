/** The GICv2 interrupt controller: distributor and CPU interfaces for up to eight CPUs. */
package org.xenolith.hw.gicv2;
