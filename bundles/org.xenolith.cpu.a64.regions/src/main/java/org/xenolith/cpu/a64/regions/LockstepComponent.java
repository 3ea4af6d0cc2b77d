// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.CpuPort;

/** Executes what regions execute a second time by interpretation, and stops at the first difference. */
@Component(service = CpuEngineFactory.class, property = {"xenolith.engine=lockstep", "xenolith.instructions=a64",
    "service.ranking:Integer=-2"})
public final class LockstepComponent implements CpuEngineFactory {
  /** Few: what is checked is worth more than what is fast. */
  private static final int THRESHOLD = 50;

  private final Translator translator = Translator.inBackground(true);

  @Override
  public CpuEngine create(CpuPort cpu) {
    return new RegionEngine(cpu.as(Cpu.class), translator, THRESHOLD);
  }

  @Deactivate
  void close() {
    translator.close();
  }
}
