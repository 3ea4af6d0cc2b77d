// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.a64.isa.Insn;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.TameGuest;

/** Lock-step tells of code that does something else than the interpreter: which instruction, and what. */
class MachineCodeLockstepTest {
  private static final long DATA = 0x4006_0000L;
  private static final byte[] PROGRAM = Assembler.program(0x4000_1000L, """
      loop:
        add x3, x3, #1
        str x3, [x20]
        subs x5, x3, #0x2a
        stp x3, x5, [x21]
        b loop
      """).bytes();

  /** Executes the program for so many instructions, by code some of which is wrong. Returns the CPU. */
  private static Cpu run(int instructions, Consumer<CodeTable> wrong) {
    RandomGuest guest = new RandomGuest(3, new RandomGuest.Shape() {
      private final TameGuest tame = new TameGuest(MachineCodeTest::covered);

      @Override
      public void program(Ram ram, Random random) {
        tame.program(ram, random);
        ram.write(0x1000, PROGRAM, 0, PROGRAM.length);
      }

      @Override
      public void registers(Cpu cpu, Random random) {
        tame.registers(cpu, random);
        cpu.pc = 0x4000_1000L;
        cpu.x[3] = 38;
        cpu.x[20] = DATA;
        cpu.x[21] = DATA + 0x1000;
        // Or all stores would be the interpreter's.
        cpu.sys[SysReg.SCTLR_EL1.ordinal()] &= ~2;
        cpu.restored();
      }

      @Override
      public boolean ownTables() {
        return true;
      }
    }, cpu -> {
      MachineCodeLockstep engine = new MachineCodeLockstep(cpu.as(Cpu.class), null);
      wrong.accept(engine.front.translator().table);
      return engine;
    });
    guest.runTo(instructions, null);
    Ram ram = guest.ram(DATA);
    assertEquals(guest.cpu().x[3], ram.read((int) (DATA - ram.base), 8));
    return guest.cpu();
  }

  @Test
  void theSameIsLetPass() {
    Cpu cpu = run(54, table -> {});
    assertEquals(38 + 11, cpu.x[3]);
    assertEquals(0x4000_1000L + 16, cpu.pc);
  }

  @Test
  void anotherRegisterIsTold() {
    assertTells(table -> table.put((_, _, _) -> {}, 0, Insn.ADD_IMM), "add x3, x3, #0x1", "x3: 0x27, 0x26");
  }

  @Test
  void aStoreThatIsntMadeIsTold() {
    assertTells(table -> table.put((_, _, _) -> {}, 0, Insn.STR_IMM_UNSIGNED), "str x3, [x20]", "0x40060000: stored to, not stored to");
  }

  @Test
  void aStoreOfSomethingElseIsTold() {
    // The same register twice.
    assertTells(table -> table.put((_, word, at) -> table.emit(Insn.STNP, word & ~(31 << 10) | 3 << 10, at), 0, Insn.STP_OFFSET),
        "stp x3, x5, [x21]", "memory at 0x40061008: 0xfffffffffffffffd, 0x0000000000000027");
  }

  @Test
  void flagsAreTold() {
    assertTells(table -> table.put((_, word, at) -> table.emit(Insn.ADDS_IMM, word & ~(1 << 30), at), 0, Insn.SUBS_IMM),
        "subs x5, x3, #0x2a",
        "nzcv: 0x8, 0x0");
  }

  private static void assertTells(Consumer<CodeTable> wrong, String instruction, String what) {
    String told = assertThrows(IllegalStateException.class, () -> run(54, wrong)).getMessage();
    String[] lines = told.split("\n");
    assertTrue(lines[0].contains("entered at 0x4000100"), told);
    assertTrue(lines[lines.length - 1].contains(instruction), told);
    assertTrue(told.substring(told.indexOf("first")).contains(what), told);
  }
}
