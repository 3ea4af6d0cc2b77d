// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.interpreter;

import org.osgi.service.component.annotations.Component;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.x64.graph.Interpreter;

/** The engine of x86-64 CPUs that needs no warm-up: closures made from the instruction table. */
@Component(service = CpuEngineFactory.class, property = {"xenolith.engine=interpreter", "xenolith.instructions=x64"})
public final class InterpreterComponent implements CpuEngineFactory {
  @Override
  public CpuEngine create(CpuPort cpu) {
    return Interpreter.on(cpu);
  }
}
