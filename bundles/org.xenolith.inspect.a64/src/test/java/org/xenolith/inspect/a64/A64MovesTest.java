// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DataMove.InMemory;
import org.xenolith.inspect.api.DataMove.InRegister;
import org.xenolith.inspect.api.DataMove.Place;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.BareMachine;

/** What instructions are said to move: by the manual. */
class A64MovesTest {
  private static final long RAM = 0x4000_0000L;
  private static final long DATA = RAM + 0x8000;

  private final BareMachine machine = new BareMachine(new Ram(RAM, 1 << 20));
  private final Cpu cpu = machine.add(CpuConfig.cortexA57(0));

  private List<DataMove> moves(String instruction) {
    int word = ByteBuffer.wrap(Assembler.program(0, instruction + "\n").bytes()).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return new A64Moves(cpu).of(word).orElseThrow();
  }

  private static Place memory(long offset, int bytes) {
    return new InMemory(DATA + offset, bytes);
  }

  private static Place x(int number, int first, int bytes) {
    return new InRegister("X" + number, first, bytes);
  }

  private static Place v(int number, int first, int bytes) {
    return new InRegister("V" + number, first, bytes);
  }

  private void is(String instruction, DataMove... expected) {
    assertEquals(List.of(expected), moves(instruction), instruction);
  }

  private static DataMove zero(Place place) {
    return DataMove.computed(place, List.of());
  }

  @Test
  void loadsAndStoresAreByteForByteWhereTheyAddress() {
    cpu.x[1] = DATA;
    cpu.x[2] = -1;
    DataMove base = DataMove.computed(x(1, 0, 8), List.of(x(1, 0, 8)));
    is("ldr x3, [x1, #16]", DataMove.copy(x(3, 0, 8), memory(16, 8)));
    is("ldrb w3, [x1], #1", DataMove.copy(x(3, 0, 1), memory(0, 1)), zero(x(3, 1, 7)), base);
    is("ldrsh x3, [x1, #2]!", DataMove.copy(x(3, 0, 2), memory(2, 2)), DataMove.computed(x(3, 2, 6), List.of(memory(3, 1))), base);
    is("ldp x3, x4, [x1, #-16]", DataMove.copy(x(3, 0, 8), memory(-16, 8)), DataMove.copy(x(4, 0, 8), memory(-8, 8)));
    is("stp x3, xzr, [x1], #16", DataMove.copy(memory(0, 8), x(3, 0, 8)), zero(memory(8, 8)), base);
    is("stp q3, q4, [x1, #32]", DataMove.copy(memory(32, 16), v(3, 0, 16)), DataMove.copy(memory(48, 16), v(4, 0, 16)));
    is("ldr q3, [x1]", DataMove.copy(v(3, 0, 16), memory(0, 16)));
    is("str w3, [x1, w2, sxtw #2]", DataMove.copy(memory(-4, 4), x(3, 0, 4)));
    is("sttr x3, [x1, #8]", DataMove.copy(memory(8, 8), x(3, 0, 8)));
    is("stlxr w5, x3, [x1]", DataMove.copy(memory(0, 8), x(3, 0, 8)), zero(x(5, 0, 8)));
    is("st1 {v3.16b, v4.16b}, [x1]", DataMove.copy(memory(0, 16), v(3, 0, 16)), DataMove.copy(memory(16, 16), v(4, 0, 16)));
    is("dc zva, x1", zero(memory(0, 64)));
  }

  @Test
  void wholeBytesGoFromRegisterToRegister() {
    is("mov x3, x4", DataMove.copy(x(3, 0, 8), x(4, 0, 8)));
    is("mov w3, w4", DataMove.copy(x(3, 0, 4), x(4, 0, 4)), zero(x(3, 4, 4)));
    is("lsr x3, x4, #16", DataMove.copy(x(3, 0, 6), x(4, 2, 6)), zero(x(3, 6, 2)));
    is("lsl x3, x4, #24", zero(x(3, 0, 3)), DataMove.copy(x(3, 3, 5), x(4, 0, 5)));
    is("uxtb w3, w4", DataMove.copy(x(3, 0, 1), x(4, 0, 1)), zero(x(3, 1, 7)));
    is("sxtw x3, w4", DataMove.copy(x(3, 0, 4), x(4, 0, 4)), DataMove.computed(x(3, 4, 4), List.of(x(4, 3, 1))));
    is("fmov x3, d4", DataMove.copy(x(3, 0, 8), v(4, 0, 8)));
    is("add x3, x4, x5", DataMove.computed(x(3, 0, 8), List.of(x(4, 0, 8), x(5, 0, 8))));
    is("cmp x4, x5");
    is("movk x3, #1, lsl #32", zero(x(3, 4, 2)));
  }

  @Test
  void bytesThatAMaskOrAnInsertionLeavesAreCopied() {
    List<DataMove> marked = moves("orr w3, w4, #0x10000");
    assertEquals(DataMove.copy(x(3, 0, 1), x(4, 0, 1)), marked.getFirst());
    assertEquals(DataMove.computed(x(3, 2, 1), List.of(x(4, 2, 1))), marked.get(2));
    assertEquals(zero(x(3, 4, 4)), marked.getLast());
    List<DataMove> masked = moves("and x3, x4, #0xff");
    assertEquals(List.of(DataMove.copy(x(3, 0, 1), x(4, 0, 1)), zero(x(3, 1, 1))), masked.subList(0, 2));
    is("bfi x3, x4, #8, #16", DataMove.copy(x(3, 1, 2), x(4, 0, 2)));
    is("bfxil x3, x4, #16, #8", DataMove.copy(x(3, 0, 1), x(4, 2, 1)));
    assertEquals(DataMove.copy(x(3, 0, 1), x(4, 7, 1)), moves("rev x3, x4").getFirst());
  }

  @Test
  void ofASelectionItIsTheOneWhoseConditionHolds() {
    cpu.registers.set(SysReg.NZCV, 0x2000_0000L);
    is("csel x3, x4, x5, cs", DataMove.copy(x(3, 0, 8), x(4, 0, 8)));
    is("csel x3, x4, x5, eq", DataMove.copy(x(3, 0, 8), x(5, 0, 8)));
  }
}
