// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.LogLines;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** Debian's own perf, unmodified, counts and samples programs of which every instruction is known. */
@FullLane
class PerformanceTest {
  private static final int ROUNDS = 1_000_000;
  /** Two instructions that set the counter, two in each round, three that end it. */
  private static final int INSTRUCTIONS = 2 + 2 * ROUNDS + 3;
  private static final int PERIOD = 10_000;
  /** {@code movz x8, #93}, exit; {@code svc #0}. */
  private static final int EXIT = 0xD280_0BA8;
  private static final int SVC = 0xD400_0001;
  private static final long BASE = 0x40_0000;
  private static final int HEADERS = 64 + 56;

  private static final String SCRIPT = """
            perf stat -x , -e instructions:u -e branches:u -e r0d:u -e r21:u -e r0e:u -e cycles:u /root/loop
            perf stat -x , -e instructions:k -e branches:k -e r09:u -e r0a:k -e branch-misses /root/loop
            perf stat -x , -e instructions:u -e instructions /root/loop
            perf stat /bin/busybox true
            perf record -o /tmp/exact -e instructions:u -c 10000 /root/loop
            perf script -i /tmp/exact -F ip,period,event 2>/dev/null | busybox sort | busybox uniq -c
            perf record -o /tmp/time /root/loop
            perf report -i /tmp/time --stdio -s comm,dso 2>/dev/null
            busybox grep arm-pmu /proc/interrupts
            /root/cycles
            echo cycles at EL0: $?
            """;

  @TempDir
  private Path work;

  /** A program of nothing but these instructions, which the kernel starts at the first. */
  private Path program(String name, int... words) throws IOException {
    int size = HEADERS + 4 * words.length;
    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}).putShort((short) 2).putShort((short) 183)
        .putInt(1).putLong(BASE + HEADERS).putLong(64).putLong(0).putInt(0).putShort((short) 64).putShort((short) 56)
        .putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 0);
    elf.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE).putLong(size).putLong(size).putLong(0x1000);
    for (int word : words) {
      elf.putInt(word);
    }
    return Files.write(work.resolve(name), elf.array());
  }

  /** A loop of {@link #ROUNDS} rounds: {@code subs x0, x0, #1; b.ne}. */
  private Path loop() throws IOException {
    return program("loop", 0xD280_0000 | (ROUNDS & 0xFFFF) << 5, 0xF2A0_0000 | ROUNDS >> 16 << 5, 0xF100_0400, 0x54FF_FFE1,
        EXIT, 0xD280_0000, SVC);
  }

  /** {@code mrs x0, pmccntr_el0}, exits with 0. */
  private Path cycles() throws IOException {
    return program("cycles", 0xD53B_9D00, 0xD280_0000, EXIT, SVC);
  }

  /** {@code mrs x0, pmuserenr_el0}, exits with it. */
  private Path permission() throws IOException {
    return program("permission", 0xD53B_9E00, EXIT, SVC);
  }

  private Boot perf(String name, Object... more) throws IOException, InterruptedException {
    Path script = Files.writeString(work.resolve("perf.sh"), SCRIPT);
    Object[] line = {"--guest", "debian", "--package", "linux-perf", "--add-file", "/root/loop=" + loop(), "--add-file",
        "/root/cycles=" + cycles(), "--add-file", "/root/perf.sh=" + script, "--append", Boot.SHORT + " xl.run=busybox,sh,/root/perf.sh"};
    Object[] all = java.util.stream.Stream.concat(java.util.Arrays.stream(line), java.util.Arrays.stream(more)).toArray();
    Boot boot = Boot.run(work, name, 0, all);
    LogLines.assertNoComplaint(boot.outcome().out());
    return boot;
  }

  private static void counted(String out, String event, long expected) {
    Matcher line = Pattern.compile("(?m)^(\\d+),,%s,".formatted(Pattern.quote(event))).matcher(out);
    int found = 0;
    while (line.find()) {
      assertEquals(expected, Long.parseLong(line.group(1)), event);
      found++;
    }
    assertTrue(found > 0, () -> "no count of " + event + " in\n" + out);
  }

  private static long count(String out, String event) {
    Matcher line = Pattern.compile("(?m)^(\\d+),,%s,".formatted(Pattern.quote(event))).matcher(out);
    assertTrue(line.find(), () -> "no count of " + event + " in\n" + out);
    return Long.parseLong(line.group(1));
  }

  @Test
  void debiansPerfCountsAndSamplesExactly() throws IOException, InterruptedException {
    Boot boot = perf("regions");
    boot.outcome().outHas("hw perfevents: enabled with armv8_pmuv3 PMU driver, 7 counters available");
    String out = boot.outcome().out().replace("\r", "");
    counted(out, "instructions:u", INSTRUCTIONS);
    counted(out, "branches:u", ROUNDS - 1);
    counted(out, "r0d:u", ROUNDS);
    counted(out, "r21:u", ROUNDS);
    counted(out, "r0e:u", 0);
    // A nanosecond each, and one for every time that the kernel comes back with less than that left of it.
    assertEquals(INSTRUCTIONS, count(out, "cycles:u"), 20);
    assertTrue(count(out, "instructions:k") > 10_000 && count(out, "instructions") > INSTRUCTIONS + 10_000, out);
    assertTrue(count(out, "branches:k") > 1000 && count(out, "r09:u") > 0 && count(out, "r0a:k") > 0, out);
    assertTrue(out.contains("<not supported>,,branch-misses"), out);
    assertTrue(Pattern.compile("\\d+ +cycles +# +0\\.9\\d+ GHz|\\d+ +cycles +# +1\\.0\\d+ GHz").matcher(out).find(), out);
    // Each sample is at the same of the two instructions: the interrupt comes after the exact one.
    assertTrue(Pattern.compile("(?m)^ +%d +%d instructions:u: +400080 *$".formatted(INSTRUCTIONS / PERIOD, PERIOD)).matcher(out).find(),
        out);
    assertTrue(Pattern.compile("9\\d\\.\\d\\d%\\S* +loop +loop").matcher(out).find(), out);
    Matcher interrupts = Pattern.compile("(\\d+) +GIC-0 +23 Level +arm-pmu").matcher(out);
    assertTrue(interrupts.find() && Integer.parseInt(interrupts.group(1)) >= INSTRUCTIONS / PERIOD, out);
    assertTrue(out.contains("cycles at EL0: 132"), "SIGILL, as PMUSERENR_EL0 is 0\n" + out);
  }

  @TestFactory
  List<DynamicTest> everyEngineCountsTheSame() {
    return Lane.onlyFull(dynamicTest("two boots with two CPUs", this::engines));
  }

  private void engines() throws IOException, InterruptedException {
    Boot regions = perf("regions", "--cpus", 2, "--gic", 3);
    Boot interpreter = perf("interpreter", "--cpus", 2, "--gic", 3, "--engine", "interpreter");
    counted(regions.outcome().out().replace("\r", ""), "instructions:u", INSTRUCTIONS);
    assertEquals(regions.outcome().out(), interpreter.outcome().out());
    assertEquals(regions.report().digest(), interpreter.report().digest());
  }

  /** As on Xen: the node is Xen's, EL0 reads PMUSERENR_EL0 as 0 and finds the rest UNDEFINED. */
  @Test
  void dom0HasNoMonitors() throws IOException, InterruptedException {
    Boot boot = Boot.run(work, "dom0", 0, "--hypervisor", "--guest", "debian", "--add-file", "/root/cycles=" + cycles(), "--add-file",
        "/root/permission=" + permission(), "--append", Boot.SHORT + " xl.run=/root/permission xl.run=/root/cycles");
    boot.outcome().outHas("XENOLITH-RUN exit=0 /root/permission").outHas("XENOLITH-RUN exit=132 /root/cycles");
    assertFalse(boot.outcome().out().contains("perfevents"), boot.outcome().out());
  }
}
