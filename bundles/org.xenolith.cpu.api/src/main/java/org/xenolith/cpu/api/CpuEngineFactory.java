// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.cpu.arch.Cpu;

/**
 * Makes engines that execute a CPU's instructions; a service with the property {@code xenolith.engine}, its name. All
 * architectural state is in {@link Cpu}, so that engines can be exchanged between any two instructions.
 */
@ConsumerType
public interface CpuEngineFactory {
  /** Makes an engine for one CPU. */
  CpuEngine create(Cpu cpu);
}
