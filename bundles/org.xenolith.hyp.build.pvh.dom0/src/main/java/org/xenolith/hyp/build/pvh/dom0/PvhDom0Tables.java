// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.dom0;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.MadtApic;
import org.xenolith.acpi.codec.Rsdp;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.Xsdt;

/**
 * What the hardware domain is told by ACPI: RSDP, XSDT and MADT of its own; the machine's tables that tell of what the domain has, where they are. As Xen does it (docs/misc/pvh.pandoc;
 * which tables are passed on is said there and in its build of Dom0): clocks, timers and IOMMUs that the hypervisor uses itself aren't told of.
 */
final class PvhDom0Tables {
  /** Signatures of those that are passed on; besides all that begin with OEM. */
  private static final Set<String> PASSED = Set.of("FACP", "FACS", "DSDT", "PSDT", "SSDT", "SBST", "MCFG", "SLIC", "MSDM", "WDAT", "FPDT",
      "S3PT", "TCPA", "TPM2", "VFCT");
  private static final String OEM = "OEM";
  private static final long LOCAL_APICS = 0xFEE0_0000L;
  private static final int MOST_REVISION = 4;
  /** As Xen numbers local APICs. */
  private static final int ID_STEP = 2;

  /** By ascending address. */
  private final List<PlacedTable> made = new ArrayList<>();
  private final long end;
  private long base;

  private PvhDom0Tables(long end) {
    this.end = end;
    base = end;
  }

  /** The tables of a domain with so many virtual CPUs, up to a physical address: the MADT last, before it the XSDT and the RSDP, without a gap, where Xen has them. */
  static PvhDom0Tables of(PvhHostTables host, int vcpus, long end) {
    PvhDom0Tables tables = new PvhDom0Tables(end);
    long madt = tables.put(madt(host.demand("APIC").table(), vcpus));
    StructureBuilder xsdt = StructureBuilder.of(Xsdt.LAYOUT);
    Xsdt.LAYOUT.fields().forEach(field -> xsdt.set(field, host.xsdt().table().structure().bytes(field)));
    xsdt.add(entry(madt));
    host.tables().stream().filter(each -> passed(each.table().signature())).forEach(each -> xsdt.add(entry(each.address())));
    long root = tables.put(AcpiTable.of(xsdt));
    tables.put(AcpiTable.of(StructureBuilder.of(host.rsdp().table().structure()).set(Rsdp.Field.XSDT_ADDRESS, root)));
    return tables;
  }

  private static StructureBuilder entry(long address) {
    return StructureBuilder.of(Xsdt.ENTRY).set(Xsdt.Entry.ADDRESS, address);
  }

  /** Whether a table is the domain's, too. */
  static boolean passed(String signature) {
    return PASSED.contains(signature) || signature.startsWith(OEM);
  }

  private long put(AcpiTable table) {
    base -= table.length();
    made.addFirst(new PlacedTable(table, base));
    return base;
  }

  /** Its own virtual CPUs; the machine's I/O APICs and what is wired to them otherwise than ISA has it. */
  private static AcpiTable madt(AcpiTable host, int vcpus) {
    Structure of = host.structure();
    StructureBuilder madt = StructureBuilder.of(Madt.LAYOUT);
    for (TableHeader field : TableHeader.values()) {
      madt.set(field, of.bytes(field));
    }
    madt.set(TableHeader.REVISION, Math.min(MOST_REVISION, of.get(TableHeader.REVISION))).set(
        Madt.Field.LOCAL_INTERRUPT_CONTROLLER_ADDRESS, LOCAL_APICS);
    of.all(MadtApic.IO_APIC).forEach(each -> madt.add(StructureBuilder.of(each)));
    for (int i = 0; i < vcpus; i++) {
      madt.add(StructureBuilder.of(MadtApic.LOCAL_X2APIC).set(MadtApic.LocalX2apic.X2APIC_ID, (long) ID_STEP * i).set(
          MadtApic.LocalX2apic.ACPI_PROCESSOR_UID, i).set(MadtApic.LocalX2apic.FLAGS, Madt.ENABLED));
    }
    of.all(MadtApic.SOURCE_OVERRIDE).forEach(each -> madt.add(StructureBuilder.of(each)));
    return AcpiTable.of(madt);
  }

  /** Physical address of the RSDP. */
  long rsdp() {
    return base;
  }

  /** The tables with their places. */
  List<PlacedTable> made() {
    return made;
  }

  /** Bytes from the first to the last. */
  int length() {
    return (int) (end - base);
  }

  /** What memory has from the first to the last. */
  byte[] bytes() {
    ByteBuffer all = ByteBuffer.allocate(length());
    made.forEach(each -> all.put((int) (each.address() - base), each.table().bytes()));
    return all.array();
  }
}
