// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.processors;

import java.util.List;
import java.util.Optional;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.platform.api.PlatformNode;

/** The interrupts of processors' performance monitors (Devicetree binding arm,pmu.yaml): one private one for all, or one for each. */
final class PerformanceInterrupts {
  private static final String AFFINITY = "interrupt-affinity";
  private final AcpiMachine machine;
  private final List<PlatformNode> monitors;

  PerformanceInterrupts(AcpiMachine machine) {
    this.machine = machine;
    monitors = machine.platform().nodes().stream().filter(node -> node.enabled() && node.windows().isEmpty()
        && node.compatible().stream().anyMatch(each -> each.endsWith("-pmu") || each.equals("arm,armv8-pmuv3"))).toList();
    monitors.forEach(machine::told);
  }

  Optional<AcpiInterrupt> of(PlatformNode cpu) {
    for (PlatformNode monitor : monitors) {
      List<AcpiInterrupt> interrupts = machine.interrupts(monitor);
      Optional<FdtProperty> affinity = monitor.property(AFFINITY);
      if (interrupts.size() == 1 && affinity.isEmpty()) {
        return Optional.of(interrupts.getFirst());
      }
      for (int i = 0; affinity.isPresent() && i < Math.min(interrupts.size(), affinity.get().cellCount()); i++) {
        if (machine.platform().byPhandle(affinity.get().cell(i)).filter(cpu::equals).isPresent()) {
          return Optional.of(interrupts.get(i));
        }
      }
    }
    return Optional.empty();
  }
}
