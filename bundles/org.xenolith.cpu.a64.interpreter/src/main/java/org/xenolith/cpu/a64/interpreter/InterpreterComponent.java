// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.interpreter;

import org.osgi.service.component.annotations.Component;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.CpuPort;

/** The engine that needs no warm-up: closures made from the instruction table. */
@Component(service = CpuEngineFactory.class, property = {"xenolith.engine=interpreter", "xenolith.instructions=a64"})
public final class InterpreterComponent implements CpuEngineFactory {
  @Override
  public CpuEngine create(CpuPort cpu) {
    return Interpreter.on(cpu);
  }
}
