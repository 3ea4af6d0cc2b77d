// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.xenolith.acpi.codec.Gtdt;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.platform.api.AddressWindow;

/** What of processors interrupts them: timers and watchdogs of the GTDT, performance monitors of the MADT. */
final class TimerNodes {
  private static final int WATCHDOG_FRAME = 0x1000;

  /** As the binding names it (arm,arch_timer.yaml), in the binding's order. */
  private record Timer(String name, TableField gsiv, TableField flags) {}

  private static final List<Timer> TIMERS = List.of(
      new Timer("sec-phys", Gtdt.Field.SECURE_EL1_GSIV, Gtdt.Field.SECURE_EL1_FLAGS),
      new Timer("phys", Gtdt.Field.NON_SECURE_EL1_GSIV, Gtdt.Field.NON_SECURE_EL1_FLAGS),
      new Timer("virt", Gtdt.Field.VIRTUAL_EL1_GSIV, Gtdt.Field.VIRTUAL_EL1_FLAGS),
      new Timer("hyp-phys", Gtdt.Field.EL2_GSIV, Gtdt.Field.EL2_FLAGS),
      new Timer("hyp-virt", Gtdt.Field.VIRTUAL_EL2_GSIV, Gtdt.Field.VIRTUAL_EL2_FLAGS));

  private final TablesToTree machine;
  private final ControllerNodes controller;

  TimerNodes(TablesToTree machine, ControllerNodes controller) {
    this.machine = machine;
    this.controller = controller;
  }

  void add(TreeNodes nodes) {
    Optional<Structure> gtdt = machine.tables().find("GTDT").map(table -> table.structure());
    if (gtdt.isEmpty()) {
      machine.untold("GTDT", "there is no such table, so that no timer is known", "give all tables of the machine");
    }
    gtdt.ifPresent(table -> {
      timer(table, nodes);
      table.all(Gtdt.WATCHDOG).forEach(each -> watchdog(each, nodes));
      if (!table.all(Gtdt.BLOCK).isEmpty()) {
        machine.untold("GTDT, offset 0x" + Integer.toHexString(table.all(Gtdt.BLOCK).getFirst().offset()),
            "timers in memory have no node here", "write it into the topology (arm,armv7-timer-mem), if software needs it");
      }
    });
    monitors(nodes);
  }

  private void timer(Structure gtdt, TreeNodes nodes) {
    List<String> names = new ArrayList<>();
    List<AcpiInterrupt> interrupts = new ArrayList<>();
    for (Timer timer : TIMERS) {
      if (gtdt.get(timer.gsiv(), 0) != 0) {
        names.add(timer.name());
        interrupts.add(interrupt(gtdt.get(timer.gsiv()), gtdt.get(timer.flags(), 0)));
      }
    }
    if (names.isEmpty()) {
      machine.untold("GTDT", "it has no timer with an interrupt", "correct the table");
      return;
    }
    List<FdtProperty> properties = new ArrayList<>(List.of(FdtProperty.ofStrings("compatible", "arm,armv8-timer"),
        controller.interrupts(interrupts)));
    if (!names.equals(TIMERS.stream().limit(names.size()).map(Timer::name).toList())) {
      properties.add(FdtProperty.ofStrings("interrupt-names", names.toArray(String[]::new)));
    }
    if ((gtdt.get(Gtdt.Field.NON_SECURE_EL1_FLAGS, 0) & Gtdt.ALWAYS_ON) != 0) {
      properties.add(FdtProperty.ofFlag("always-on"));
    }
    nodes.add("GTDT", new FdtNode("timer", properties, List.of()), List.of());
  }

  private static AcpiInterrupt interrupt(long gsiv, long flags) {
    return new AcpiInterrupt(gsiv, (flags & Gtdt.EDGE) != 0, (flags & Gtdt.ACTIVE_LOW) != 0);
  }

  /** The binding (arm,sbsa-gwdt.yaml) has the control frame first. */
  private void watchdog(Structure watchdog, TreeNodes nodes) {
    List<AddressWindow> windows = List.of(new AddressWindow(watchdog.get(Gtdt.Watchdog.CONTROL_FRAME), WATCHDOG_FRAME),
        new AddressWindow(watchdog.get(Gtdt.Watchdog.REFRESH_FRAME), WATCHDOG_FRAME));
    nodes.add("", new FdtNode("watchdog@" + Long.toHexString(windows.getFirst().base()), List.of(
        FdtProperty.ofStrings("compatible", "arm,sbsa-gwdt"), TreeNodes.reg(windows),
        controller.interrupts(List.of(interrupt(watchdog.get(Gtdt.Watchdog.GSIV), watchdog.get(Gtdt.Watchdog.FLAGS))))), List.of()),
        windows);
  }

  private void monitors(TreeNodes nodes) {
    List<AcpiInterrupt> interrupts = controller.processors().stream().map(each -> new AcpiInterrupt(
        each.get(Madt.Gicc.PERFORMANCE_INTERRUPT_GSIV, 0), (each.get(Madt.Gicc.FLAGS) & Madt.PERFORMANCE_INTERRUPT_EDGE) != 0, false))
        .toList();
    Set<Long> different = new TreeSet<>();
    interrupts.forEach(each -> different.add(each.gsiv()));
    if (different.contains(0L)) {
      if (different.size() > 1) {
        machine.untold("APIC", "some processors have no interrupt of their performance monitors", "their monitors are left out");
      }
      return;
    }
    List<FdtProperty> properties = new ArrayList<>(List.of(FdtProperty.ofStrings("compatible", "arm,armv8-pmuv3")));
    if (different.size() == 1) {
      properties.add(controller.interrupts(List.of(interrupts.getFirst())));
    } else {
      properties.add(controller.interrupts(interrupts));
      properties.add(FdtProperty.ofCells("interrupt-affinity", controller.processors().stream().mapToInt(each -> machine.phandle(
          ProcessorNodes.place(each.get(Madt.Gicc.ACPI_PROCESSOR_UID)))).toArray()));
    }
    nodes.add("pmu", new FdtNode("pmu", properties, List.of()), List.of());
  }
}
