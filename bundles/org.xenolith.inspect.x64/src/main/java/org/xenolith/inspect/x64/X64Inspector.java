// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorInspector;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.x64.arch.Core;

/** Looks into x86-64 processors. */
@Component
public final class X64Inspector implements ProcessorInspector {
  @Override
  public Optional<InspectedProcessor> inspect(CpuPort processor, InspectedMemory physical) {
    return processor instanceof Core cpu ? Optional.of(new X64Processor(cpu, physical)) : Optional.empty();
  }
}
