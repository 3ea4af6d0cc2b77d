// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.CpuPort;

/**
 * Makes engines that execute a CPU's instructions; a service with the properties {@code xenolith.engine}, its name, and {@code
 * xenolith.instructions} (String or String[]), the instruction sets that it executes: one that says none is never chosen. All
 * architectural state is in the CPU, so that engines can be exchanged between any two instructions. Which CPUs an engine
 * executes is its own to say: it asks the port for the processor that it knows.
 */
@ConsumerType
public interface CpuEngineFactory {
  /**
   * Makes an engine for one CPU.
   *
   * @param cpu the CPU itself, not a device's claim on it
   * @throws org.xenolith.machine.api.ModelException if the engine doesn't execute CPUs of that type, as {@link CpuPort#as} says
   */
  CpuEngine create(CpuPort cpu);
}
