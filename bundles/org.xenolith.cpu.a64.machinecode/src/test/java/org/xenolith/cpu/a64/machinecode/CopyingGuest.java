// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.Random;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.TameGuest;

/**
 * Copies up to some kilobytes again and again, by a loop of one of the kinds that compilers make, from and to places that often overlap, and counts in X15 what flags a loop has left.
 * X10 is a random number.
 */
final class CopyingGuest implements RandomGuest.Shape {
  private static final long RAM = 0x4000_0000L;
  private static final long DATA = 0x4006_0000L;
  private static final String NEXT = """
      begin:
        madd x10, x10, x11, x12
        and x1, x10, #0xffff
        add x1, x1, x20
        ubfx x0, x10, #16, #16
        add x0, x0, x20
        ubfx x2, x10, #44, #11
        tbz x10, #60, far
        ubfx x0, x10, #32, #7
        add x0, x0, x1
        sub x0, x0, #64
      far:
      """;
  private static final String COUNT = """
        adc x15, x15, x4
        cset x14, gt
        add x15, x14, x15, lsl #1
        b begin
      """;
  /** Upwards; the index is compared behind each byte, and the loop is left by not branching. */
  static final String BEHIND = """
        add x2, x2, #1
        mov x3, #0
      loop:
        ldrb w4, [x1, x3]
        strb w4, [x0, x3]
        add x3, x3, #1
        cmp x3, x2
        b.ne loop
      """;
  /** Downwards; the index is compared before each byte. */
  static final String DOWNWARDS = """
        mov x3, x2
        movn x2, #0
      loop:
        sub x3, x3, #1
        cmp x2, x3
        b.eq out
        ldrb w4, [x1, x3]
        strb w4, [x0, x3]
        b loop
      out:
      """;
  /** Upwards; the index is compared before each byte, and a branch goes over what leaves the loop. */
  static final String BEFORE = """
        mov x3, #0
      loop:
        cmp x2, x3
        b.ne body
        b out
      body:
        ldrb w4, [x1, x3]
        strb w4, [x0, x3]
        add x3, x3, #1
        b loop
      out:
      """;
  /** None: another register than the one that was read is written. */
  static final String ANOTHER = """
        mov x3, #0
        add x2, x2, #1
      loop:
        ldrb w4, [x1, x3]
        strb w5, [x0, x3]
        add x3, x3, #1
        cmp x3, x2
        b.ne loop
      """;

  private final TameGuest around = new TameGuest(MachineCodeTest::covered);
  private final String loop;

  CopyingGuest(String loop) {
    this.loop = loop;
  }

  static byte[] program(String loop) {
    return Assembler.program(RAM, NEXT + loop + COUNT).bytes();
  }

  @Override
  public void program(Ram ram, Random random) {
    around.program(ram, random);
    byte[] program = program(loop);
    ram.write(0, program, 0, program.length);
  }

  @Override
  public void registers(Cpu cpu, Random random) {
    around.registers(cpu, random);
    cpu.pc = RAM;
    cpu.x[10] = random.nextLong();
    cpu.x[11] = 0x5851_F42D_4C95_7F2DL;
    cpu.x[12] = 0x1405_7B7E_F767_814FL;
    cpu.x[15] = 0;
    cpu.x[20] = DATA;
  }

  @Override
  public boolean ownTables() {
    return true;
  }
}
