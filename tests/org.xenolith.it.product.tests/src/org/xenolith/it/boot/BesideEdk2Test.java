// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Edk2;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.Lane;
import org.xenolith.testkit.efi.DifferenceTable;
import org.xenolith.testkit.efi.ShellFacts;

/**
 * edk2's Shell on firmware of our own and on AAVMF, on the same machine: what differs is what {@code docs/reference/efi-beside-edk2.md} says, with the
 * reason, and nothing else. Full lane: edk2 is built.
 */
class BesideEdk2Test {
  private static final Duration LONG = Duration.ofMinutes(8);
  private static final Path PAGE = Product.root().resolve("docs/reference/efi-beside-edk2.md");

  @TempDir
  private static Path work;

  /** A disk from which firmware starts the Shell by itself, with a script. */
  private static Path disk() throws Exception {
    Path disk = work.resolve("shell.img");
    if (!Files.exists(disk)) {
      try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
        file.setLength(32 << 20);
      }
      Path script = Files.writeString(work.resolve("startup.nsh"), "@echo -off\r\nfor %a run (1 3)\r\n  echo round %a\r\nendfor\r\n");
      TestTools.run("mformat", "-i", disk, "-v", "XENOLITH", "::").expect(0);
      TestTools.run("mmd", "-i", disk, "::/EFI", "::/EFI/BOOT").expect(0);
      TestTools.run("mcopy", "-i", disk, Edk2.built().resolve("Shell.efi"), "::/EFI/BOOT/BOOTAA64.EFI").expect(0);
      TestTools.run("mcopy", "-i", disk, script, "::/").expect(0);
    }
    return disk;
  }

  private static String answers(String name, String text) throws Exception {
    Path scenario = Files.writeString(work.resolve(name + ".scenario"), text);
    try (Program program = Product.start("run", scenario, "--console")) {
      return program.await(LONG).expect(0).out();
    }
  }

  /** A script runs before the Shell asks. */
  private static String steps() {
    return Stream.concat(ShellFacts.COMMANDS.stream(), Stream.of("drivers", "devtree", "connect -r", "reset -s")).map(
        each -> "  - expect: '%s$'\n  - type: \"%s\\r\"\n".formatted(ShellFacts.PROMPT, each)).collect(Collectors.joining("",
            "  - expect: 'round 3'\n", "  - end: poweroff\n"));
  }

  private static Set<String> board(String firmware) throws Exception {
    Path blank = Files.write(work.resolve("blank.img"), new byte[16 << 20]);
    return ShellFacts.of(answers("board-" + firmware, """
        description: The Shell's view of a machine.
        platform: {board: virt, cpus: 1, memory: 512M, gic: 3, pcie: ecam, rng: '', firmware: %s, pci: [1.0=virtio, 2.0=root-port, 2.0/0.0=nvme]}
        disks: [{image: %s}, {image: %s, drive: scsi, pci: '1.0'}, {image: %s, pci: 2.0/0.0}]
        limit: {virtual: 200s, host: 4min}
        steps:
        """.formatted(firmware, disk(), DebianDisk.in(work), blank) + steps()));
  }

  @TestFactory
  List<DynamicTest> differencesAreThoseThatThePageExplains() {
    return Lane.onlyFull(dynamicTest("a board, beside AAVMF", () -> {
      Set<String> ours = board("xenolith");
      Set<String> edk2 = board("aavmf");
      assertTrue(ours.stream().filter(edk2::contains).count() > 30, () -> ours + "\n" + edk2);
      assertEquals(List.of(), DifferenceTable.of(Files.readString(PAGE), "A board").mistakes(ours, edk2));
    }));
  }
}
