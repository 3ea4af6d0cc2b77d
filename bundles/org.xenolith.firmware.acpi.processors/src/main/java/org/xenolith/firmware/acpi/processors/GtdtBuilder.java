// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.processors;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Gtdt;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/** GTDT of ACPI 6.3: the processors' timers and the watchdogs. */
@Component(service = AcpiTableBuilder.class)
public final class GtdtBuilder implements AcpiTableBuilder {
  private static final int REVISION = 3;

  /** A timer as the binding names it (arm,arch_timer.yaml), in the binding's order, and as the table does. */
  private record Timer(String name, TableField gsiv, TableField flags) {}

  private static final List<Timer> TIMERS = List.of(
      new Timer("sec-phys", Gtdt.Field.SECURE_EL1_GSIV, Gtdt.Field.SECURE_EL1_FLAGS),
      new Timer("phys", Gtdt.Field.NON_SECURE_EL1_GSIV, Gtdt.Field.NON_SECURE_EL1_FLAGS),
      new Timer("virt", Gtdt.Field.VIRTUAL_EL1_GSIV, Gtdt.Field.VIRTUAL_EL1_FLAGS),
      new Timer("hyp-phys", Gtdt.Field.EL2_GSIV, Gtdt.Field.EL2_FLAGS),
      new Timer("hyp-virt", Gtdt.Field.VIRTUAL_EL2_GSIV, Gtdt.Field.VIRTUAL_EL2_FLAGS));

  @Override
  public String signature() {
    return Gtdt.LAYOUT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    Optional<PlatformNode> timer = enabled(machine, "arm,armv8-timer").findFirst();
    if (timer.isEmpty()) {
      return Optional.empty();
    }
    StructureBuilder gtdt = AcpiTable.header(Gtdt.LAYOUT, REVISION, machine.identity())
        .set(Gtdt.Field.CNT_CONTROL_BASE, Gtdt.NO_ADDRESS).set(Gtdt.Field.CNT_READ_BASE, Gtdt.NO_ADDRESS);
    timers(machine, timer.get(), gtdt);
    enabled(machine, "arm,sbsa-gwdt").forEach(watchdog -> gtdt.add(watchdog(machine, watchdog)));
    return Optional.of(AcpiTable.of(gtdt));
  }

  private static Stream<PlatformNode> enabled(AcpiMachine machine, String compatible) {
    return machine.platform().nodes().stream().filter(node -> node.enabled() && node.isCompatible(compatible));
  }

  private static void timers(AcpiMachine machine, PlatformNode node, StructureBuilder gtdt) {
    machine.told(node);
    List<String> names = node.property("interrupt-names").filter(FdtProperty::looksLikeStrings).map(FdtProperty::strings)
        .orElse(TIMERS.stream().map(Timer::name).toList());
    List<AcpiInterrupt> interrupts = machine.interrupts(node);
    for (Timer timer : TIMERS) {
      int at = names.indexOf(timer.name());
      if (at >= 0 && at < interrupts.size()) {
        gtdt.set(timer.gsiv(), interrupts.get(at).gsiv())
            .set(timer.flags(), flags(interrupts.get(at)) | (node.has("always-on") ? Gtdt.ALWAYS_ON : 0));
      }
    }
  }

  /** The binding (arm,sbsa-gwdt.yaml) has the control frame first. */
  private static StructureBuilder watchdog(AcpiMachine machine, PlatformNode node) {
    List<AcpiInterrupt> interrupts = machine.interrupts(node);
    if (node.windows().size() != 2 || interrupts.isEmpty()) {
      throw new PlatformException(node.path() + ": a watchdog has two windows, control and refresh, and an interrupt; give it them");
    }
    machine.told(node);
    return StructureBuilder.of(Gtdt.WATCHDOG).set(Gtdt.Watchdog.CONTROL_FRAME, node.windows().get(0).base())
        .set(Gtdt.Watchdog.REFRESH_FRAME, node.windows().get(1).base()).set(Gtdt.Watchdog.GSIV, interrupts.getFirst().gsiv())
        .set(Gtdt.Watchdog.FLAGS, flags(interrupts.getFirst()));
  }

  private static long flags(AcpiInterrupt interrupt) {
    return (interrupt.edge() ? Gtdt.EDGE : 0) | (interrupt.activeLow() ? Gtdt.ACTIVE_LOW : 0);
  }
}
