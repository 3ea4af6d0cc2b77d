// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.testkit.inspect.BusMemory;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;

class X64CallsTest {
  private static final long CODE = X64TestMachine.CODE;
  private static final long STACK = X64TestMachine.DATA;
  private static final int DEPTH = 64;

  private final X64TestMachine machine = new X64TestMachine(core -> null);
  private final Core cpu = machine.cpu;
  private final InspectedProcessor processor = new X64Inspector().inspect(cpu, new BusMemory(machine)).orElseThrow();

  @BeforeEach
  void power() {
    machine.user();
    cpu.pc = CODE + 0x10;
    cpu.r[CpuState.RSP] = STACK;
    cpu.r[CpuState.RBP] = 0;
  }

  /** Has a near call of 5 bytes before an address. */
  private static long behindCall(X64TestMachine machine, long address) {
    machine.code.write((int) (address - 5 - CODE), 1, 0xE8);
    return address;
  }

  private void put(long address, long... values) {
    for (int i = 0; i < values.length; i++) {
      machine.data.write((int) (address - STACK) + 8 * i, 8, values[i]);
    }
  }

  /** Functions of 256 bytes. */
  private long[] frames() {
    return processor.calls(DEPTH, address -> address >= CODE && address < CODE + 0x400 ? address & -0x100 : -1);
  }

  @Test
  void framePointersAreFollowedToTheOutermost() {
    cpu.r[CpuState.RBP] = STACK + 0x40;
    put(STACK + 0x40, STACK + 0x80, behindCall(machine, CODE + 0x124));
    put(STACK + 0x80, 0, behindCall(machine, CODE + 0x248));
    assertArrayEquals(new long[] {CODE + 0x10, CODE + 0x123, CODE + 0x247}, frames());
  }

  @Test
  void theCallerOfAFunctionWithoutAFrameIsOnTheStack() {
    put(STACK, 7, CODE + 0x222, behindCall(machine, CODE + 0x124));
    assertArrayEquals(new long[] {CODE + 0x10, CODE + 0x123}, frames(), "what is behind no call is no caller");
    cpu.r[CpuState.RBP] = STACK + 0x40;
    put(STACK + 0x40, 0, behindCall(machine, CODE + 0x248));
    assertArrayEquals(new long[] {CODE + 0x10, CODE + 0x123, CODE + 0x247}, frames());
  }

  @Test
  void indirectCallsAreCallsToo() {
    machine.code.write(0x1FE, 2, 0xD0FF);
    put(STACK, CODE + 0x200);
    assertArrayEquals(new long[] {CODE + 0x10, CODE + 0x1FF}, frames());
  }

  @Test
  void codeWithoutFramePointersHasNoChain() {
    cpu.r[CpuState.RBP] = STACK + 0x40;
    put(STACK + 0x40, STACK + 0x80, CODE + 0x124);
    assertArrayEquals(new long[] {CODE + 0x10}, frames());
  }

  @Test
  void anyRegistersAndMemoryAreSurvived() {
    Random random = new Random(6);
    byte[] code = new byte[4096];
    random.nextBytes(code);
    machine.code.write(0, code, 0, code.length);
    for (int i = 0; i < 4096; i += 8) {
      put(STACK + i, random.nextInt(3) == 0 ? random.nextLong() : random.nextBoolean() ? STACK + (random.nextInt() & 0xFF8) : CODE + (random
          .nextInt() & 0x3FF));
    }
    int chains = 0;
    for (int i = 0; i < 20_000; i++) {
      cpu.r[CpuState.RBP] = random.nextInt(4) == 0 ? random.nextLong() : STACK + (random.nextInt() & 0xFF8);
      cpu.r[CpuState.RSP] = random.nextInt(4) == 0 ? random.nextLong() : STACK + (random.nextInt() & 0xFF8);
      cpu.pc = random.nextBoolean() ? random.nextLong() : CODE + (random.nextInt() & 0x3FF);
      int count = frames().length;
      assertTrue(count <= DEPTH);
      chains += count > 1 ? 1 : 0;
    }
    assertTrue(chains > 100, chains + " chains");
  }
}
