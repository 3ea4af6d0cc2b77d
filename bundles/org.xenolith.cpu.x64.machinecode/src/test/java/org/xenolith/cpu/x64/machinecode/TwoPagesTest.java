// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.FlagBits;
import org.xenolith.x64.arch.Mmu;

/** What accesses two pages, and more, comes to what the interpreter makes of it: also where the TLB has one place for both. */
class TwoPagesTest {
  private static final long DATA = X64TestMachine.DATA;
  /** Has the place of {@link X64TestMachine#DATA} in the TLB. */
  private static final long RIVAL = DATA ^ 0x100_8000L;
  private static final int USER = 7;
  private static final int PROGRAMS = 3000;
  /** MOVS and STOS of each size, with either prefix. */
  private static final String[] REPEATED = {"f3a4", "f366a5", "f3a5", "f348a5", "f2a4", "f248a5", "f3aa", "f366ab", "f3ab", "f348ab",
      "f2aa"};

  @TestFactory
  Stream<DynamicTest> machineCode() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("a word of one is pushed to the other", TwoPagesTest::pushed),
        DynamicTest.dynamicTest("a target in one is called with the stack in the other", TwoPagesTest::called), DynamicTest
            .dynamicTest("strings", TwoPagesTest::strings))
        : Stream.empty();
  }

  private static void pushed() {
    // push qword [r8]; int3
    once("41ff30cc", 0);
  }

  private static void called() {
    // call qword [r8]; int3
    once("41ff10cc", X64TestMachine.CODE + 3);
  }

  private static void once(String program, long word) {
    assertEquals(Mmu.index(DATA), Mmu.index(RIVAL));
    TwoEngines engines = new TwoEngines();
    engines.begin(machine -> {
      map(machine);
      load(machine, program);
      machine.data.write(0x40, 8, word);
      machine.cpu.r[8] = DATA + 0x40;
      machine.cpu.r[CpuState.RSP] = RIVAL + 0x800;
    });
    assertEquals("", engines.run(2, 1));
  }

  private static void strings() {
    TwoEngines engines = new TwoEngines();
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < PROGRAMS; i++) {
      String program = REPEATED[random.nextInt(REPEATED.length)] + REPEATED[random.nextInt(REPEATED.length)] + "ffc3cc";
      long from = place(random);
      long to = random.nextInt(4) == 0 ? from + random.nextInt(-20, 20) : place(random);
      long count = random.nextInt(4) == 0 ? random.nextInt(1200) : random.nextInt(20);
      boolean down = random.nextInt(8) == 0;
      SplittableRandom values = random.split();
      byte[] bytes = new byte[4096];
      values.nextBytes(bytes);
      engines.begin(machine -> {
        map(machine);
        load(machine, program);
        machine.data.write(0, bytes, 0, bytes.length);
        machine.low.write(0xD000, bytes, 0, bytes.length);
        machine.cpu.r[CpuState.RAX] = 0x0123_4567_89AB_CDEFL;
        machine.cpu.r[CpuState.RCX] = count;
        machine.cpu.r[CpuState.RSI] = from;
        machine.cpu.r[CpuState.RDI] = to;
        machine.cpu.setFlags(down ? FlagBits.DF : 0, FlagBits.DF);
      });
      assertEquals("", engines.run(1500, i), "program " + i + ": " + program);
    }
  }

  /** In or near the ends of pages that are there, and of others. */
  private static long place(SplittableRandom random) {
    long page = (random.nextBoolean() ? DATA : RIVAL) + 4096L * random.nextInt(3);
    return page + (random.nextBoolean() ? -random.nextInt(1, 40) : random.nextInt(4096));
  }

  /** Two pages at each of the two addresses, of which the first is the page of data. */
  private static void map(X64TestMachine machine) {
    machine.low.write(0x7008, 8, 0xD000 | USER);
    machine.low.write(0x5000 + 8 * 136, 8, 0xC000 | USER);
    machine.low.write(0xC000 + 8 * 8, 8, 0xE000 | USER);
    machine.low.write(0xC000 + 8 * 9, 8, DATA | USER);
  }

  private static void load(X64TestMachine machine, String program) {
    byte[] bytes = HexFormat.of().parseHex(program);
    machine.code.write(0, bytes, 0, bytes.length);
  }
}
