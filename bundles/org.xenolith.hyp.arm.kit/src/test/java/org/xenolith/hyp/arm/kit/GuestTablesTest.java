// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.acpi.codec.aml.MachineCheck;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;

/** Offsets and numbers are those of libxl (tools/libs/light/libxl_arm_acpi.c) with Xen's public header arch-arm.h. */
class GuestTablesTest {
  private static final GicFacts GIC2 = new GicFacts(2, 0x0300_1000, 0x1000, 0x0300_2000, 0x2000, 288);
  private static final GicFacts GIC3 = new GicFacts(3, 0x0300_1000, 0x1_0000, 0x0302_0000, 0x100_0000, 288);
  private static final long BASE = 0x2000_0000;

  private static GuestTables tables(int vcpus, GicFacts gic) {
    return GuestTables.of(VcpuAffinity.of(vcpus), gic, BASE);
  }

  private static ByteBuffer bytes(GuestTables tables) {
    return ByteBuffer.wrap(tables.bytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int sum(ByteBuffer all, int from, int length) {
    return IntStream.range(from, from + length).map(all::get).sum() & 0xFF;
  }

  @Test
  void theyStandWhereToolsOfXenPutThem() {
    ByteBuffer all = bytes(tables(2, GIC2));
    int madt = 40 + 64 + 96;
    int madtSize = 44 + 2 * 76 + 24;
    int fadt = madt + madtSize + 7 & -8;
    assertEquals(0x2052_5450_2044_5352L, all.getLong(0), "RSD PTR");
    assertEquals(BASE + 40, all.getLong(24), "the XSDT");
    assertEquals(0, sum(all, 0, 20));
    assertEquals(0, sum(all, 0, 36));
    assertEquals(0x5444_5358, all.getInt(40), "XSDT");
    assertEquals(36 + 3 * 8, all.getInt(44));
    assertEquals(List.of(BASE + madt, BASE + 104, BASE + fadt), List.of(all.getLong(76), all.getLong(84), all.getLong(92)));
    assertEquals(0x5444_5447, all.getInt(104), "GTDT");
    assertEquals(96, all.getInt(108));
    assertEquals(0x4349_5041, all.getInt(madt), "APIC");
    assertEquals(madtSize, all.getInt(madt + 4));
    assertEquals(0x5043_4146, all.getInt(fadt), "FACP");
    assertEquals(268, all.getInt(fadt + 4));
    assertEquals((int) BASE + fadt + 272, all.getInt(fadt + 40), "the DSDT");
    assertEquals(0x5444_5344, all.getInt(fadt + 272), "DSDT");
    assertEquals(0, all.capacity() % 8);
    for (int at : new int[] {40, 104, madt, fadt, fadt + 272}) {
      assertEquals(0, sum(all, at, all.getInt(at + 4)), "checksum at " + at);
    }
  }

  @Test
  void theirFieldsAreThoseOfToolsOfXen() {
    ByteBuffer all = bytes(tables(2, GIC2));
    int gtdt = 104;
    int madt = 200;
    int fadt = madt + 44 + 2 * 76 + 24 + 4;
    assertEquals(2, all.get(gtdt + 8));
    assertEquals(0x6e65_58, all.getInt(gtdt + 10), "OEM: Xen and zeros");
    assertEquals(-1, all.getLong(gtdt + 36));
    assertEquals(List.of(30, 2, 27, 2, 26, 2), IntStream.range(0, 6).map(i -> all.getInt(gtdt + 56 + 4 * i)).boxed().toList());
    assertEquals(-1, all.getLong(gtdt + 80));
    assertEquals(3, all.get(madt + 8));
    assertEquals(List.of(5, 1, 3), List.of((int) all.get(fadt + 8), (int) all.get(fadt + 131), (int) all.getShort(fadt + 129)));
    assertEquals(1 << 20, all.getInt(fadt + 112));
    assertEquals(0, all.getLong(fadt + 140), "the 64-bit field isn't used");
  }

  @Test
  void everyProcessorIsThere() {
    for (GicFacts gic : List.of(GIC2, GIC3)) {
      for (int vcpus : new int[] {1, 4, 17, 128}) {
        GuestTables tables = tables(vcpus, gic);
        AcpiTable madt = tables.tables().get(3);
        List<Structure> processors = madt.structure().all(Madt.GICC);
        assertEquals(vcpus, processors.size());
        Structure last = processors.getLast();
        assertEquals(vcpus - 1, last.get(Madt.Gicc.ACPI_PROCESSOR_UID));
        assertEquals((vcpus - 1) / 16 << 8 | (vcpus - 1) % 16, last.get(Madt.Gicc.MPIDR));
        assertEquals(gic.version() == 3 ? 0 : 0x0300_2000, last.get(Madt.Gicc.BASE_ADDRESS));
        assertEquals(gic.version(), madt.structure().all(Madt.GICD).getFirst().get(Madt.Gicd.GIC_VERSION));
        assertEquals(gic.version() == 3 ? 1 : 0, madt.structure().all(Madt.GICR).size());
        List<AcpiTable> described = tables.tables().subList(2, 6);
        assertEquals(vcpus, AmlNamespace.of(described.subList(3, 4)).devices().size());
        assertEquals(List.of(), MachineCheck.faults(new TableSet(described)), gic + ", " + vcpus);
      }
    }
  }
}
