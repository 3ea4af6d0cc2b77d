// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.GuestDump;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/**
 * Debian's amd64 kernel as the hardware domain of our hypervisor on our PC, with as much memory as the recorded PVH Dom0 of Debian's Xen on QEMU's q35 ({@code xen-pvh-dom0.txt}): the kernel sees the
 * same, but for what {@code explained-differences-pvh-dom0.txt} says.
 */
@FullLane
class PvhDom0ComparisonTest {
  private static final String TABLES = "/sys/firmware/acpi/tables/";
  /** Of an ACPI table. */
  private static final int HEADER = 36;
  /** Of a MADT, up to its structures. */
  private static final int MADT_HEADER = 44;

  @TempDir
  private static Path work;

  private static Boot ours;
  private static GuestDump here;
  private static GuestDump xen;

  @BeforeAll
  static void boot() throws InterruptedException, IOException {
    Path guest = work.resolve("guest");
    Product.run("guests", "fetch", "debian-amd64", "--to", guest).expect(0);
    ours = Boot.run(work, "dom0", 0, "pc-pvh", "--hypervisor", "--set", "/xenolith-hypervisor:strict-xen=true", "--memory", "1G",
        "--dom0-memory", "600M", "--pcie", "ecam", "--kernel", guest.resolve("Image"), "--initrd", guest.resolve("initrd"), "--append",
        "console=hvc0 earlyprintk=xen panic=-1 xl.dump");
    here = new GuestDump(ours.outcome().out());
    try (InputStream in = PvhDom0ComparisonTest.class.getResourceAsStream("xen-pvh-dom0.txt")) {
      xen = new GuestDump(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void dom0PowersOffWithoutAComplaint() {
    assertEquals("poweroff", ours.report().outcome());
    ours.outcome().outHas("XENOLITH-DONE").outHas("reboot: Power down");
    LogLines.assertNoComplaint(ours.outcome().out());
    assertFalse(ours.outcome().out().contains("XENOLITH-ERROR"), ours.outcome()::toString);
  }

  @Test
  void whatDom0SeesDiffersOnlyAsExplained() {
    Explanations explanations = Explanations.read("explained-differences-pvh-dom0.txt");
    Map<String, List<String>> left = new TreeMap<>();
    compare(left, "log", "dmesg", LogLines::withoutStamps, explanations);
    compare(left, "interrupts", "interrupts", PvhDom0ComparisonTest::withoutCounts, explanations);
    compare(left, "cpuinfo", "cpuinfo", PvhDom0ComparisonTest::wordByWord, explanations);
    compare(left, "platform", "platform", PvhDom0ComparisonTest::nameByName, explanations);
    compare(left, "hypervisor", "hypervisor", PvhDom0ComparisonTest::printable, explanations);
    compare(left, "ioports", "ioports", lines -> lines.stream().map(String::strip).toList(), explanations);
    for (String block : List.of("iomem", "xenbus", "pci", "clocksource")) {
      compare(left, block, block, UnaryOperator.identity(), explanations);
    }
    unexplained(left, "madt", madt(here), madt(xen), explanations);
    unexplained(left, "mcfg", body(here, "MCFG", HEADER), body(xen, "MCFG", HEADER), explanations);
    StringBuilder text = new StringBuilder();
    left.forEach((what, lines) -> text.append(what).append(":\n  ").append(String.join("\n  ", lines)).append('\n'));
    assertEquals("", text.toString());
    assertEquals(List.of(), explanations.stale(), "explanations that explain nothing any more");
  }

  private static void compare(Map<String, List<String>> left, String topic, String block, UnaryOperator<List<String>> prepared,
      Explanations explanations) {
    unexplained(left, topic, lines(here, block, prepared), lines(xen, block, prepared), explanations);
  }

  private static List<String> lines(GuestDump dump, String block, UnaryOperator<List<String>> prepared) {
    return prepared.apply(dump.block(block)).stream().filter(line -> !line.isBlank()).toList();
  }

  private static void unexplained(Map<String, List<String>> left, String topic, List<String> ours, List<String> theirs,
      Explanations explanations) {
    List<String> unexplained = Difference.unexplained(topic, ours, theirs, explanations);
    if (!unexplained.isEmpty()) {
      left.put(topic, unexplained);
    }
  }

  /** The address of local APICs with the flags, then each structure: type, length and the rest in hexadecimal digits (ACPI 6.5, 5.2.12). */
  private static List<String> madt(GuestDump dump) {
    byte[] bytes = dump.file(TABLES + "APIC");
    List<String> lines = new ArrayList<>(List.of(HexFormat.of().formatHex(bytes, HEADER, MADT_HEADER)));
    for (int at = MADT_HEADER; at < bytes.length; at += bytes[at + 1]) {
      lines.add(HexFormat.of().formatHex(bytes, at, at + bytes[at + 1]));
    }
    return lines;
  }

  private static List<String> body(GuestDump dump, String table, int from) {
    byte[] bytes = dump.file(TABLES + table);
    return List.of(HexFormat.of().formatHex(bytes, from, bytes.length));
  }

  /** {@code /proc/cpuinfo}: each feature and each bug has a line. */
  private static List<String> wordByWord(List<String> lines) {
    return lines.stream().flatMap(line -> line.matches("(flags|bugs)\\s*:.*") ? Stream.of(line.replaceFirst(".*: ", "").split(" ")).map(
        word -> line.substring(0, 4) + " " + word).sorted() : Stream.of(line.replaceAll("\\s+", " ").strip())).toList();
  }

  /** The build ID is bytes. */
  private static List<String> printable(List<String> lines) {
    return lines.stream().map(line -> line.replaceAll("\\p{Cntrl}", "")).toList();
  }

  /** Columns of names: each has a line. */
  private static List<String> nameByName(List<String> lines) {
    List<String> names = new ArrayList<>();
    String folder = "";
    for (String line : lines) {
      if (line.startsWith("/")) {
        folder = line;
      } else if (!line.isBlank()) {
        for (String name : line.startsWith("ls:") ? new String[] {line} : line.strip().split("\\s+")) {
          names.add(folder + name);
        }
      }
    }
    return names.stream().sorted().toList();
  }

  /** {@code /proc/interrupts}: the columns of counts behind the first colon are left out. */
  private static List<String> withoutCounts(List<String> lines) {
    return lines.stream().map(line -> line.replaceFirst("^(\\s*\\w+:)(\\s+\\d+)+", "$1").replaceAll("\\s+", " ").strip()).toList();
  }
}
