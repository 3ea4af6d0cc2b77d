// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pc;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.kit.ApicNodes;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/**
 * FADT of ACPI 6.3 of a machine with local APICs: the fixed hardware that its node {@code xenolith,acpi-pm} has, or hardware-reduced without one, and which of
 * the devices that every PC had are there. Where the DSDT is, is for who puts it into memory.
 */
@Component(service = AcpiTableBuilder.class)
public final class PcFadtBuilder implements AcpiTableBuilder {
  static final String FIXED_HARDWARE = "xenolith,acpi-pm";
  static final String CLOCK = "motorola,mc146818";
  private static final int REVISION = 6;
  private static final int MINOR = 3;
  private static final int EVENT_BYTES = 4;
  private static final int CONTROL_BYTES = 2;
  private static final int TIMER_BYTES = 4;
  /** The reset register is behind event block, control block and timer. */
  private static final int RESET = 3;
  private static final int HARD_RESET = 6;
  private static final int CENTURY = 0x32;
  /** Latencies in microseconds that say: there is no such state (ACPI 6.5, 5.2.9). */
  private static final int NO_C2 = 0xFFF;
  private static final int NO_C3 = 0xFFF;
  private static final int BITS_32 = 32;
  private static final int WORDS = 2;

  @Override
  public String signature() {
    return Fadt.LAYOUT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    if (ApicNodes.local(machine.platform()).isEmpty()) {
      return Optional.empty();
    }
    StructureBuilder fadt = AcpiTable.header(Fadt.LAYOUT, REVISION, machine.identity()).set(Fadt.Field.FADT_MINOR_VERSION, MINOR)
        .set(Fadt.Field.P_LVL2_LAT, NO_C2).set(Fadt.Field.P_LVL3_LAT, NO_C3);
    Optional<PlatformNode> clock = node(machine, CLOCK);
    clock.ifPresent(each -> fadt.set(Fadt.Field.CENTURY, CENTURY));
    fadt.set(Fadt.Field.IAPC_BOOT_ARCH, Fadt.VGA_NOT_PRESENT | (clock.isEmpty() ? Fadt.CMOS_RTC_NOT_PRESENT : 0) | (hasLegacyDevices(
        machine)
            ? Fadt.LEGACY_DEVICES
            : 0));
    long flags = Fadt.WBINVD | Fadt.PROC_C1 | Fadt.PWR_BUTTON | Fadt.SLP_BUTTON | Fadt.FIX_RTC;
    Optional<PlatformNode> hardware = node(machine, FIXED_HARDWARE);
    fadt.set(Fadt.Field.FLAGS, flags | (hardware.isPresent() ? fixed(machine, hardware.get(), fadt) : Fadt.HW_REDUCED_ACPI));
    return Optional.of(AcpiTable.of(fadt));
  }

  private static Optional<PlatformNode> node(AcpiMachine machine, String compatible) {
    return machine.platform().nodes().stream().filter(node -> node.enabled() && node.isCompatible(compatible)).findFirst();
  }

  /** Devices at ports that a user sees; a clock isn't one. */
  private static boolean hasLegacyDevices(AcpiMachine machine) {
    return machine.devices().stream().anyMatch(device -> !device.node().isCompatible(CLOCK) && device.node().windows().stream().anyMatch(
        AddressWindow::ports));
  }

  /** Says the blocks in both forms, as every PC does, and gives the flags of what they have. */
  private static long fixed(AcpiMachine machine, PlatformNode node, StructureBuilder fadt) {
    List<AddressWindow> windows = node.windows();
    List<AcpiInterrupt> interrupts = machine.interrupts(node);
    if (windows.size() < RESET || interrupts.isEmpty() || !windows.stream().allMatch(AddressWindow::ports)) {
      throw new PlatformException(node.path() + ": fixed hardware has ports for events, control and timer, and an interrupt; give it them");
    }
    machine.told(node);
    int events = windows.get(0).port();
    int control = windows.get(1).port();
    int timer = windows.get(2).port();
    fadt.set(Fadt.Field.SCI_INT, interrupts.getFirst().gsiv())
        .set(Fadt.Field.PM1A_EVT_BLK, events).set(Fadt.Field.PM1_EVT_LEN, EVENT_BYTES)
        .set(Fadt.Field.PM1A_CNT_BLK, control).set(Fadt.Field.PM1_CNT_LEN, CONTROL_BYTES)
        .set(Fadt.Field.PM_TMR_BLK, timer).set(Fadt.Field.PM_TMR_LEN, TIMER_BYTES)
        .set(Fadt.Field.X_PM1A_EVT_BLK, new GenericAddress(GenericAddress.PORTS, BITS_32, 0, WORDS, events))
        .set(Fadt.Field.X_PM1A_CNT_BLK, GenericAddress.ports(control, CONTROL_BYTES))
        .set(Fadt.Field.X_PM_TMR_BLK, GenericAddress.ports(timer, TIMER_BYTES));
    if (windows.size() == RESET) {
      return Fadt.TMR_VAL_EXT;
    }
    fadt.set(Fadt.Field.RESET_REG, GenericAddress.ports(windows.get(RESET).port(), 1)).set(Fadt.Field.RESET_VALUE, HARD_RESET);
    return Fadt.TMR_VAL_EXT | Fadt.RESET_REG_SUP;
  }
}
