// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/**
 * Debian's amd64 kernel for virtual machines, entered by its PVH note on our PC and on QEMU's {@code microvm}, which is one without legacy devices, too, with a processor
 * of the same features: the guest sees the same, but for what {@code explained-differences-pc.txt} says.
 */
@FullLane
class PcComparisonTest {
  private static final String WORDS = Boot.SHORT + " xl.dump";
  /** QEMU's microvm has no timer to calibrate the time-stamp counter by, its CPUID doesn't say the frequency, and it counts the host's time. */
  private static final String COUNTER = " tsc_early_khz=1000000 tsc=reliable";
  /** What our processor has, as far as QEMU executes it without a hypervisor of the host's. */
  private static final String PROCESSOR = "base,vendor=GenuineIntel,family=6,model=254,stepping=0,level=13,xlevel=0x80000008,phys-bits=40,"
      + "model-id=Xenolith x86-64 processor,+fpu,+de,+pse,+tsc,+msr,+pae,+mce,+cx8,+apic,+sep,+mtrr,+pge,+mca,+cmov,+pat,+pse36,+clflush,+mmx,+fxsr,"
      + "+sse,+sse2,+syscall,+nx,+pdpe1gb,+rdtscp,+lm,+pni,+pclmulqdq,+ssse3,+cx16,+sse4.1,+sse4.2,+movbe,+popcnt,+aes,+xsave,+rdrand,+lahf-lm,+abm,"
      + "+fsgsbase,+smep,+adx,+smap,+clflushopt,+clwb,+xsaveopt,+xgetbv1,+arat,+umip,+pku,+pks";

  @TempDir
  private static Path work;

  private static final List<Pair> pairs = new ArrayList<>();

  /** One guest on both machines. */
  private record Pair(String name, Boot ours, GuestDump here, GuestDump qemu) {}

  @BeforeAll
  static void bootOnBoth() throws InterruptedException, IOException {
    Product.run("guests", "fetch", "debian-amd64-cloud", "--to", work.resolve("guest")).expect(0);
    Path kernel = KernelPayload.unpack(work.resolve("guest/Image"), work.resolve("vmlinux"));
    for (int cpus : new int[] {1, 4}) {
      String name = "cpus" + cpus;
      Boot ours = Boot.run(work, name, 0, "pc-pvh", "--cpus", cpus, "--memory", "512M", "--append", WORDS);
      try (Program qemu = TestTools.start("qemu-system-x86_64", "-M", "microvm,acpi=on,rtc=on,pit=off,pic=off,isa-serial=on", "-cpu",
          PROCESSOR, "-m", 512, "-smp", cpus, "-nodefaults", "-nographic", "-serial", "stdio", "-no-reboot", "-rtc",
          "base=2026-01-01T00:00:00,clock=vm", "-kernel", kernel, "-initrd", work.resolve("guest/initrd"), "-append",
          "console=ttyS0 panic=-1 " + WORDS + COUNTER)) {
        Outcome theirs = qemu.await(Product.LONG).expect(0).outHas("XENOLITH-DONE");
        pairs.add(new Pair(name, ours, new GuestDump(ours.outcome().out()), new GuestDump(theirs.out())));
      }
    }
  }

  @Test
  void theGuestPowersOffWithoutAComplaint() {
    for (Pair pair : pairs) {
      assertEquals("poweroff", pair.ours.report().outcome(), pair.name);
      pair.ours.outcome().outHas("XENOLITH-DONE").outHas("reboot: Power down");
      LogLines.assertNoComplaint(pair.ours.outcome().out());
      LogLines.assertNoComplaint(String.join("\n", pair.here.block("dmesg")));
      assertTrue(!pair.ours.outcome().out().contains("XENOLITH-ERROR"), pair.ours.outcome()::toString);
    }
  }

  @Test
  void whatTheGuestSeesDiffersOnlyAsExplained() {
    Explanations explanations = Explanations.read("explained-differences-pc.txt");
    Map<String, List<String>> left = new TreeMap<>();
    for (Pair pair : pairs) {
      compare(left, pair, "log", "dmesg", LogLines::withoutStamps, explanations);
      compare(left, pair, "iomem", "iomem", UnaryOperator.identity(), explanations);
      compare(left, pair, "ioports", "ioports", UnaryOperator.identity(), explanations);
      compare(left, pair, "interrupts", "interrupts", PcComparisonTest::withoutCounts, explanations);
      compare(left, pair, "cpuinfo", "cpuinfo", PcComparisonTest::wordByWord, explanations);
      compare(left, pair, "clocksource", "clocksource", UnaryOperator.identity(), explanations);
    }
    StringBuilder text = new StringBuilder();
    left.forEach((what, lines) -> text.append(what).append(":\n  ").append(String.join("\n  ", lines)).append('\n'));
    assertEquals("", text.toString());
    assertEquals(List.of(), explanations.stale(), "explanations that explain nothing any more");
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

  /** {@code /proc/cpuinfo}: each feature and each bug has a line. */
  private static List<String> wordByWord(List<String> lines) {
    return lines.stream().flatMap(line -> line.matches("(flags|bugs)\\s*:.*") ? Stream.of(line.replaceFirst(".*: ", "").split(" ")).map(
        word -> line.substring(0, 4) + " " + word) : Stream.of(line.replaceAll("\\s+", " "))).toList();
  }

  /** {@code /proc/interrupts}: the columns of counts behind the first colon are left out. */
  private static List<String> withoutCounts(List<String> lines) {
    return lines.stream().map(line -> line.replaceFirst("^(\\s*\\w+:)(\\s+\\d+)+", "$1").replaceAll("\\s+", " ").strip()).toList();
  }
}
