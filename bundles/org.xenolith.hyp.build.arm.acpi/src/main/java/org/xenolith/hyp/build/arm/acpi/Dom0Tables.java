// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.Gtdt;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Rsdp;
import org.xenolith.acpi.codec.Stao;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.StructureLayout;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.Xenv;
import org.xenolith.acpi.codec.Xsdt;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlStatus;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.arm.kit.V2mFrame;
import org.xenolith.platform.api.AddressWindow;

/**
 * The tables that the hardware domain gets in the place of the machine's, in Xen's order: FADT, (GTDT,) MADT, STAO, (IORT,) XSDT, RSDP;
 * all others are the machine's own.
 */
final class Dom0Tables {
  private static final int ALIGNMENT = 8;
  private static final String HYPERVISOR = "XenVMM";
  private static final int LEVEL_LOW = 2;

  private final HostTables host;
  private final TableVariants variants;
  private final List<PlacedTable> made = new ArrayList<>();
  /** What stands where in the machine's XSDT. */
  private final Map<Long, Long> moved = new LinkedHashMap<>();
  private final List<Long> added = new ArrayList<>();
  private long next;
  private long dsdt;

  /**
   * What the tables say of the domain.
   *
   * @param gic        its interrupt controller
   * @param affinities of its virtual CPUs, in order
   * @param its        registers of its ITS, if it has one
   * @param frames     its message frames
   * @param events     INTID of its event interrupt
   * @param uart       whether the UART of the SPCR isn't the domain's
   * @param smmus      addresses of the registers of the SMMUs that the hypervisor drives
   * @param base       where the tables begin
   * @param grants     room for grant frames
   */
  record Facts(GicFacts gic, List<Integer> affinities, Optional<AddressWindow> its, List<V2mFrame> frames, int events, boolean uart, List<
      Long> smmus,
      long base, FdtWindow grants) {}

  /**
   * Makes them.
   *
   * @throws org.xenolith.acpi.codec.AcpiException if the machine's tables lack something
   */
  Dom0Tables(HostTables host, TableVariants variants, Facts facts) {
    this.host = host;
    this.variants = variants;
    next = facts.base;
    if (variants.statusZero()) {
      hide();
    }
    replace("FACP", fadt(host.demand("FACP").table()));
    if (variants.el2TimerMasked()) {
      replace("GTDT", withoutEl2Timer(host.demand("GTDT").table()));
    }
    replace("APIC", Dom0Madt.of(host.demand("APIC").table(), facts.gic, facts.affinities, facts.its, facts.frames));
    added.add(put(stao(host.demand("APIC").table(), facts.uart)));
    if (host.find("IORT").isPresent()) {
      Dom0Iort.of(host.demand("IORT").table(), facts.smmus).ifPresent(iort -> replace("IORT", iort));
    }
    if (variants.xenv()) {
      added.add(put(xenv(facts)));
    }
    long xsdt = put(xsdt());
    put(AcpiTable.of(StructureBuilder.of(host.rsdp().table().structure()).set(Rsdp.Field.XSDT_ADDRESS, xsdt)));
  }

  private long put(AcpiTable table) {
    long at = next;
    made.add(new PlacedTable(table, at));
    next = aligned(at + table.length());
    return at;
  }

  static long aligned(long address) {
    return address + ALIGNMENT - 1 & -ALIGNMENT;
  }

  private void replace(String signature, AcpiTable table) {
    moved.put(host.demand(signature).address(), put(table));
  }

  /** Devices that STAO names aren't there for those either who don't read it: in a DSDT of the domain's own. */
  private void hide() {
    AcpiTable table = host.named().getFirst().table();
    for (String path : variants.hidden()) {
      table = AmlStatus.set(table, AmlName.of(path), 0);
    }
    dsdt = put(table);
  }

  private AcpiTable fadt(AcpiTable table) {
    StructureBuilder fadt = StructureBuilder.of(table.structure());
    fadt.set(Fadt.Field.ARM_BOOT_ARCH, table.structure().get(Fadt.Field.ARM_BOOT_ARCH) | Fadt.PSCI_COMPLIANT | Fadt.PSCI_USE_HVC);
    if (variants.hypervisorId()) {
      fadt.set(Fadt.Field.HYPERVISOR_VENDOR_IDENTITY, (HYPERVISOR + "\0\0").getBytes(StandardCharsets.US_ASCII));
    }
    if (dsdt != 0) {
      fadt.set(Fadt.Field.X_DSDT, dsdt).set(Fadt.Field.DSDT, 0);
    }
    return AcpiTable.of(fadt);
  }

  private static AcpiTable withoutEl2Timer(AcpiTable table) {
    return AcpiTable.of(StructureBuilder.of(table.structure()).set(Gtdt.Field.EL2_GSIV, 0).set(Gtdt.Field.EL2_FLAGS, 0));
  }

  /** A table by the maker of the machine's MADT. */
  private static StructureBuilder like(AcpiTable madt, StructureLayout layout) {
    StructureBuilder made = StructureBuilder.of(layout);
    for (TableHeader field : TableHeader.values()) {
      made.set(field, madt.structure().bytes(field));
    }
    return made.set(TableHeader.SIGNATURE, layout.name()).set(TableHeader.REVISION, 1);
  }

  private AcpiTable stao(AcpiTable madt, boolean uart) {
    StructureBuilder stao = like(madt, Stao.LAYOUT).set(Stao.Field.UART, uart ? 1 : 0);
    if (!variants.hidden().isEmpty()) {
      stao.add(Stao.NAMES, (String.join("\0", variants.hidden()) + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    return AcpiTable.of(stao);
  }

  private static AcpiTable xenv(Facts facts) {
    return AcpiTable.of(StructureBuilder.of(Xenv.LAYOUT).set(TableHeader.SIGNATURE, Xenv.LAYOUT.name()).set(TableHeader.REVISION, 1)
        .set(TableHeader.OEM_ID, HYPERVISOR).set(Xenv.Field.GRANT_TABLE_ADDRESS, facts.grants.base())
        .set(Xenv.Field.GRANT_TABLE_SIZE, facts.grants.size()).set(Xenv.Field.EVENT_CHANNEL_INTERRUPT, facts.events)
        .set(Xenv.Field.EVENT_CHANNEL_INTERRUPT_FLAGS, LEVEL_LOW));
  }

  private AcpiTable xsdt() {
    StructureBuilder xsdt = StructureBuilder.of(Xsdt.LAYOUT);
    Structure old = host.xsdt().table().structure();
    Xsdt.LAYOUT.fields().forEach(field -> xsdt.set(field, old.bytes(field)));
    List<Long> addresses = new ArrayList<>(host.tables().stream().map(each -> moved.getOrDefault(each.address(), each.address())).toList());
    addresses.addAll(added);
    addresses.forEach(address -> xsdt.add(StructureBuilder.of(Xsdt.ENTRY).set(Xsdt.Entry.ADDRESS, address)));
    return AcpiTable.of(xsdt);
  }

  /** The tables with their places, in their order, RSDP last. */
  List<PlacedTable> made() {
    return made;
  }

  /** All of them as one piece that begins where they do. */
  byte[] bytes() {
    long base = made.getFirst().address();
    ByteBuffer all = ByteBuffer.allocate((int) (next - base));
    made.forEach(each -> all.put((int) (each.address() - base), each.table().bytes()));
    return all.array();
  }

  /** Physical address of the RSDP. */
  long rsdp() {
    return made.getLast().address();
  }

  /** The machine's tables that the domain has at their own places. */
  List<PlacedTable> mapped() {
    List<PlacedTable> mapped = new ArrayList<>(host.tables().stream().filter(each -> !moved.containsKey(each.address())).toList());
    mapped.addAll(host.named().stream().filter(each -> dsdt == 0 || !each.table().signature().equals("DSDT")).toList());
    return mapped;
  }
}
