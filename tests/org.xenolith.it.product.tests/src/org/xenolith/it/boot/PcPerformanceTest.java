// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** Linux counts and samples a program on a PC of which every instruction is known, by the architectural performance monitoring of the CPU. */
@FullLane
class PcPerformanceTest {
  private static final int INSTRUCTIONS = 2_000_006;
  private static final int BRANCHES = 1_000_001;
  /** PERF_COUNT_HW_INSTRUCTIONS and PERF_COUNT_HW_BRANCH_INSTRUCTIONS. */
  private static final int INSTRUCTIONS_EVENT = 1;
  private static final int BRANCHES_EVENT = 4;
  private static final int PERIOD = 10_000;
  private static final long BASE = 0x40_0000;
  private static final int HEADERS = 64 + 56;

  /**
   * Counts its own instructions or branches while it goes around a loop a million times, and exits with how many they are more than was expected; with the error if it can't count. What is
   * between the two reads: MOV, the loop, four instructions that prepare the second read, its SYSCALL; of branches the loop's and that SYSCALL.
   */
  private static final String PROGRAM = String.join("",
      // perf_event_open(attributes, 0, -1, -1, 0)
      "b82a010000", "488d3d5c000000", "31f6", "83caff", "4983caff", "4531c0", "0f05",
      // mov ebx, eax; test eax, eax; js fail
      "89c3", "85c0", "783c",
      // read(ebx, rsp - 8, 8)
      "89df", "488d7424f8", "ba08000000", "31c0", "0f05",
      // mov ecx, 1000000; dec ecx; jnz
      "b940420f00", "ffc9", "75fc",
      // read(ebx, rsp - 16, 8)
      "89df", "488d7424f0", "ba08000000", "31c0", "0f05",
      // mov rdi, [rsp - 16]; sub rdi, [rsp - 8]; sub rdi, EXPECTED; jmp out
      "488b7c24f0", "482b7c24f8", "4881ef%s", "eb04",
      // fail: neg eax; mov edi, eax; out: exit(edi)
      "f7d8", "89c7", "b83c000000", "0f05", "90",
      // attributes: PERF_TYPE_HARDWARE, 112 bytes, the event, period, the address, no kernel
      "0000000070000000", "%02x00000000000000", "1027000000000000", "0100000000000000", "0000000000000000", "6000000000000000", "00".repeat(
          64));

  @TempDir
  private Path work;

  private Path program(int event, int expected) throws IOException {
    byte[] code = HexFormat.of().parseHex(PROGRAM.formatted("%08x".formatted(Integer.reverseBytes(expected)), event));
    int size = HEADERS + code.length;
    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}).putShort((short) 2).putShort((short) 62)
        .putInt(1).putLong(BASE + HEADERS).putLong(64).putLong(0).putInt(0).putShort((short) 64).putShort((short) 56)
        .putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 0);
    elf.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE).putLong(size).putLong(size).putLong(0x1000).put(code);
    return Files.write(work.resolve("count"), elf.array());
  }

  private Boot count(String name, String board, Object... more) throws IOException, InterruptedException {
    return perf(name, board, INSTRUCTIONS_EVENT, INSTRUCTIONS, more);
  }

  private Boot perf(String name, String board, int event, int expected, Object... more) throws IOException, InterruptedException {
    Object[] line = {board, "--add-file", "/root/count=" + program(event, expected), "--append", Boot.SHORT
        + " xl.run=/root/count xl.run=busybox,grep,PMI,/proc/interrupts"};
    return Boot.run(work, name, 0, java.util.stream.Stream.concat(java.util.Arrays.stream(line), java.util.Arrays.stream(more)).toArray());
  }

  @Test
  void everyEngineCountsExactlyAndSamples() throws IOException, InterruptedException {
    Boot code = count("code", "pc-pvh");
    LogLines.assertNoComplaint(code.outcome().out());
    code.outcome().outHas("Performance Events: generic architected perfmon, full-width counters, Intel PMU driver").outHas(
        "XENOLITH-RUN exit=0 /root/count");
    assertInterrupts(INSTRUCTIONS / PERIOD, code);
    Boot interpreter = count("interpreter", "pc-pvh", "--engine", "interpreter");
    assertEquals(code.outcome().out(), interpreter.outcome().out());
    assertEquals(code.report().digest(), interpreter.report().digest());
  }

  @Test
  void branchesAreCountedTheSameByEveryEngine() throws IOException, InterruptedException {
    Boot code = perf("branches", "pc-pvh", BRANCHES_EVENT, BRANCHES);
    code.outcome().outHas("XENOLITH-RUN exit=0 /root/count");
    assertInterrupts(BRANCHES / PERIOD, code);
    Boot interpreter = perf("interpreted", "pc-pvh", BRANCHES_EVENT, BRANCHES, "--engine", "interpreter");
    assertEquals(code.outcome().out(), interpreter.outcome().out());
    assertEquals(code.report().digest(), interpreter.report().digest());
  }

  private static void assertInterrupts(int expected, Boot boot) {
    Matcher interrupts = Pattern.compile("PMI: +(\\d+) +Performance monitoring interrupts").matcher(boot.outcome().out());
    assertTrue(interrupts.find(), boot.outcome().out());
    assertEquals(expected, Integer.parseInt(interrupts.group(1)), 1);
  }

  @Test
  void aBoardWithoutMonitorsHasNone() throws IOException, InterruptedException {
    Path platform = work.resolve("pc.platform");
    Product.run("topology", "import", "pc-pvh", platform).expect(0);
    String all = Files.readString(platform);
    String without = all.replaceFirst("<nodes [^>]*name=\"pmu\">[^<]*<properties>[^<]*</properties>[^<]*</nodes>", "");
    assertNotEquals(all, without);
    Boot boot = count("off", Files.writeString(platform, without).toString());
    boot.outcome().outHas("software events only").outHas("XENOLITH-RUN exit=2 /root/count");
    assertFalse(boot.outcome().out().contains("Intel PMU driver"), boot.outcome().out());
  }
}
