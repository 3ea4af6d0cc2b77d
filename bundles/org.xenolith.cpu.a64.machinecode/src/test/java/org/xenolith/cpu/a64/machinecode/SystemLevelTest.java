// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.testkit.a64.scenarios.Scenarios;

/** Translation, faults, syndromes, traps, debug exceptions and returns at EL2, EL1 and EL0, in machine code, as QEMU has them. */
class SystemLevelTest {
  @ParameterizedTest
  @MethodSource("org.xenolith.testkit.a64.scenarios.Scenarios#all")
  void scenariosEndAsUnderQemu(Scenarios scenarios) {
    scenarios.compareWithRecorded(cpu -> new MachineCodeEngine(cpu.as(Cpu.class), null));
  }
}
