// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.acpi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.TableSet;

/** The tables of {@code virt} beside those of QEMU's firmware for the same machine: what each has that the other hasn't. */
class QemuTablesTest {
  private static final TableSet OURS = BoardMachine.VIRT.getFirst().tables().set();

  private static TableSet qemu() {
    return new TableSet(List.of("FACP", "APIC", "DBG2", "DSDT", "GTDT", "IORT", "MCFG", "PPTT", "SPCR").stream()
        .map(name -> AcpiTable.read(bytes("bare/" + name + ".dat"))).toList());
  }

  private static byte[] bytes(String resource) {
    try (InputStream in = QemuTablesTest.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(resource, e);
    }
  }

  /** Lines {@code name: QEMU's, ours} where they differ; {@code -}: there is none. */
  private static List<String> differences(Map<String, String> theirs, Map<String, String> ours) {
    TreeSet<String> names = new TreeSet<>(theirs.keySet());
    names.addAll(ours.keySet());
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      String their = theirs.getOrDefault(name, "-");
      String our = ours.getOrDefault(name, "-");
      if (!their.equals(our)) {
        lines.add(name + ": " + their + " | " + our);
      }
    }
    return lines.stream().sorted().toList();
  }

  /** Lines as {@link #differences} makes them, each group below its reason. */
  private static final String FIELDS = """
      # ACPI 6.3: the virtual timer of EL2 is in GTDT, SPE's interrupt in MADT
      APIC.REVISION: 4 | 5
      FACP.FADT_MINOR_VERSION: 0 | 3
      GTDT.REVISION: 2 | 3
      GTDT.VIRTUAL_EL2_FLAGS: - | 0
      GTDT.VIRTUAL_EL2_GSIV: - | 0
      # the board has these windows where it has EL2, QEMU always
      APIC/GIC CPU Interface 0.GICH: 8030000 | 0
      APIC/GIC CPU Interface 0.GICV: 8040000 | 0
      # the frame itself says so, in MSI_TYPER
      APIC/GIC MSI Frame 0.FLAGS: 1 | 0
      APIC/GIC MSI Frame 0.SPI_BASE: 50 | 0
      APIC/GIC MSI Frame 0.SPI_COUNT: 40 | 0
      # a path from the root, as the specification has it
      DBG2/debug device information 0.LENGTH: 2b | 30
      DBG2/debug device information 0.NAMESPACE_STRING_LENGTH: 5 | a
      # SBSA's UART has registers of 32 bits
      DBG2/debug device information 0/base address 0.ADDRESS: 900000001000800 | 900000003002000
      SPCR.BASE_ADDRESS: 900000001000800 | 900000003002000
      # who puts the DSDT into memory says where
      FACP.DSDT: 5c437518 | 0
      FACP.X_DSDT: 5c437518 | 0
      # no hypervisor is below
      FACP.HYPERVISOR_VENDOR_IDENTITY: 554d4551 | 0
      # the tree says it of all timers
      GTDT.EL2_FLAGS: 0 | 4
      GTDT.SECURE_EL1_FLAGS: 0 | 4
      GTDT.VIRTUAL_EL1_FLAGS: 0 | 4
      # the tree names no clusters
      PPTT/processor hierarchy node 1.FLAGS: 0 | a
      PPTT/processor hierarchy node 2.ACPI_PROCESSOR_ID: 0 | -
      PPTT/processor hierarchy node 2.FLAGS: a | -
      PPTT/processor hierarchy node 2.LENGTH: 14 | -
      PPTT/processor hierarchy node 2.PARENT: 38 | -
      PPTT/processor hierarchy node 2.PRIVATE_RESOURCE_COUNT: 0 | -
      PPTT/processor hierarchy node 2.RESERVED_2: 0 | -
      PPTT/processor hierarchy node 2.TYPE: 0 | -
      # the tree says no rate: it is as it is; and there are no lines for flow control
      SPCR.CONFIGURED_BAUD_RATE: 3 | 0
      SPCR.FLOW_CONTROL: 2 | 0
      """;
  private static final String DEVICES = """
      # QEMU's power button is at a device of its own for events, its tree's and ours at the PL061
      ACPI0013 0: coherent -, interrupt 41 flags 3 | -
      ARMH0061 0x9030000: - | coherent -, interrupt 39 flags 1, memory 0x9030000-0x9030fff
      # QEMU's way to hand files to firmware
      QEMU0002 0x9020000: coherent 1, memory 0x9020000-0x9020017 | -
      # ports are memory for processors (_TTP)
      PNP0A08 0x10000000: coherent 1, buses 0x0-0xff to +0x0 flags c/0, memory 0x10000000-0x3efeffff to +0x0 flags c/1, \
      memory 0x8000000000-0xffffffffff to +0x0 flags c/1, ports 0x0-0xffff to +0x3eff0000 flags c/3 | \
      coherent 1, buses 0x0-0xff to +0x0 flags c/0, memory 0x10000000-0x3efeffff to +0x0 flags c/1, \
      memory 0x8000000000-0xffffffffff to +0x0 flags c/1, ports 0x0-0xffff to +0x3eff0000 flags c/13
      # a range that the device itself uses, not one that it passes on
      PNP0C02 0x4010000000: coherent -, memory 0x4010000000-0x401fffffff to +0x0 flags c/1 | \
      coherent -, memory 0x4010000000-0x401fffffff to +0x0 flags d/1
      # _PRT names interrupts that are level-sensitive and active high itself
      PNP0C0F 0: coherent -, interrupt 35 flags 1 | -
      PNP0C0F 1: coherent -, interrupt 36 flags 1 | -
      PNP0C0F 2: coherent -, interrupt 37 flags 1 | -
      PNP0C0F 3: coherent -, interrupt 38 flags 1 | -
      """;

  @Test
  void fieldsDifferOnlyWhereTheyMust() {
    Map<String, String> theirs = TableFacts.fields(qemu());
    // QEMU's IORT names an ITS, which a machine with GICv2 hasn't; ours has none there
    theirs.keySet().removeIf(name -> name.startsWith("IORT"));
    assertEquals(lines(FIELDS.lines()), differences(theirs, TableFacts.fields(OURS)));
  }

  @Test
  void devicesDifferOnlyWhereTheyMust() {
    // edges for virtio, as QEMU's own tree has it; its ACPI tables say levels
    Stream<String> virtio = IntStream.range(0, 32).mapToObj(slot -> {
      int base = 0xa00_0000 + 0x200 * slot;
      return "LNRO0005 0x%x: %s | %s".formatted(base, transport(slot, base, 1), transport(slot, base, 3));
    });
    assertEquals(lines(Stream.concat(DEVICES.lines(), virtio)), differences(TableFacts.devices(qemu()), TableFacts.devices(OURS)));
  }

  private static String transport(int slot, int base, int flags) {
    return "coherent 1, interrupt %d flags %d, memory 0x%x-0x%x".formatted(48 + slot, flags, base, base + 0x1ff);
  }

  private static List<String> lines(Stream<String> text) {
    return text.filter(line -> !line.startsWith("#")).sorted().toList();
  }
}
