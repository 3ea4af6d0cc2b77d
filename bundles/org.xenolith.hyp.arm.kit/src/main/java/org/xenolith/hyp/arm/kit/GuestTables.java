// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.Gtdt;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Rsdp;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.Xsdt;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.xen.abi.GuestMap;

/**
 * Tables of a guest with nothing but processors, an interrupt controller and timers: what Xen's tools give one (libxl, libxl_arm_acpi.c), in
 * the order in which they stand there, at multiples of 8 bytes. Three things aren't as there: both checksums of the RSDP are right, the DSDT
 * has the processors that there are, not 128, and the timer of EL2, which the guest doesn't have, has its usual number.
 */
public final class GuestTables {
  private static final TableIdentity IDENTITY = new TableIdentity("Xen\0\0\0", "ARM\0\0\0\0\0", 0, "XL\0\0", 0);
  private static final int XSDT_REVISION = 1;
  private static final int GTDT_REVISION = 2;
  private static final int MADT_REVISION = 3;
  private static final int FADT_REVISION = 5;
  private static final int FADT_MINOR = 1;
  private static final int DSDT_REVISION = 2;
  private static final int ALIGNMENT = 8;
  private static final long PAGE = 4096;
  /** Arm DEN 0094 (BSA), table of private interrupts. Linux maps it at any exception level, and calls 0 a bug of the firmware. */
  private static final int EL2_TIMER_PPI = 26;
  private static final String PROCESSOR = "ACPI0007";

  private final long base;
  private final byte[] bytes;
  private final List<AcpiTable> tables;

  private GuestTables(long base, byte[] bytes, List<AcpiTable> tables) {
    this.base = base;
    this.bytes = bytes;
    this.tables = List.copyOf(tables);
  }

  /**
   * Makes them.
   *
   * @param affinities of the vCPUs, MPIDR_EL1 bits 23:0, in the order of their numbers
   * @param base       guest-physical address of the first byte, which is that of the RSDP
   */
  public static GuestTables of(List<Integer> affinities, GicFacts gic, long base) {
    AcpiTable gtdt = gtdt();
    AcpiTable madt = madt(affinities, gic);
    AcpiTable dsdt = dsdt(affinities.size());
    long xsdtAt = behind(base, Rsdp.LAYOUT.size());
    long gtdtAt = behind(xsdtAt, xsdt(0, 0, 0).length());
    long madtAt = behind(gtdtAt, gtdt.length());
    long fadtAt = behind(madtAt, madt.length());
    AcpiTable fadt = fadt(behind(fadtAt, fadt(0).length()));
    AcpiTable xsdt = xsdt(madtAt, gtdtAt, fadtAt);
    AcpiTable rsdp = AcpiTable.of(StructureBuilder.of(Rsdp.LAYOUT).set(Rsdp.Field.SIGNATURE, Rsdp.SIGNATURE)
        .set(Rsdp.Field.OEM_ID, IDENTITY.oemId()).set(Rsdp.Field.REVISION, Rsdp.REVISION_WITH_XSDT).set(Rsdp.Field.XSDT_ADDRESS, xsdtAt));
    List<AcpiTable> tables = List.of(rsdp, xsdt, gtdt, madt, fadt, dsdt);
    int length = tables.stream().mapToInt(table -> (int) behind(0, table.length())).sum();
    byte[] bytes = new byte[length];
    int at = 0;
    for (AcpiTable table : tables) {
      System.arraycopy(table.bytes(), 0, bytes, at, table.length());
      at = (int) behind(at, table.length());
    }
    return new GuestTables(base, bytes, tables);
  }

  private static long behind(long address, int length) {
    return address + length + ALIGNMENT - 1 & -ALIGNMENT;
  }

  private static AcpiTable xsdt(long... addresses) {
    StructureBuilder xsdt = AcpiTable.header(Xsdt.LAYOUT, XSDT_REVISION, IDENTITY);
    for (long address : addresses) {
      xsdt.add(StructureBuilder.of(Xsdt.ENTRY).set(Xsdt.Entry.ADDRESS, address));
    }
    return AcpiTable.of(xsdt);
  }

  private static AcpiTable gtdt() {
    return AcpiTable.of(AcpiTable.header(StructureBuilder.upTo(Gtdt.LAYOUT, Gtdt.Field.PLATFORM_TIMER_OFFSET), GTDT_REVISION, IDENTITY)
        .set(Gtdt.Field.CNT_CONTROL_BASE, Gtdt.NO_ADDRESS).set(Gtdt.Field.CNT_READ_BASE, Gtdt.NO_ADDRESS)
        .set(Gtdt.Field.NON_SECURE_EL1_GSIV, GuestMap.GUEST_TIMER_PHYS_NS_PPI).set(Gtdt.Field.NON_SECURE_EL1_FLAGS, Gtdt.ACTIVE_LOW)
        .set(Gtdt.Field.VIRTUAL_EL1_GSIV, GuestMap.GUEST_TIMER_VIRT_PPI).set(Gtdt.Field.VIRTUAL_EL1_FLAGS, Gtdt.ACTIVE_LOW)
        .set(Gtdt.Field.EL2_GSIV, EL2_TIMER_PPI).set(Gtdt.Field.EL2_FLAGS, Gtdt.ACTIVE_LOW));
  }

  private static AcpiTable madt(List<Integer> affinities, GicFacts gic) {
    boolean version3 = gic.version() == 3;
    StructureBuilder madt = AcpiTable.header(Madt.LAYOUT, MADT_REVISION, IDENTITY);
    for (int i = 0; i < affinities.size(); i++) {
      // The last field of ACPI 5.1, whose entries have 76 bytes.
      madt.add(StructureBuilder.upTo(Madt.GICC, Madt.Gicc.MPIDR).set(Madt.Gicc.CPU_INTERFACE_NUMBER, i)
          .set(Madt.Gicc.ACPI_PROCESSOR_UID, i).set(Madt.Gicc.FLAGS, Madt.ENABLED)
          .set(Madt.Gicc.BASE_ADDRESS, version3 ? 0 : gic.second()).set(Madt.Gicc.MPIDR, affinities.get(i)));
    }
    madt.add(StructureBuilder.of(Madt.GICD).set(Madt.Gicd.BASE_ADDRESS, gic.distributor()).set(Madt.Gicd.GIC_VERSION, gic.version()));
    if (version3) {
      madt.add(StructureBuilder.of(Madt.GICR).set(Madt.Gicr.DISCOVERY_RANGE_BASE_ADDRESS, gic.second())
          .set(Madt.Gicr.DISCOVERY_RANGE_LENGTH, gic.secondSize()));
    }
    return AcpiTable.of(madt);
  }

  private static AcpiTable fadt(long dsdt) {
    return AcpiTable.of(AcpiTable.header(StructureBuilder.upTo(Fadt.LAYOUT, Fadt.Field.SLEEP_STATUS_REG), FADT_REVISION, IDENTITY)
        .set(Fadt.Field.FADT_MINOR_VERSION, FADT_MINOR).set(Fadt.Field.FLAGS, Fadt.HW_REDUCED_ACPI)
        .set(Fadt.Field.ARM_BOOT_ARCH, Fadt.PSCI_COMPLIANT | Fadt.PSCI_USE_HVC).set(Fadt.Field.DSDT, dsdt));
  }

  private static AcpiTable dsdt(int processors) {
    List<AmlTerm> devices = new ArrayList<>();
    for (int i = 0; i < processors; i++) {
      devices.add(Aml.device("C%03X".formatted(i), List.of(Aml.name("_HID", Aml.text(PROCESSOR)), Aml.name("_UID", Aml.number(i)))));
    }
    return Aml.table(Definition.DSDT, DSDT_REVISION, IDENTITY, List.of(Aml.scope("\\_SB", devices)));
  }

  /** Where they are in a guest, as tools of Xen say it to firmware (Xen, docs/misc/arm/device-tree/acpi.txt): a node below {@code /chosen}. */
  public FdtNode module() {
    return module(base, bytes.length);
  }

  /**
   * The same of a longer piece of memory.
   *
   * @param length bytes from the RSDP on
   */
  public static FdtNode module(long base, long length) {
    return new FdtNode("module@" + Long.toHexString(base), List.of(FdtProperty.ofStrings("compatible", "xen,guest-acpi",
        "multiboot,module"),
        FdtProperty.ofU64("reg", base, length)), List.of());
  }

  /** The pages that they take. */
  public FdtWindow pages() {
    return new FdtWindow(base, bytes.length + PAGE - 1 & -PAGE);
  }

  /** Guest-physical address of the RSDP. */
  public long rsdp() {
    return base;
  }

  /** What memory has from there on. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** All of them, in the order of their addresses. */
  public List<AcpiTable> tables() {
    return tables;
  }
}
