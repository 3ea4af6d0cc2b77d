// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.GuestDump;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * The same kernel, initrd, command line and device tree on our machine and on QEMU's: the guest sees the same, but for what
 * {@code explained-differences.txt} says.
 */
@FullLane
class QemuComparisonTest {
  private static final String WORDS = Boot.SHORT + " xl.dump";

  @TempDir
  private static Path work;

  private static final List<Pair> pairs = new ArrayList<>();

  /** One guest on both machines. */
  private record Pair(String name, Boot ours, GuestDump here, GuestDump qemu) {}

  @BeforeAll
  static void bootOnBoth() throws InterruptedException {
    // The default lane leaves the small machine to the full one.
    for (int[] machine : Lane.full() ? new int[][] {{2, 1}, {3, 4}} : new int[][] {{3, 4}}) {
      pairs.add(boot(machine[0], machine[1]));
    }
  }

  private static Pair boot(int gic, int cpus) throws InterruptedException {
    String name = "gic" + gic + "-cpus" + cpus;
    Path platform = work.resolve(name + ".platform");
    Path tree = work.resolve(name + ".dtb");
    // Our blank flash is between our parts only: QEMU's guest would be shown its node.
    Product.run("topology", "import", "virt", platform, "--gic", gic, "--cpus", cpus, "--option", "flash=none").expect(0);
    Product.run("topology", "export", platform, tree).expect(0);
    DebianParts debian = DebianParts.fetched();
    // no --until: the run ends when the guest powers off
    Boot ours = Boot.run(work, name, 0, tree, "--guest", "debian", "--append", WORDS);
    // the real-time clock of our machine starts at this date unless told otherwise
    try (Program qemu = TestTools.start("qemu-system-aarch64", "-M", "virt,gic-version=" + gic, "-cpu", "cortex-a57", "-m", 512,
        "-smp", cpus, "-nographic", "-no-reboot", "-net", "none", "-rtc", "base=2026-01-01T00:00:00,clock=vm", "-dtb", tree,
        "-kernel", debian.kernel(), "-initrd", debian.initrd(), "-append", debian.commandLine() + " " + WORDS)) {
      Outcome theirs = qemu.await(Product.LONG).expect(0).outHas("XENOLITH-DONE");
      return new Pair(name, ours, new GuestDump(ours.outcome().out()), new GuestDump(theirs.out()));
    }
  }

  @Test
  void theGuestPowersOffWithoutAComplaint() {
    for (Pair pair : pairs) {
      assertEquals("poweroff", pair.ours.report().outcome(), pair.name);
      assertEquals(0, pair.ours.report().number("unmodelledAccesses"), pair.name);
      pair.ours.outcome().outHas("XENOLITH-DONE").outHas("reboot: Power down");
      LogLines.assertNoComplaint(pair.ours.outcome().out());
      // The board's seed is there and of use; the kernel then isolates its page tables.
      pair.ours.outcome().outHas("KASLR enabled").outHas("CPU features: detected: Kernel page table isolation \\(KPTI\\)");
      LogLines.assertNoComplaint(String.join("\n", pair.here.block("dmesg")));
      assertTrue(!pair.ours.outcome().out().contains("XENOLITH-ERROR"), pair.ours.outcome()::toString);
    }
  }

  @Test
  void theKernelLogAndTheMemoryMapDifferOnlyAsExplained() {
    Explanations explanations = Explanations.read();
    Map<String, List<String>> left = new TreeMap<>();
    for (Pair pair : pairs) {
      compare(left, pair, "log", "dmesg", LogLines::withoutStamps, explanations);
      compare(left, pair, "iomem", "iomem", LogLines::joined, explanations);
    }
    assertEquals("", text(left));
    if (Lane.full()) { // some explain what only one of the machines has
      assertEquals(List.of(), explanations.stale(), "explanations that explain nothing any more");
    }
  }

  @Test
  void interruptsAndCpusAreTheSameApartFromCounts() {
    Map<String, List<String>> left = new TreeMap<>();
    Explanations none = new Explanations(List.of());
    for (Pair pair : pairs) {
      compare(left, pair, "interrupts", "interrupts", QemuComparisonTest::withoutCounts, none);
      compare(left, pair, "cpuinfo", "cpuinfo", UnaryOperator.identity(), none);
      compare(left, pair, "platform", "platform", UnaryOperator.identity(), none);
      compare(left, pair, "clocksource", "clocksource", UnaryOperator.identity(), none);
    }
    assertEquals("", text(left));
  }

  private static void compare(Map<String, List<String>> left, Pair pair, String topic, String block,
      UnaryOperator<List<String>> prepared, Explanations explanations) {
    List<String> here = prepared.apply(pair.here.block(block));
    assertTrue(here.size() > 1, pair.name + ": the guest's '" + block + "' is empty");
    List<String> unexplained = Difference.unexplained(topic, here, prepared.apply(pair.qemu.block(block)), explanations);
    if (!unexplained.isEmpty()) {
      left.put(pair.name + " " + block, unexplained);
    }
  }

  /** {@code /proc/interrupts}: the columns of counts behind the first colon are left out. */
  private static List<String> withoutCounts(List<String> lines) {
    return lines.stream().map(line -> line.replaceFirst("^(\\s*\\w+:)(\\s+\\d+)+", "$1").replaceAll("\\s+", " ").strip()).toList();
  }

  private static String text(Map<String, List<String>> left) {
    StringBuilder text = new StringBuilder();
    left.forEach((what, lines) -> text.append(what).append(":\n  ").append(String.join("\n  ", lines)).append('\n'));
    return text.toString();
  }
}
