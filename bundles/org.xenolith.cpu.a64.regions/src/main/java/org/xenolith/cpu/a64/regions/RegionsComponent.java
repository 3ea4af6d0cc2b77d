// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.CpuPort;

/** The engine that translates what is hot to bytecode, which the JVM compiles. */
@Component(service = CpuEngineFactory.class, property = {"xenolith.engine=regions", "xenolith.instructions=a64",
    "service.ranking:Integer=1"})
public final class RegionsComponent implements CpuEngineFactory {
  /** Branches to a place before it is translated. With less a boot is slower: the JVM's compilers are what it waits for. */
  private static final int THRESHOLD = 8000;

  private final Translator translator = Translator.inBackground(false);

  @Override
  public CpuEngine create(CpuPort cpu) {
    return new RegionEngine(cpu.as(Cpu.class), translator, THRESHOLD);
  }

  @Deactivate
  void close() {
    translator.close();
  }
}
