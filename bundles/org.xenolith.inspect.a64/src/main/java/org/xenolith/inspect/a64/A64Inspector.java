// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.a64;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorInspector;
import org.xenolith.machine.api.CpuPort;

/** Looks into processors that execute A64. */
@Component
public final class A64Inspector implements ProcessorInspector {
  @Override
  public Optional<InspectedProcessor> inspect(CpuPort processor, InspectedMemory physical) {
    return processor instanceof Cpu cpu ? Optional.of(new A64Processor(cpu, physical)) : Optional.empty();
  }
}
