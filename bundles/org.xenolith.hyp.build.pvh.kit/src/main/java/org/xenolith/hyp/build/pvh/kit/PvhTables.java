// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.Facs;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.GenericAddress;
import org.xenolith.acpi.codec.LinkedTables;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.MadtApic;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.ResourceTemplate;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.platform.api.AddressWindow;

/**
 * What a guest in a container is told by ACPI: its processors, and what isn't there. The MADT is that of libxenguest in Xen 4.17 without PCAT_COMPAT, which says that
 * there are 8259As; the FADT tells of no general purpose events, no reset register and no clock by which the processors' are kept (USE_PLATFORM_CLOCK), as that one does. The DSDT is our own: it describes the
 * processors that there are, and isn't changed while the guest runs.
 *
 * @param rootPointer the RSDP
 * @param tables      what is at {@link PvhMap#TABLES}
 */
public record PvhTables(byte[] rootPointer, byte[] tables) {
  private static final TableIdentity IDENTITY = new TableIdentity("Xen\0\0\0", "HVM\0\0\0\0\0", 0, "HVML", 0);
  private static final int MADT_REVISION = 2;
  private static final int FADT_REVISION = 5;
  private static final int MCFG_REVISION = 1;
  private static final int DSDT_REVISION = 2;
  private static final long LOCAL_APICS = 0xFEE0_0000L;
  /** Latencies in microseconds that say: there is no such state (ACPI 6.5, 5.2.9). */
  private static final int NO_STATE = 0xFFF;
  /**
   * Where Xen's tools say that event and control registers are. Nothing is there, as under Xen; but tables that aren't of the hardware-reduced kind can't leave them out (ACPI 6.5, 4.8.1), and that
   * kind has other demands.
   */
  private static final int EVENTS = 0xB000;
  private static final int CONTROL = 0xB004;
  private static final int EVENT_BYTES = 4;
  private static final int CONTROL_BYTES = 2;
  private static final int SYSTEM_INTERRUPT = 9;
  private static final int FACS_VERSION = 1;
  private static final String PROCESSOR = "ACPI0007";

  /**
   * The tables of a guest with so many virtual CPUs.
   *
   * @throws IllegalArgumentException if they are longer than the map has room for
   */
  public static PvhTables of(PvhContainer container, int vcpus, PvhMap map) {
    return of(container, vcpus, map, Optional.empty());
  }

  /**
   * The same with a virtual host bridge.
   *
   * @throws IllegalArgumentException if they are longer than the map has room for
   */
  public static PvhTables of(PvhContainer container, int vcpus, PvhMap map, Optional<VirtualPci.Bridge> bridge) {
    StructureBuilder madt = AcpiTable.header(Madt.LAYOUT, MADT_REVISION, IDENTITY).set(Madt.Field.LOCAL_INTERRUPT_CONTROLLER_ADDRESS,
        LOCAL_APICS);
    List<AmlTerm> processors = new ArrayList<>();
    for (int i = 0; i < vcpus; i++) {
      madt.add(StructureBuilder.of(MadtApic.LOCAL_APIC).set(MadtApic.LocalApic.ACPI_PROCESSOR_UID, i).set(MadtApic.LocalApic.APIC_ID, 2L
          * i)
          .set(MadtApic.LocalApic.FLAGS, Madt.ENABLED));
      processors.add(Aml.device("C%03X".formatted(i), List.of(Aml.name("_HID", Aml.text(PROCESSOR)), Aml.name("_UID", Aml.number(i)))));
    }
    AcpiTable fadt = AcpiTable.of(AcpiTable.header(StructureBuilder.upTo(Fadt.LAYOUT, Fadt.Field.SLEEP_STATUS_REG), FADT_REVISION, IDENTITY)
        .set(Fadt.Field.P_LVL2_LAT, NO_STATE).set(Fadt.Field.P_LVL3_LAT, NO_STATE).set(Fadt.Field.IAPC_BOOT_ARCH, Fadt.VGA_NOT_PRESENT
            | Fadt.CMOS_RTC_NOT_PRESENT | (container.hasLocalApics() ? 0 : Fadt.MSI_NOT_SUPPORTED))
        .set(Fadt.Field.SCI_INT, SYSTEM_INTERRUPT).set(Fadt.Field.PM1A_EVT_BLK, EVENTS).set(Fadt.Field.PM1_EVT_LEN, EVENT_BYTES)
        .set(Fadt.Field.PM1A_CNT_BLK, CONTROL).set(Fadt.Field.PM1_CNT_LEN, CONTROL_BYTES)
        .set(Fadt.Field.X_PM1A_EVT_BLK, GenericAddress.ports(EVENTS, EVENT_BYTES))
        .set(Fadt.Field.X_PM1A_CNT_BLK, GenericAddress.ports(CONTROL, CONTROL_BYTES))
        .set(Fadt.Field.FLAGS, Fadt.WBINVD | Fadt.PROC_C1 | Fadt.PWR_BUTTON | Fadt.SLP_BUTTON | Fadt.FIX_RTC));
    bridge.ifPresent(each -> processors.addAll(root(each)));
    AcpiTable dsdt = Aml.table(Definition.DSDT, DSDT_REVISION, IDENTITY, List.of(Aml.scope("\\_SB", processors)));
    AcpiTable facs = AcpiTable.of(StructureBuilder.of(Facs.LAYOUT).set(Facs.Field.SIGNATURE, Facs.LAYOUT.name()).set(Facs.Field.VERSION,
        FACS_VERSION));
    List<AcpiTable> all = new ArrayList<>(container.hasLocalApics() ? List.of(fadt, AcpiTable.of(madt), dsdt, facs) : List.of(fadt, dsdt,
        facs));
    if (!container.configurations().isEmpty()) {
      StructureBuilder mcfg = AcpiTable.header(Mcfg.LAYOUT, MCFG_REVISION, IDENTITY);
      container.configurations().forEach(each -> mcfg.add(StructureBuilder.of(Mcfg.ALLOCATION).set(Mcfg.Allocation.BASE_ADDRESS, each
          .address())
          .set(Mcfg.Allocation.SEGMENT, each.segment()).set(Mcfg.Allocation.START_BUS, each.firstBus()).set(Mcfg.Allocation.END_BUS, each
              .lastBus())));
      all.add(AcpiTable.of(mcfg));
    }
    LinkedTables linked = LinkedTables.of(all, IDENTITY, PvhMap.TABLES - PvhMap.ROOT_SIZE);
    byte[] bytes = linked.bytes();
    int root = linked.tables().getFirst().table().length();
    byte[] tables = Arrays.copyOfRange(bytes, (int) PvhMap.ROOT_SIZE, bytes.length);
    if (tables.length > map.tablesSize()) {
      throw new IllegalArgumentException("the ACPI tables of " + vcpus + " virtual CPUs have " + tables.length + " bytes, and there are "
          + map.tablesSize() + " for them; give the domain fewer virtual CPUs");
    }
    return new PvhTables(Arrays.copyOf(bytes, root), tables);
  }

  /** A root complex (PCI Firmware Specification 3.3, 4.1.2 and 4.5), and what keeps its configuration space from others. */
  private static List<AmlTerm> root(VirtualPci.Bridge bridge) {
    byte[] windows = ResourceTemplate.write(Stream.of(Resource.buses(0, (int) (bridge.ecam().size() >>> 20)),
        window(bridge.memory(), 0), window(bridge.prefetchable(), Resource.PREFETCHABLE)));
    byte[] kept = ResourceTemplate.write(Stream.of(Resource.memory(bridge.ecam().base(), bridge.ecam().size())));
    return List.of(
        Aml.device("PCI0", List.of(Aml.name("_HID", Aml.eisaId("PNP0A08")), Aml.name("_CID", Aml.eisaId("PNP0A03")), Aml.name("_UID", Aml
            .number(0)), Aml.name("_SEG", Aml.number(0)), Aml.name("_BBN", Aml.number(0)), Aml.name("_CRS", Aml.buffer(windows)))),
        Aml.device("RES0", List.of(Aml.name("_HID", Aml.eisaId("PNP0C02")), Aml.name("_UID", Aml.number(0)), Aml.name("_CRS", Aml.buffer(
            kept)))));
  }

  private static StructureBuilder window(AddressWindow window, int flags) {
    return Resource.window(Resource.MEMORY, Resource.READ_WRITE | flags, window.base(), window.size(), 0);
  }
}
