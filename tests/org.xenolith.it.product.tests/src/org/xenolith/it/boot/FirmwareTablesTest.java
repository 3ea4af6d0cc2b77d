// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.GuestDump;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/**
 * What Debian's kernel finds as ACPI tables when AAVMF has made them of our files, beside what it finds on QEMU's {@code virt}: the same, but
 * for what {@code explained-differences-acpi.txt} says. QEMU's are those of the conformance tests.
 */
@FullLane
class FirmwareTablesTest {
  private static final List<String> OURS = List.of("APIC", "DBG2", "DSDT", "FACP", "GTDT", "MCFG", "PPTT", "SPCR");
  private static final String QEMU = "tests/org.xenolith.conformance.acpi.tests/src/org/xenolith/conformance/acpi/bare";
  /** What names the maker of a table, or follows from the rest. */
  private static final Pattern MAKER = Pattern.compile("^\\w{4}\\.(LENGTH|CHECKSUM|(OEM|OEM_TABLE|CREATOR)_ID|(OEM|CREATOR)_REVISION) = ");
  private static final Pattern TRANSPORT = Pattern.compile("(?<=^\\\\_SB\\.VR)\\d\\d");
  private static final Pattern LINK = Pattern.compile("GSI(\\d), 0x0(?=})");
  private static final int FIRST_PIN = 35;

  @TempDir
  private static Path work;

  private static Path kernels;

  @BeforeAll
  static void boot() throws InterruptedException, IOException {
    Boot boot = Boot.run(work, "boot", 0, "--firmware", "aavmf", "--gic", 2, "--board", "virt", "--option", "pcie=ecam", "--guest",
        "debian",
        "--append", Boot.SHORT + " xl.dump");
    GuestDump dump = new GuestDump(boot.outcome().out());
    kernels = Files.createDirectories(work.resolve("ours"));
    for (String table : OURS) {
      Files.write(kernels.resolve(table.toLowerCase(Locale.ROOT) + ".dat"), dump.file("/sys/firmware/acpi/tables/" + table));
    }
  }

  private static Stream<String> lines(Path tables) throws InterruptedException {
    return Product.run("acpi", "dump", tables).expect(0).out().lines().filter(line -> !MAKER.matcher(line).find());
  }

  /** QEMU counts the transports in tens; it names interrupts of PCI by link devices, of which each has one. */
  private static String inOurWords(String line) {
    String named = TRANSPORT.matcher(line).replaceFirst(number -> "%02X".formatted(Integer.parseInt(number.group())));
    return LINK.matcher(named).replaceAll(FirmwareTablesTest::interrupt).replace("_PRT = var_package", "_PRT = package");
  }

  private static String interrupt(MatchResult link) {
    return "0x0, 0x" + Integer.toHexString(FIRST_PIN + Integer.parseInt(link.group(1)));
  }

  @Test
  void theKernelsTablesDifferFromThoseOnQemuOnlyAsExplained() throws Exception {
    Explanations explanations = Explanations.read("explained-differences-acpi.txt");
    List<String> ours = lines(kernels).sorted().toList();
    List<String> qemu = lines(Product.root().resolve(QEMU)).map(FirmwareTablesTest::inOurWords).sorted().toList();
    assertFalse(ours.isEmpty());
    assertEquals(List.of(), Difference.unexplained("acpi", ours, qemu, explanations));
    assertEquals(List.of(), explanations.stale(), "explanations that explain nothing any more");
  }

  @Test
  void theKernelHasNothingAgainstThem() throws Exception {
    Product.run("acpi", "check", kernels).expect(0).outHas("^" + OURS.size() + " tables, 0 faults");
  }
}
