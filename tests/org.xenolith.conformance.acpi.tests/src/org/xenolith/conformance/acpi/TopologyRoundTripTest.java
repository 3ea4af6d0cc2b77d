// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.acpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.firmware.api.AcpiDescriber;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.TopologyFormat;
import org.xenolith.platform.api.TopologyFormat.Imported;
import org.xenolith.platform.api.TopologyFormat.Memory;

/** Boards as tables and back again, and QEMU's tables as a board. */
class TopologyRoundTripTest {
  private static final Memory MEMORY = new Memory(OptionalLong.empty(), 512L << 20);

  @TempDir
  private Path folder;

  private static TopologyFormat acpi() {
    return InstalledParts.format("acpi");
  }

  private Imported again(Platform board) {
    try (Stream<Path> before = Files.list(folder)) {
      for (Path file : before.toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    acpi().write(board, folder);
    return acpi().read(List.of(folder), MEMORY);
  }

  private static Platform platform(Imported imported) {
    return InstalledParts.reader().platform("imported", imported.tree(), Map.of());
  }

  /** Lines as {@link TreeText#differences} makes them, each group below its reason. */
  private static final String BOARD = """
      # tables have no place for what a kernel is told
      /chosen kaslr-seed: 58656e6f6c697468 | -
      /chosen rng-seed: 58656e6f6c69746820766972743a207468652073616d65207365656420666f722065766572792072756e2e | -
      linux,dummy-virt is: linux,dummy-virt | -
      linux,dummy-virt model: 58656e6f6c697468207669727400 | -
      # nodes have their class of device for a name: /pl011@9000000 is /serial@9000000
      /aliases serial0: 2f706c303131403930303030303000 | 2f73657269616c403930303030303000
      /chosen stdout-path: 2f706c303131403930303030303000 | 2f73657269616c403930303030303000
      # a clock has none, and 32-bit software no timer of its own
      fixed-clock clock-output-names: 636c6b32346d687a00 | -
      arm,armv8-timer is: arm,armv8-timer, arm,armv7-timer | arm,armv8-timer
      # there is no id in ACPI for a PL031
      arm,pl031@9010000 clock-names: 6170625f70636c6b00 | -
      arm,pl031@9010000 clocks: fixed-clock | -
      arm,pl031@9010000 interrupts: [[0, 2, 4]] | -
      arm,pl031@9010000 is: arm,pl031, arm,primecell | -
      arm,pl031@9010000 windows: [0x9010000..0x9010fff] | -
      # a bus with nothing on it, and what no guest is shown
      qemu,platform is: qemu,platform, simple-bus | -
      qemu,platform ranges: 00000000000000000c00000002000000 | -
      xenolith,blank-flash@0 is: xenolith,blank-flash | -
      xenolith,blank-flash@0 windows: [0x0..0x3ffffff, 0x4000000..0x7ffffff] | -
      """;
  private static final String OURS = """
      # the makers of tables
      xenoli,xenolith is: - | xenoli,xenolith
      xenoli,xenolith model: - | 58454e4f4c492058454e4f4c49544800
      """;
  private static final String GIC_2 = """
      # no table says that a frame is one requester's for each id
      pci-host-ecam-generic@4010000000 msi-map: 0 arm,gic-v2m-frame@8020000 0 10000 | -
      pci-host-ecam-generic@4010000000 msi-parent: - | arm,gic-v2m-frame@8020000
      """;
  private static final String SIZES = """
      # the MADT says no sizes: the architecture's are smaller
      arm,cortex-a15-gic@8000000 windows: [0x8000000..0x800ffff, 0x8010000..0x801ffff] | [0x8000000..0x8000fff, 0x8010000..0x8011fff]
      """;
  private static final String QEMU = """
      # the makers of tables
      bochs,bxpc is: - | bochs,bxpc
      bochs,bxpc model: - | 424f434853204258504300
      # QEMU's tables have a cluster
      /cpus/cpu-map is: - |\s
      /cpus/cpu-map/cluster0 is: - |\s
      /cpus/cpu-map/cluster0/core0 cpu: - | 00000004
      /cpus/cpu-map/cluster0/core0 is: - |\s
      # a GIC with the virtual interfaces that our board has where it has EL2
      arm,cortex-a15-gic@8000000 windows: [0x8000000..0x800ffff, 0x8010000..0x801ffff] | [0x8000000..0x8000fff, 0x8010000..0x8011fff, \
      0x8030000..0x8030fff, 0x8040000..0x8041fff]
      # QEMU's frame says its interrupts in the table, ours in MSI_TYPER
      arm,gic-v2m-frame@8020000 arm,msi-base-spi: - | 00000050
      arm,gic-v2m-frame@8020000 arm,msi-num-spis: - | 00000040
      # QEMU's power button is at a device of its own for events
      /gpio-keys/poweroff gpios: arm,pl061@9030000 3 0 | -
      /gpio-keys/poweroff is:  | -
      /gpio-keys/poweroff label: 4750494f204b657920506f7765726f666600 | -
      /gpio-keys/poweroff linux,code: 00000074 | -
      arm,pl061@9030000 #gpio-cells: 00000002 | -
      arm,pl061@9030000 clock-names: 6170625f70636c6b00 | -
      arm,pl061@9030000 clocks: fixed-clock | -
      arm,pl061@9030000 gpio-controller: yes | -
      arm,pl061@9030000 interrupts: [[0, 7, 4]] | -
      arm,pl061@9030000 is: arm,pl061, arm,primecell | -
      arm,pl061@9030000 windows: [0x9030000..0x9030fff] | -
      gpio-keys is: gpio-keys | -
      # the same windows in another order
      pci-host-ecam-generic@4010000000 ranges: \
      010000000000000000000000000000003eff000000000000000100000200000000000000100000000000000010000000000000002eff00000300000000000080\
      0000000000000080000000000000008000000000 | \
      0200000000000000100000000000000010000000000000002eff0000010000000000000000000000000000003eff000000000000000100000300000000000080\
      0000000000000080000000000000008000000000
      """;

  private static List<String> lines(Stream<String> lines) {
    return lines.filter(line -> !line.startsWith("#")).sorted().toList();
  }

  /** Processors are of a kind that no table says. */
  private static Stream<String> processors(int count) {
    return IntStream.range(0, count).mapToObj(cpu -> "/cpus/cpu@" + cpu + " is: arm,cortex-a57 | arm,armv8");
  }

  private void isItselfAgain(BoardMachine machine, String... reasons) {
    Stream<String> expected = Stream.of(BOARD.lines(), OURS.lines(), processors(machine.cpus()), Stream.of(reasons).flatMap(String::lines))
        .flatMap(all -> all);
    assertEquals(lines(expected), TreeText.differences(TreeText.of(machine.platform()),
        TreeText.of(platform(again(machine.platform())))));
  }

  @Test
  void aBoardWithGic2IsItselfAgainButForWhatTablesCantSay() {
    isItselfAgain(new BoardMachine(2, List.of("gic=2", "pcie=ecam")), GIC_2, SIZES);
  }

  @Test
  void aBoardWithGic3ItsAndSmmuIsItselfAgainButForWhatTablesCantSay() {
    isItselfAgain(new BoardMachine(4, List.of("gic=3", "pcie=ecam", "its=on", "iommu=smmuv3")));
  }

  @Test
  void qemusTablesAreQemusMachine() throws IOException {
    for (String name : List.of("FACP", "APIC", "DBG2", "DSDT", "GTDT", "IORT", "MCFG", "PPTT", "SPCR")) {
      try (InputStream in = TopologyRoundTripTest.class.getResourceAsStream("bare/" + name + ".dat")) {
        Files.write(folder.resolve(name + ".dat"), in.readAllBytes());
      }
    }
    Imported imported = acpi().read(List.of(folder), MEMORY);
    // edges for virtio, as QEMU's own tree has it; its ACPI tables say levels
    Stream<String> virtio = IntStream.range(0, 32).mapToObj(slot -> "virtio,mmio@%x interrupts: [[0, %d, 1]] | [[0, %d, 4]]".formatted(
        0xa00_0000 + 0x200 * slot, 16 + slot, 16 + slot));
    assertEquals(lines(Stream.of(BOARD.lines(), GIC_2.lines(), QEMU.lines(), virtio, processors(1)).flatMap(all -> all)),
        TreeText.differences(TreeText.of(new BoardMachine(1, List.of("gic=2", "pcie=ecam")).platform()), TreeText.of(platform(imported))));
    assertEquals(List.of("\\_SB.COM0", "\\_SB.FWCF", "\\_SB.GED", "\\_SB.PWRB", "IORT, offset 0x48", "/cpus", "/memory@40000000"),
        imported.findings().stream().map(Finding::node).toList());
  }

  @Test
  void tablesOfABoardThatWasMadeOfTablesAreThoseTables() {
    for (BoardMachine machine : BoardMachine.VIRT) {
      // ACPI has no configuration space of 256 bytes, and no clocks and windows of X-Gene
      if (machine.requests().stream().noneMatch(List.of("pcie=cam", "pcie=xgene")::contains)) {
        assertEquals(machine.tables().set(), InstalledParts.describer().describe(platform(again(machine.platform())), BoardMachine.MAKER,
            OptionalLong.empty()).tables(), machine.toString());
      }
    }
  }

  @Test
  void aBridgeThatIsKnownByItsMakerIsOfThatKindAgain() {
    Imported imported = again(new BoardMachine(2, List.of("gic=2", "pcie=xgene")).platform());
    PlatformNode bridge = platform(imported).nodes().stream().filter(node -> node.isCompatible("apm,xgene-pcie")).findFirst().orElseThrow();
    assertEquals(List.of(new AddressWindow(0xb00_0000L, 0x1_0000), new AddressWindow(0x40_1000_0000L, 0x4_0000)), bridge.windows());
    assertEquals(List.of("tables say neither the clock of an X-Gene bridge nor where memory is on its bus"),
        imported.findings().stream().filter(each -> each.node().equals("\\_SB.PCI0")).map(Finding::what).toList());
  }

  @Test
  void acpidumpsTextIsReadAsItsFilesAre() throws IOException {
    BoardMachine machine = BoardMachine.VIRT.getFirst();
    Imported files = again(machine.platform());
    StringBuilder text = new StringBuilder();
    for (AcpiTable table : InstalledParts.describer().describe(machine.platform(), AcpiDescriber.BOARD, OptionalLong.empty()).tables()
        .tables()) {
      text.append(table.signature()).append(" @ 0x0000000000000000\n");
      byte[] bytes = table.bytes();
      for (int at = 0; at < bytes.length; at += 16) {
        byte[] row = Arrays.copyOfRange(bytes, at, Math.min(at + 16, bytes.length));
        text.append("    %04X: %-48s  %s\n".formatted(at, HexFormat.ofDelimiter(" ").withUpperCase().formatHex(row),
            new String(row, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", ".")));
      }
      text.append('\n');
    }
    Path dump = Files.writeString(folder.resolve("machine.txt"), text);
    Imported read = acpi().read(List.of(dump), MEMORY);
    // the order of tables differs, and so may that of findings
    assertEquals(TreeText.of(platform(files)), TreeText.of(platform(read)));
    assertEquals(Set.copyOf(files.findings()), Set.copyOf(read.findings()));
  }

  @Test
  void whatABoardHasAndTablesCantSayIsNamed() {
    List<Finding> lost = acpi().write(new BoardMachine(1, List.of("gic=2", "pcie=cam", "flash=cfi")).platform(), folder);
    assertEquals(List.of("/apb-pclk", "/pl031@9010000", "/flash@0", "/pcie@10000000"), lost.stream().map(Finding::node).toList());
    assertTrue(lost.stream().allMatch(each -> !each.what().isEmpty() && !each.remedy().isEmpty()), lost.toString());
  }
}
