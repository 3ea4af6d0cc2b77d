// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.x64.arch.Core;

/** The interpreter with a bound of somebody's for what it keeps, which only its own package can choose. */
public final class BoundedInterpreter {
  private BoundedInterpreter() {}

  /** @param most bytes of decoded pages */
  public static CpuEngine of(Core cpu, long most) {
    return new Interpreter(cpu, most);
  }

  /** Bytes that it keeps. */
  public static long held(CpuEngine engine) {
    return ((Interpreter) engine).held();
  }
}
