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
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.GuestDump;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.XenHypervisor;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * The same Debian kernel as Dom0 of our hypervisor and of Debian's Xen, both on our machine: the kernel sees the same, but for
 * what {@code explained-differences-dom0.txt} says. The full lane has both interrupt controllers with one, two and four CPUs, and RAM
 * above and below 4 GiB; the default lane the ends of that.
 */
@FullLane
@Order(2)
class Dom0ComparisonTest {
  private static final String WORDS = Boot.SHORT + " xl.dump";
  /** Why Xen doesn't scrub, {@code explained-differences-dom0.txt} says. */
  private static final String XEN_WORDS = "dom0_mem=384M bootscrub=0";
  private static final String TREE = "/sys/firmware/fdt";

  @TempDir
  private static Path work;

  private static final List<Pair> pairs = new ArrayList<>();

  /** What both hypervisors run on. */
  private record Machine(int gic, int cpus, String memory) {}

  /** One Dom0 on both hypervisors. */
  private record Pair(String name, int cpus, Boot ours, GuestDump here, GuestDump xen) {}

  @BeforeAll
  static void bootOnBoth() throws InterruptedException {
    List<Machine> machines = new ArrayList<>(List.of(new Machine(2, 1, "1G"), new Machine(3, 4, "2G")));
    if (Lane.full()) {
      machines.addAll(List.of(new Machine(3, 1, "1G"), new Machine(2, 2, "1G"), new Machine(3, 2, "6G"), new Machine(2, 4, "1G"),
          new Machine(3, 4, "1G")));
    }
    for (Machine machine : machines) {
      pairs.add(boot(machine));
    }
  }

  private static Pair boot(Machine machine) throws InterruptedException {
    int gic = machine.gic;
    int cpus = machine.cpus;
    String name = machine.toString();
    DebianParts debian = DebianParts.fetched();
    String line = debian.commandLine().replaceFirst("console=ttyAMA0", "console=hvc0") + " " + WORDS;
    // Debian's Xen knows no ITS and takes it out of Dom0's tree; ours gives Dom0 a virtual one.
    Boot ours = Boot.run(work, name, 0, "--hypervisor", "--set", "/xenolith-hypervisor:strict-xen=true", "--gic", gic, "--option",
        "its=off", "--cpus", cpus, "--memory", machine.memory,
        "--kernel", debian.kernel(), "--initrd", debian.initrd(), "--append", line);
    Outcome theirs = Boot.run(work, "xen-" + name, 0, "--el2", "--gic", gic, "--option", "its=off", "--cpus", cpus, "--memory",
        machine.memory,
        "--kernel", XenHypervisor.fetched(), "--append", XEN_WORDS, "--module", "kernel=" + debian.kernel() + "," + line, "--module",
        "ramdisk=" + debian.initrd()).outcome();
    theirs.outHas("XENOLITH-DONE");
    return new Pair(name, cpus, ours, new GuestDump(ours.outcome().out()), new GuestDump(theirs.out()));
  }

  @Test
  void dom0FindsXenAndPowersOffWithoutAComplaint() {
    for (Pair pair : pairs) {
      assertEquals("poweroff", pair.ours.report().outcome(), pair.name);
      assertEquals(0, pair.ours.report().number("unmodelledAccesses"), pair.name);
      pair.ours.outcome().outHas("Xen 4.17 support found").outHas("Grant table initialized")
          .outHas("xen:events: Using FIFO-based ABI").outHas("console \\[hvc0\\] enabled").outHas("XENOLITH-DONE")
          .outHas("SMP: Total of " + pair.cpus + " processors activated");
      LogLines.assertNoComplaint(pair.ours.outcome().out());
    }
  }

  @Test
  void theKernelLogAndWhatItShowsDifferOnlyAsExplained() {
    Explanations explanations = Explanations.read("explained-differences-dom0.txt");
    Map<String, List<String>> left = new TreeMap<>();
    for (Pair pair : pairs) {
      compare(left, pair, "log", "dmesg", LogLines::withoutStamps, explanations);
      compare(left, pair, "interrupts", "interrupts", Dom0ComparisonTest::withoutCounts, explanations);
      compare(left, pair, "iomem", "iomem", LogLines::joined, explanations);
      for (String block : List.of("cpuinfo", "hypervisor", "xenbus", "platform", "clocksource", "modaliases")) {
        compare(left, pair, block, block, UnaryOperator.identity(), explanations);
      }
    }
    StringBuilder text = new StringBuilder();
    left.forEach((what, lines) -> text.append(what).append(":\n  ").append(String.join("\n  ", lines)).append('\n'));
    assertEquals("", text.toString());
    assertEquals(List.of(), explanations.stale(), "explanations that explain nothing any more");
  }

  @Test
  void theDeviceTreeIsXens() {
    for (Pair pair : pairs) {
      Fdt here = FdtReader.read(pair.here.file(TREE));
      // These two say how Xen was given Dom0's kernel and ramdisk, as modules below /chosen; we aren't given them so.
      Fdt xen = FdtReader.read(pair.xen.file(TREE)).edit("/chosen",
          chosen -> chosen.withoutProperty("#address-cells").withoutProperty("#size-cells"));
      assertEquals(FdtWriter.write(xen).length, FdtWriter.write(here).length, pair.name);
      assertEquals(xen.root(), here.root(), pair.name);
    }
  }

  private static void compare(Map<String, List<String>> left, Pair pair, String topic, String block,
      UnaryOperator<List<String>> prepared, Explanations explanations) {
    List<String> here = prepared.apply(pair.here.block(block));
    assertTrue(!here.isEmpty(), pair.name + ": the guest's '" + block + "' is empty");
    List<String> unexplained = Difference.unexplained(topic, here, prepared.apply(pair.xen.block(block)), explanations);
    if (!unexplained.isEmpty()) {
      left.put(pair.name + " " + block, unexplained);
    }
  }

  /** {@code /proc/interrupts}: the columns of counts behind the first colon are left out. */
  private static List<String> withoutCounts(List<String> lines) {
    return lines.stream().map(line -> line.replaceFirst("^(\\s*\\w+:)(\\s+\\d+)+", "$1").replaceAll("\\s+", " ").strip()).toList();
  }
}
