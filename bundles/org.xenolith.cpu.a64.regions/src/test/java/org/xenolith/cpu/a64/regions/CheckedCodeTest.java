// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.CodePage;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.a64.graph.Node;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Feature;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.TameGuest;

/** Lock-step tells of regions that do something else than the interpreter, and what. */
class CheckedCodeTest {
  /** ADD X3, X3, #1; STR X3, [X20]; B to itself. */
  private static final int[] PROGRAM = {0x9100_0463, 0xF900_0283, 0x1400_0000};

  private CodePage page;

  /** A CPU that is about to execute the program, and its page decoded. */
  private Cpu cpu() {
    RandomGuest guest = new RandomGuest(3, new RandomGuest.Shape() {
      @Override
      public void program(Ram ram, Random random) {
        new TameGuest(Covered::is).program(ram, random);
        for (int at = 0; at < 1 << 16; at += 4) {
          ram.write(at, 4, PROGRAM[Math.min(at & 0xFFF, 8) / 4]);
        }
      }

      @Override
      public void registers(Cpu cpu, Random random) {
        new TameGuest(Covered::is).registers(cpu, random);
        cpu.pc = 0x4000_1000L;
        cpu.x[20] = 0x4006_0000L;
      }
    }, cpu -> new Interpreter(cpu.as(Cpu.class), (where, node) -> {
      page = where;
      return node;
    }));
    guest.runTo(3, null);
    return guest.cpu();
  }

  private int run(RegionCode code) {
    Cpu cpu = cpu();
    int[] words = new int[CodePage.WORDS];
    for (int i = 0; i < words.length; i++) {
      words[i] = page.word(i);
    }
    Flow flow = new Flow(words, new Decoder(EnumSet.of(Feature.BASE)), 0, 1000, new BitSet(), new BitSet());
    code.page = page;
    CheckedCode checked = new CheckedCode(code, Translation.of(flow, new int[] {0}, true));
    cpu.left = 100;
    cpu.page = 0x4000_1000L;
    cpu.x[3] = 41;
    return checked.run(cpu, cpu.x, 0);
  }

  /** What the program's first two instructions do, or something like it. */
  private static RegionCode twoInstructions(int added, long stored, int next) {
    return new RegionCode(new Node[0]) {
      @Override
      protected int run(Cpu cpu, long[] x, int entry) {
        x[3] += added;
        Ram ram = cpu.env.bus().ram(x[20]);
        undo.log(ram.heap, ram.place + x[20] - ram.base);
        ram.write((int) (x[20] - ram.base), 8, stored);
        cpu.left -= 2;
        return next;
      }
    };
  }

  @Test
  void theSameIsLetPass() {
    assertEquals(8, run(twoInstructions(1, 42, 8)));
  }

  @Test
  void anotherRegisterIsTold() {
    assertTells(twoInstructions(2, 42, 8), "x3: 2a, 2b");
  }

  @Test
  void anotherStoreIsTold() {
    assertTells(twoInstructions(1, 43, 8), "000000000000002a, 000000000000002b");
  }

  @Test
  void anotherWayIsTold() {
    assertTells(twoInstructions(1, 42, 4), "next: 8, 4");
  }

  private void assertTells(RegionCode wrong, String what) {
    String told = assertThrows(IllegalStateException.class, () -> run(wrong)).getMessage();
    assertTrue(told.contains(what), told);
    assertTrue(told.contains("add x3, x3, #0x1"), told);
  }
}
