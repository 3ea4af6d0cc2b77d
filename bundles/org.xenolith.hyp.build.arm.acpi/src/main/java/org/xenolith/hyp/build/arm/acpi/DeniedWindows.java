// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Spcr;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.fdt.FdtWindow;

/** What of the machine is the hypervisor's by its tables: its interrupt controller, its console. Sizes are the architecture's. */
final class DeniedWindows {
  private static final long PAGE = 0x1000;
  /** GIC architecture specification, IHI 0069H, 12.8: distributor, and each frame of redistributors and ITSs. */
  private static final long FRAME = 0x1_0000;
  /** GIC-400 TRM, 3.2: CPU interface, virtual CPU interface. */
  private static final long INTERFACE = 0x2000;

  private final List<FdtWindow> windows = new ArrayList<>();

  private DeniedWindows() {}

  /**
   * Finds them.
   *
   * @param console registers of the UART that the hypervisor drives as the machine's console
   */
  static List<FdtWindow> of(HostTables host, OptionalLong console) {
    DeniedWindows denied = new DeniedWindows();
    console.ifPresent(uart -> denied.add(uart, PAGE));
    Structure madt = host.demand("APIC").table().structure();
    madt.all(Madt.GICD).forEach(each -> denied.add(each.get(Madt.Gicd.BASE_ADDRESS), FRAME));
    for (Structure gicc : madt.all(Madt.GICC)) {
      for (TableField field : List.of(Madt.Gicc.BASE_ADDRESS, Madt.Gicc.GICV, Madt.Gicc.GICH)) {
        denied.add(gicc.get(field), INTERFACE);
      }
      denied.add(gicc.get(Madt.Gicc.GICR_BASE_ADDRESS), 2 * FRAME);
    }
    madt.all(Madt.GICR).forEach(each -> denied.add(each.get(Madt.Gicr.DISCOVERY_RANGE_BASE_ADDRESS),
        each.get(Madt.Gicr.DISCOVERY_RANGE_LENGTH)));
    madt.all(Madt.ITS).forEach(each -> denied.add(each.get(Madt.Its.BASE_ADDRESS), 2 * FRAME));
    return denied.windows;
  }

  /** Address of the registers of the machine's console by its SPCR, if that is in memory. */
  static OptionalLong console(HostTables host) {
    return host.find("SPCR").isPresent() ? address(host.demand("SPCR").table()) : OptionalLong.empty();
  }

  private static OptionalLong address(AcpiTable spcr) {
    GenericAddress uart = spcr.structure().address(Spcr.Field.BASE_ADDRESS);
    return uart.space() == 0 && uart.address() != 0 ? OptionalLong.of(uart.address()) : OptionalLong.empty();
  }

  /** An address of zero is none. */
  private void add(long base, long size) {
    if (base != 0) {
      windows.add(new FdtWindow(base, size));
    }
  }
}
