// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.testkit.x64.X64SequenceMaker;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.graph.Interpreter;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;

/** Lock-step tells of code that does something else than the interpreter: in which instructions, and what. */
class MachineCodeLockstepTest {
  /** L: inc rbx; mov [rsi], rbx; sub rcx, 42 as an example of flags; mov [rdi], rcx; jmp L. */
  private static final byte[] PROGRAM = HexFormat.of().parseHex("48ffc3" + "48891e" + "4883e92a" + "48890f" + "ebf1");
  private static final int ROUNDS = 11;
  private static final int INSTRUCTIONS = 5;
  private static final int SEQUENCES = 2_000;

  @TestFactory
  Stream<DynamicTest> lockstep() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("the same is let pass", this::theSameIsLetPass), DynamicTest.dynamicTest(
        "another register is told",
        () -> assertTells(Insn.INC_EV, new Nothing(), "rbx: 0x27, 0x26", "inc")), DynamicTest.dynamicTest(
            "a store that isn't made is told", () -> assertTells(Insn.MOV_EV_GV,
                new Nothing(), "stored to, not stored to", "mov")), DynamicTest.dynamicTest("any sequence comes to the same state",
                    this::sequences)) : Stream.empty();
  }

  private static Core run(Consumer<CodeTable> wrong) {
    X64TestMachine machine = new X64TestMachine(cpu -> {
      MachineCodeLockstep engine = new MachineCodeLockstep(cpu, null);
      wrong.accept(engine.front.translator().table);
      return engine;
    });
    machine.code.fill(0, machine.code.size, (byte) 0xCC);
    machine.user();
    machine.code.write(0, PROGRAM, 0, PROGRAM.length);
    machine.cpu.r[CpuState.RBX] = 0x26;
    machine.cpu.r[CpuState.RSI] = X64TestMachine.DATA;
    machine.cpu.r[CpuState.RDI] = X64TestMachine.DATA + 0x800;
    try {
      assertEquals(ROUNDS * INSTRUCTIONS, machine.engine.run(ROUNDS * INSTRUCTIONS));
      assertEquals(machine.cpu.r[CpuState.RBX], machine.data.read(0, 8));
      return machine.cpu;
    } finally {
      machine.engine.close();
    }
  }

  private void theSameIsLetPass() {
    Core cpu = run(table -> {});
    assertEquals(0x26 + ROUNDS, cpu.r[CpuState.RBX]);
    assertEquals(X64TestMachine.CODE, cpu.pc);
  }

  private static void assertTells(Insn insn, CodeTable.Emitter wrong, String what, String instruction) {
    String told = assertThrows(IllegalStateException.class, () -> run(table -> table.put(wrong, insn))).getMessage();
    assertTrue(told.startsWith("lockstep: interpreter and machine code differ, entered at 0x"), told);
    assertTrue(told.contains(what), told);
    assertTrue(told.contains(instruction), told);
  }

  /** What is true of code in general is of the one that checks it. */
  private void sequences() {
    X64SequenceMaker maker = new X64SequenceMaker(new SplittableRandom(3).nextInt());
    X64TestMachine expected = new X64TestMachine(Interpreter::new);
    X64TestMachine actual = new X64TestMachine(cpu -> new MachineCodeLockstep(cpu, null));
    for (int i = 0; i < SEQUENCES; i++) {
      var one = maker.next();
      byte[] right = one.answer(expected);
      assertEquals(HexFormat.of().formatHex(right), HexFormat.of().formatHex(one.answer(actual)), "sequence " + i);
      assertEquals(expected.cpu.retired(), actual.cpu.retired(), "sequence " + i);
    }
    actual.engine.close();
  }

  /** Code for an instruction that does nothing. */
  private static final class Nothing implements CodeTable.Emitter {
    @Override
    public boolean covers(Instruction insn) {
      return true;
    }

    @Override
    public boolean leaves(Instruction insn) {
      return false;
    }

    @Override
    public void emit(Instruction insn, int at, int end, boolean needed) {
      // Just that.
    }
  }
}
