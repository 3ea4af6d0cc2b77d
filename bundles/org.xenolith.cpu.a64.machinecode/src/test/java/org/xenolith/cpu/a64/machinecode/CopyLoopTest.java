// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.EngineComparison;
import org.xenolith.testkit.a64.GuestCount;

/** Loops that copy are known for what they are, and done at once without a difference. */
class CopyLoopTest {
  private static final List<String> LOOPS = List.of(CopyingGuest.BEHIND, CopyingGuest.DOWNWARDS, CopyingGuest.BEFORE, CopyingGuest.ANOTHER);

  private static void compare(CpuEngineFactory engine, int guests) {
    for (String loop : LOOPS) {
      new EngineComparison(Interpreter::on, engine, () -> new CopyingGuest(loop)).compare(Long.getLong("xenolith.firstGuest", 1), GuestCount
          .of(guests), 4, 6000);
    }
  }

  @Test
  void copiesComeToTheSameState() {
    compare(cpu -> new MachineCodeEngine(cpu.as(Cpu.class), null), 6);
  }

  @Test
  void lockstepFindsNoDifference() {
    compare(cpu -> new MachineCodeLockstep(cpu.as(Cpu.class), null), 1);
  }

  /** The loop that begins with the first instruction. */
  private static int known(String text, int... unallocated) {
    Ram ram = new Ram(0x4000_0000L, 1 << 16);
    byte[] program = Assembler.program(ram.base, text).bytes();
    ram.write(0, program, 0, program.length);
    for (int at : unallocated) {
      ram.write(4 * at, 4, 0);
    }
    return CopyLoop.at(new NativePage(ram, 0, HostMemory.address(table()), NativePage.BY_WORDS, 0), 0, new Decoder());
  }

  private static long table() {
    return java.lang.foreign.Arena.ofAuto().allocate(NativePage.TABLE, 4096).address();
  }

  private static final String PLAIN = """
      loop:
        ldrb w4, [x1, x3]
        strb w4, [x0, x3]
        add x3, x3, #1
        cmp x3, x2
        b.ne loop
      """;

  @Test
  void partsOfALoopAreKnown() {
    int loop = known(PLAIN);
    assertEquals(List.of(1, 0, 3, 2, 4, 5), List.of(CopyLoop.from(loop), CopyLoop.to(loop), CopyLoop.index(loop), CopyLoop.limit(loop),
        CopyLoop
            .value(loop), CopyLoop.length(loop)));
    assertEquals(List.of(1, 0, 1), List.of(CopyLoop.times(loop, 1), CopyLoop.beforeAccess(loop), CopyLoop.beforeComparison(loop)));
  }

  @Test
  void whatIsNearlyOneIsNone() {
    assertNotEquals(CopyLoop.NONE, known(PLAIN));
    for (String[] change : new String[][] {{"strb w4", "strb w5"}, {"strb w4, [x0, x3]", "strb w4, [x0, x5]"}, {"#1", "#2"}, {"b.ne",
        "b.hi"}, {"cmp x3, x2",
            "cmp w3, w2"}, {"cmp x3, x2", "cmp x3, x4"}, {"ldrb w4, [x1, x3]", "ldrb w4, [x4, x3]"}, {"cmp x3, x2", "cmp x3, xzr"}, {
                "add x3, x3", "add x3, x2"}, {"add x3, x3, #1", "nop"}, {"ldrb w4, [x1, x3]", "ldrb w4, [x1, w3, uxtw]"}, {
                    "ldrb w4, [x1, x3]",
                    "ldrh w4, [x1, x3]"}, {"ldrb w4, [x1, x3]", "ldrb w4, [sp, x3]"}}) {
      assertEquals(CopyLoop.NONE, known(PLAIN.replace(change[0], change[1])), change[1]);
    }
  }

  @Test
  void whatIsUnallocatedIsNoPartOfOne() {
    for (int at = 1; at < 5; at++) {
      assertEquals(CopyLoop.NONE, known(PLAIN, at));
    }
  }
}
