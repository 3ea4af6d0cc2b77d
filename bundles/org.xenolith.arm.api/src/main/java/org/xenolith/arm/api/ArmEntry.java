// SPDX-License-Identifier: EPL-2.0
package org.xenolith.arm.api;

import org.xenolith.machine.api.CpuEntry;

/**
 * How an Arm CPU is entered: at the highest non-secure exception level that is built, MMU and caches off, interrupts masked, general registers other than
 * x0 zero (PSCI 1.1, section 6.4; for a kernel, Linux, Documentation/arch/arm64/booting).
 *
 * @param pc physical address of the first instruction
 * @param x0 value of x0; for a kernel the physical address of the device tree
 */
public record ArmEntry(long pc, long x0) implements CpuEntry {
  @Override
  public String toString() {
    return "0x%x with x0 = 0x%x".formatted(pc, x0);
  }
}
