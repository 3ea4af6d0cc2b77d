// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.RamBus;

/** What a machine gives an x86-64 CPU. */
public interface CpuEnvironment {
  /** The physical address space; I/O ports are in it from {@code PhysicalBus.PORTS} on. */
  RamBus bus();

  /** Time of the CPU's clock in nanoseconds at the current instruction: virtual time, unless that clock has a fault or has had one. */
  long now();

  /** Virtual time at which the CPU's clock comes to show some time; {@link Long#MAX_VALUE} if it never does. */
  default long due(long nanoseconds) {
    return nanoseconds;
  }

  /** Has somebody told whenever the CPU's clock goes otherwise than it did. */
  default void clockMoves(Runnable listener) {}

  /** The same if each instruction takes a nanosecond; a negative number if not, or if nobody knows. */
  default long nanoseconds() {
    return -1;
  }

  /** The CPU, waiting or powered off, became able to run. */
  void wake();

  /** CPUs of the machine. */
  int cpus();

  /** A page of RAM was marked as holding code: every CPU of the machine is told by {@link Mmu#codeMarked}. */
  void codeMarked(long frame);

  /** Where ways out of guest code are told. */
  Exits exits();

  /** The machine's event log. */
  EventLog events();
}
