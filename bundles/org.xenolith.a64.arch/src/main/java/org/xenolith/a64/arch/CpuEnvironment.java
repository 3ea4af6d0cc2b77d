// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.RamBus;

/** What the machine core gives a CPU. */
@ProviderType
public interface CpuEnvironment {
  /** The physical address space. */
  RamBus bus();

  /** All CPUs of the machine, for broadcast maintenance and events. */
  List<Cpu> cpus();

  /**
   * An SMC or HVC reached the machine's firmware, which is that of its devices ({@link Cpu#smccc}) if the environment has none of its own: x0 to x17
   * are in the CPU. Who knows how many of them the answer is in says so in {@link Cpu#results}.
   *
   * @return whether a provider answered (or NOT_SUPPORTED was returned in its name); false if the machine has no firmware for
   *         that conduit, so that the instruction is UNDEFINED
   */
  default boolean firmwareCall(Cpu cpu, boolean hvc) {
    return cpu.smccc.answer(hvc);
  }

  /** A waiting or powered-off CPU became able to run: the scheduler must look again. */
  void wake(Cpu cpu);

  /**
   * Virtual time in nanoseconds at the current instruction, if each instruction takes one of them; else, or if nobody counts time, a negative
   * number.
   */
  default long nanoseconds() {
    return -1;
  }

  /** Where ways out of guest code are told; asked once. */
  default Exits exits() {
    return new Exits();
  }

  /** The machine's event log. */
  EventLog events();
}
