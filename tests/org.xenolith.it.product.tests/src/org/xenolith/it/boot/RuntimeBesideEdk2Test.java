// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.efi.DifferenceTable;
import org.xenolith.testkit.efi.RuntimeCases;
import org.xenolith.testkit.efi.RuntimeFacts;

/** Every runtime service, called by a program on firmware of our own and on AAVMF, on the same machine: what differs is what the page explains. */
@FullLane
class RuntimeBesideEdk2Test {
  private static final Duration LONG = Duration.ofMinutes(8);
  private static final Path PAGE = Product.root().resolve("docs/reference/efi-beside-edk2.md");
  private static final long UART = 0x900_0000;
  private static final int COLD = 0;
  private static final int WARM = 1;
  private static final int SHUTDOWN = 2;

  @TempDir
  Path work;

  /** A disk from which firmware starts a program by itself. */
  private Path disk(String name, byte[] program) throws Exception {
    Path disk = work.resolve(name + ".img");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(8 << 20);
    }
    TestTools.run("mformat", "-i", disk, "-v", "XENOLITH", "::").expect(0);
    TestTools.run("mmd", "-i", disk, "::/EFI", "::/EFI/BOOT").expect(0);
    TestTools.run("mcopy", "-i", disk, Files.write(work.resolve(name + ".efi"), program), "::/EFI/BOOT/BOOTAA64.EFI").expect(0);
    return disk;
  }

  /** What a program tells on a board until the machine ends as it should. */
  private String told(String firmware, Path disk, String end) throws Exception {
    Path scenario = Files.writeString(work.resolve(firmware + "-" + end + ".scenario"), """
        description: A program that calls runtime services.
        platform: {board: virt, cpus: 1, memory: 512M, gic: 3, firmware: %s}
        disks: [{image: %s}]
        limit: {virtual: 200s, host: 4min}
        steps:
          - expect: '%s'
          - end: %s
        """.formatted(firmware, disk, RuntimeFacts.END, end));
    try (Program program = Product.start("run", scenario, "--console")) {
      return program.await(LONG).expect(0).out();
    }
  }

  @Test
  void answersDifferAsThePageSays() throws Exception {
    Path disk = disk("cases", RuntimeCases.program(UART, SHUTDOWN));
    Set<String> ours = RuntimeFacts.of(told("xenolith", disk, "poweroff"));
    Set<String> edk2 = RuntimeFacts.of(told("aavmf", disk, "poweroff"));
    assertTrue(ours.stream().filter(edk2::contains).count() > 100, () -> ours + "\n" + edk2);
    assertEquals(List.of(), DifferenceTable.of(Files.readString(PAGE), "Runtime services of a board").mistakes(ours, edk2));
  }

  @Test
  void bothResetTheMachine() throws Exception {
    for (int type : new int[] {COLD, WARM}) {
      Path disk = disk("reset-" + type, RuntimeCases.reset(UART, type));
      for (String firmware : new String[] {"xenolith", "aavmf"}) {
        assertTrue(told(firmware, disk, "reset").contains(RuntimeFacts.END), () -> firmware + ", type " + type);
      }
    }
  }
}
