// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.x64.arch.Core;

/** Makes the engine that translates x86-64 code to the host's machine code, without OSGi. */
public final class PlainX64MachineCode {
  private PlainX64MachineCode() {}

  /** The engine of a CPU. */
  public static CpuEngine of(Core cpu) {
    return new MachineCodeEngine(cpu, null);
  }
}
