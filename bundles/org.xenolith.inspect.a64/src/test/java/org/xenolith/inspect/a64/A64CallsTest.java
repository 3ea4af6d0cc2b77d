// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.a64;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeMachine;
import org.xenolith.testkit.inspect.BusMemory;

class A64CallsTest {
  private static final long CODE = FakeMachine.RAM;
  private static final long STACK = FakeMachine.RAM + 0x10_0000;
  /** BL to itself. */
  private static final int BL = 0x9400_0000;
  private static final int NOP = 0xD503_201F;
  private static final int DEPTH = 64;

  private final Cpu cpu = new FakeHypervisor().machine().cpus().getFirst();
  private final Ram ram = cpu.env.bus().ram(FakeMachine.RAM);
  private final A64Processor processor = new A64Processor(cpu, new BusMemory(cpu.env.bus()));

  @BeforeEach
  void power() {
    cpu.el = 1;
    cpu.pc = CODE + 0x10;
  }

  private void put(long address, long... values) {
    for (int i = 0; i < values.length; i++) {
      ram.write((int) (address - ram.base) + 8 * i, 8, values[i]);
    }
  }

  private void instruction(long address, int word) {
    ram.write((int) (address - ram.base), 4, word);
  }

  private long[] frames() {
    return processor.calls(DEPTH, address -> address >= CODE && address < CODE + 0x300 ? address & -0x100 : -1);
  }

  @Test
  void recordsAreFollowedToTheOutermost() {
    cpu.x[29] = STACK;
    put(STACK, STACK + 0x40, CODE + 0x124);
    put(STACK + 0x40, 0, CODE + 0x248);
    assertArrayEquals(new long[] {CODE + 0x10, CODE + 0x120, CODE + 0x244}, frames());
  }

  @Test
  void theCallerOfALeafFunctionIsInItsLinkRegister() {
    cpu.x[29] = STACK;
    put(STACK, 0, CODE + 0x248);
    cpu.x[30] = CODE + 0x134;
    instruction(CODE + 0x130, BL);
    assertArrayEquals(new long[] {CODE + 0x10, CODE + 0x130, CODE + 0x244}, frames());
  }

  @Test
  void whatACallLeftInTheLinkRegisterIsNoCaller() {
    cpu.x[29] = STACK;
    put(STACK, 0, CODE + 0x248);
    cpu.x[30] = CODE + 0x8;
    instruction(CODE + 0x4, BL);
    assertEquals(2, frames().length);
    cpu.x[30] = CODE + 0x134;
    instruction(CODE + 0x130, NOP);
    assertEquals(2, frames().length);
    cpu.x[30] = CODE + 0x248;
    instruction(CODE + 0x244, BL);
    assertEquals(2, frames().length, "it is in the record already");
  }

  @Test
  void loopsEnd() {
    cpu.x[29] = STACK;
    put(STACK, STACK, CODE + 0x124);
    assertTrue(frames().length < 10, () -> frames().length + " frames");
    put(STACK, STACK + 0x40, CODE + 0x124);
    put(STACK + 0x40, STACK, CODE + 0x124);
    assertTrue(frames().length < 16, () -> frames().length + " frames");
  }

  @Test
  void longChainsAreCut() {
    cpu.x[29] = STACK;
    for (int i = 0; i < 1000; i++) {
      put(STACK + 16 * i, STACK + 16 * i + 16, CODE + 0x124);
    }
    assertEquals(DEPTH, frames().length);
  }

  @Test
  void whatIsNotMappedOrNotAlignedEndsTheChain() {
    for (long bad : new long[] {0, 1, STACK + 4, 0x1000, -16, Long.MIN_VALUE, FakeMachine.RAM + FakeMachine.SIZE - 8}) {
      cpu.x[29] = bad;
      assertArrayEquals(new long[] {CODE + 0x10}, frames(), Long.toHexString(bad));
    }
  }

  @Test
  void anyRegistersAndMemoryAreSurvived() {
    Random random = new Random(6);
    for (int i = 0; i < 0x10_0000; i += 8) {
      put(STACK + i, random.nextInt(3) == 0 ? random.nextLong() : STACK + (random.nextInt() & 0xF_FFF8));
    }
    for (int i = 0; i < 20_000; i++) {
      cpu.x[29] = random.nextInt(4) == 0 ? random.nextLong() : STACK + (random.nextInt() & 0xF_FFF8);
      cpu.x[30] = random.nextInt(4) == 0 ? random.nextLong() : STACK + (random.nextInt() & 0xF_FFFC);
      cpu.pc = random.nextLong();
      assertTrue(frames().length <= DEPTH);
    }
  }
}
