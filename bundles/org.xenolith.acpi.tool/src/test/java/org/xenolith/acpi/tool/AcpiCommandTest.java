// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.Ivrs;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.ResourceTemplate;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.StructureLayout;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.command.api.BadInput;
import picocli.CommandLine;

/** What a user sees of tables in files. */
class AcpiCommandTest {
  private static final TableIdentity MAKER = new TableIdentity("ACME", "BOARD", 1, "ACME", 1);
  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();

  @BeforeEach
  void tables() throws IOException {
    write("APIC.dat", madt(1, 2).bytes());
    write("FACP.dat", AcpiTable.of(AcpiTable.header(Fadt.LAYOUT, 6, MAKER).set(Fadt.Field.FLAGS, Fadt.HW_REDUCED_ACPI)
        .set(Fadt.Field.ARM_BOOT_ARCH, Fadt.PSCI_COMPLIANT)).bytes());
    byte[] resources = ResourceTemplate.write(List.of(Resource.memory(0x0900_0000, 0x1000), Resource.interrupt(33, 0)).stream());
    write("DSDT.dat", Aml.table(Definition.DSDT, 2, MAKER, List.of(Aml.scope("\\_SB", List.of(Aml.device("COM0", List.of(
        Aml.name("_HID", Aml.text("ARMH0011")), Aml.name("_CRS", Aml.buffer(resources)))))))).bytes());
  }

  private static AcpiTable madt(long... mpidrs) {
    StructureBuilder madt = AcpiTable.header(Madt.LAYOUT, 4, MAKER);
    madt.add(StructureBuilder.of(Madt.GICD).set(Madt.Gicd.GIC_VERSION, 3));
    for (int i = 0; i < mpidrs.length; i++) {
      madt.add(StructureBuilder.of(Madt.GICC).set(Madt.Gicc.ACPI_PROCESSOR_UID, i).set(Madt.Gicc.FLAGS, Madt.ENABLED)
          .set(Madt.Gicc.MPIDR, mpidrs[i]));
    }
    return AcpiTable.of(madt);
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private int run(Object... words) {
    out.getBuffer().setLength(0);
    String[] texts = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      texts[i] = words[i].toString();
    }
    return new CommandLine(new AcpiCommand()).setOut(new PrintWriter(out)).setErr(new PrintWriter(out))
        .setExecutionExceptionHandler((e, line, result) -> {
          out.append(e instanceof BadInput ? e.getMessage() : "a fault of ours: " + e);
          return e instanceof BadInput ? 2 : 4;
        }).execute(texts);
  }

  @Test
  void fieldsAndNamespaceAreShown() {
    assertEquals(0, run("dump", folder), out.toString());
    assertTrue(out.toString().contains("APIC.GIC-CPU-Interface[1].MPIDR = 0x2\n"), out.toString());
    assertTrue(out.toString().contains("\\_SB.COM0._HID = \"ARMH0011\"\n"), out.toString());
    assertTrue(out.toString().contains("\\_SB.COM0._CRS extended interrupt flags=0x1 count=0x1 gsiv=0x21\n"), out.toString());
  }

  @Test
  void soundTablesHaveNoFaults() {
    assertEquals(0, run("check", folder), out.toString());
    assertEquals("3 tables, 0 faults\n", out.toString());
  }

  @Test
  void twoProcessorsOfOneNumberAndAWrongSumAreNamed() throws IOException {
    byte[] bad = madt(7, 7).bytes();
    bad[9]++;
    write("APIC.dat", bad);
    assertEquals(2, run("check", folder));
    assertEquals("""
        APIC, offset 0x0: its bytes don't sum up to 0; set the checksum anew
        APIC, offset 0xda: a second GIC CPU Interface has the MPIDR 0x7; give it one of its own
        3 tables, 2 faults
        """, out.toString());
  }

  @Test
  void differencesAreFieldsThatChanged() throws IOException {
    Path other = write("other.aml", madt(1, 3).bytes());
    assertEquals(1, run("diff", folder.resolve("APIC.dat"), other));
    assertTrue(out.toString().contains("- APIC.GIC-CPU-Interface[1].MPIDR = 0x2\n+ APIC.GIC-CPU-Interface[1].MPIDR = 0x3\n"),
        out.toString());
    assertEquals(0, run("diff", folder, folder), out.toString());
  }

  @Test
  void theTextOfAcpidumpIsRead() throws IOException {
    StringBuilder text = new StringBuilder("APIC @ 0x0000000000000000\n");
    byte[] bytes = madt(1, 2).bytes();
    for (int at = 0; at < bytes.length; at += 16) {
      int to = Math.min(bytes.length, at + 16);
      text.append("    %04X: %s  ignored\n".formatted(at, HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bytes, at, to)));
    }
    Files.writeString(folder.resolve("dump.txt"), text + "\n");
    assertEquals(0, run("diff", folder.resolve("APIC.dat"), folder.resolve("dump.txt")), out.toString());
  }

  @Test
  void whatCantBeReadIsNamedWithPlaceAndRemedy() throws IOException {
    write("bad.dat", Arrays.copyOf(madt(1).bytes(), 50));
    assertEquals(2, run("check", folder.resolve("bad.dat")));
    assertTrue(out.toString().endsWith("bad.dat: APIC, offset 0x4: it says that it is 150 bytes long, 50 are there; the table is damaged;"
        + " make it anew or take it again from the machine"), out.toString());
    assertEquals(2, run("dump", folder.resolve("none.dat")));
    assertTrue(out.toString().contains("none.dat doesn't exist; name a file"), out.toString());
    assertEquals(2, run("dump"));
    assertTrue(out.toString().contains("Missing required parameter: 'FILE'"), out.toString());
  }

  // ---- One of a set

  private byte[] other(String signature, int length) {
    byte[] bytes = Arrays.copyOf(madt(1).bytes(), length);
    System.arraycopy(signature.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), 0, bytes, 0, 4);
    bytes[4] = (byte) length;
    bytes[9] = 0;
    int sum = 0;
    for (byte each : bytes) {
      sum += each;
    }
    bytes[9] = (byte) -sum;
    return bytes;
  }

  @Test
  void signaturesThatAreNotFourCapitalsAreThoseOfTables() throws IOException {
    for (String signature : List.of("ASF!", "iBFT", "UEFI", "Hyp$")) {
      write("OTHER.dat", other(signature, 60));
      assertEquals(0, run("check", folder), out.toString());
      assertEquals("4 tables, 0 faults\n", out.toString());
    }
    write("OTHER.dat", "give a table, if you please, of some 36 bytes or more".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertEquals(2, run("check", folder), out.toString());
    assertTrue(out.toString().contains("its signature is that of no table (give)"), out.toString());
  }

  @Test
  void tablesThatCannotBeReadDontStopTheOthers() throws IOException {
    write("EMPTY.dat", new byte[0]);
    write("DBG2.dat", Arrays.copyOf(madt(1).bytes(), 50));
    assertEquals(2, run("check", folder));
    assertTrue(out.toString().matches(
        "(?s).*DBG2\\.dat: APIC, offset 0x4: it says [^\n]*\n.*EMPTY\\.dat: table, offset 0x0: it is empty; [^\n]*\n"
            + "5 tables, 2 faults\n"), out.toString());
    assertEquals(2, run("dump", folder));
    assertTrue(out.toString().contains("\\_SB.COM0._HID = \"ARMH0011\"\n") && out.toString().contains("EMPTY.dat: table"), out.toString());
    assertEquals(2, run("diff", folder, folder));
    assertTrue(out.toString().startsWith("0 differences\nxenolith: "), out.toString());
  }

  @Test
  void damagedTableAmongOthersOfAFileIsPassedOver() throws IOException {
    byte[] first = madt(1).bytes();
    byte[] bad = madt(2).bytes();
    bad[45] = (byte) 0xff; // the length of its first entry
    byte[] all = Arrays.copyOf(first, first.length + bad.length + first.length);
    System.arraycopy(bad, 0, all, first.length, bad.length);
    System.arraycopy(first, 0, all, first.length + bad.length, first.length);
    assertEquals(2, run("check", write("all.bin", all)));
    assertTrue(out.toString().contains("3 tables, "), out.toString());
    assertTrue(out.toString().contains("all.bin: APIC, offset 0x2d: "), out.toString());
  }

  private static String text(String name, byte[] bytes) {
    StringBuilder text = new StringBuilder(name + " @ 0x0000000000000000\n");
    for (int at = 0; at < bytes.length; at += 16) {
      text.append("    %04X: %s  ignored\n".formatted(at, HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bytes, at, Math.min(
          bytes.length, at + 16))));
    }
    return text + "\n";
  }

  @Test
  void messagesAmongTheLinesOfAcpidumpAreNoTables() throws IOException {
    String warning = "Firmware Warning (ACPI): Incorrect checksum in table [OEMX] - 0x00, should be 0x01 (20250404/tbprint-341)\n";
    Path dump = folder.resolve("dump.txt");
    Files.writeString(dump, warning + text("APIC", madt(1).bytes()) + warning + text("OEMX", other("OEMX", 40)));
    assertEquals(0, run("check", dump), out.toString());
    assertEquals("2 tables, 0 faults\n", out.toString());
    Files.writeString(dump, text("APIC", madt(1).bytes()).replaceFirst("    0010:.*\n", "    0010: 0G\n") + text("OEMX", other("OEMX",
        40)));
    assertEquals(2, run("check", dump), out.toString());
    assertTrue(out.toString().contains(
        "APIC, offset 0x10: line 4 of acpidump's text says that its bytes are those at 0x0020; lines are missing")
        && out.toString().endsWith("2 tables, 1 faults\n"), out.toString());
  }

  @Test
  void blocksOfNewerIommusAreDeclared() throws IOException {
    for (StructureLayout kind : List.of(Ivrs.EXTENDED_HARDWARE, Ivrs.MIXED_HARDWARE)) {
      Path file = write("IVRS.dat", AcpiTable.of(AcpiTable.header(Ivrs.LAYOUT, 2, MAKER).add(StructureBuilder.of(kind)
          .set(Ivrs.ExtendedHardware.BASE_ADDRESS, 0xFEB8_0000L).set(Ivrs.ExtendedHardware.EXTENDED_FEATURES, 0x22))).bytes());
      assertEquals(0, run("check", file), out.toString());
      assertEquals(0, run("dump", file), out.toString());
      assertTrue(out.toString().contains(".EXTENDED_FEATURES = 0x22\n"), out.toString());
    }
    byte[] read = AcpiTable.header(Ivrs.LAYOUT, 2, MAKER).bytes();
    byte[] block = new byte[44];
    block[0] = 0x11;
    block[2] = 44;
    block[24] = 7;
    byte[] all = Arrays.copyOf(read, read.length + block.length);
    System.arraycopy(block, 0, all, read.length, block.length);
    System.arraycopy("IVRS".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, all, 0, 4);
    all[4] = (byte) all.length;
    assertEquals(2, run("check", write("IVRS.dat", all)));
    assertTrue(out.toString().endsWith("set the checksum anew\n1 tables, 1 faults\n"), out.toString());
  }
}
