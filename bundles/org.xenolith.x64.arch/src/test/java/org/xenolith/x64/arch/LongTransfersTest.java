// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.x64.isa.DecodeMode;

/** Returns from 64-bit code: to compatibility mode, whose stack pointer has 32 bits, and to an outer level, which may not use what an inner one has (Intel SDM volume 2, IRET, RET). */
class LongTransfersTest {
  private static final long INNER_POINTER = 0xFFFF_C900_0001_2000L;
  private static final int COMPATIBLE_CODE = 0x1B;
  private static final int STACK = 0x2B;
  private static final int SMALL_STACK = 0x23;
  private static final int KERNEL_DATA = 0x10;
  private static final long FS = 0x1_2345_6000L;
  private static final long GS = 0xFFFF_8880_0000_1000L;
  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;

  @BeforeEach
  void start() {
    machine.longMode();
    machine.ram.write(BareCpu.GDT + (COMPATIBLE_CODE & ~7), 8, 0x00CF_FB00_0000_FFFFL);
    machine.ram.write(BareCpu.GDT + (SMALL_STACK & ~7), 8, 0x0000_F300_0000_FFFFL);
    // The page that the inner stack is on, at an address above 4 GiB: the same tables serve all of them.
    machine.ram.write(BareCpu.TABLES + 8 * (int) (INNER_POINTER >>> 39 & 511), 8, 0x2000 | BareCpu.PRESENT | BareCpu.WRITE);
    machine.ram.write(0x2000 + 8 * (int) (INNER_POINTER >>> 30 & 511), 8, 0x3000 | BareCpu.PRESENT | BareCpu.WRITE | BareCpu.USER);
    cpu.mmu.flushAll();
    cpu.r[CpuState.RSP] = INNER_POINTER;
  }

  private void push(long... words) {
    for (int i = 0; i < words.length; i++) {
      cpu.memory.write(INNER_POINTER + 8L * i, 8, words[i]);
    }
  }

  @Test
  void returnFromInterruptToCompatibilityModeClearsTheUpperHalfOfTheStackPointer() {
    push(0x8048000, COMPATIBLE_CODE, 2, 0xFFFF_D000L, STACK);
    cpu.transfers.interruptReturn(8);
    assertEquals(DecodeMode.PROTECTED_32, cpu.mode);
    assertEquals(0xFFFF_D000L, cpu.r[CpuState.RSP]);
  }

  @Test
  void farReturnToCompatibilityModeClearsTheUpperHalfOfTheStackPointer() {
    push(0x8048000, COMPATIBLE_CODE, 0, 0, 0x6666_FFFF_D000L, STACK);
    cpu.transfers.ret(8, 16);
    // Parameters are released on the outer stack, too.
    assertEquals(0xFFFF_D010L, cpu.r[CpuState.RSP]);
  }

  /** As Intel's processors do, which Linux' test of sigreturn has written down; others keep all that the stack's size doesn't reach. */
  @Test
  void aStackOfSixteenBitsKeepsBits31To16Only() {
    push(0x8048000, COMPATIBLE_CODE, 2, 0x1234_5678L, SMALL_STACK);
    cpu.transfers.interruptReturn(8);
    assertEquals(0x0001_5678L, cpu.r[CpuState.RSP]);
  }

  @Test
  void farReturnOfOneLevelToCompatibilityModeClearsTheUpperHalfOfTheStackPointer() {
    machine.ram.write(BareCpu.GDT + 0x18, 8, 0x00CF_9B00_0000_FFFFL);
    push(0x1000, 0x18);
    cpu.transfers.ret(8, 0);
    assertEquals(INNER_POINTER + 16 & 0xFFFF_FFFFL, cpu.r[CpuState.RSP]);
  }

  @Test
  void sixtyFourBitCodeGetsAllOfItsStackPointer() {
    push(0x1000, 0x33, 2, 0x7FFF_1234_5678L, STACK);
    cpu.transfers.interruptReturn(8);
    assertEquals(0x7FFF_1234_5678L, cpu.r[CpuState.RSP]);
  }

  /** Kernels have their own base in GS behind a selector of level 0, and find it there when they come back. */
  @Test
  void segmentsThatAreNulledOnTheWayOutKeepTheirBases() {
    for (boolean interrupt : new boolean[] {true, false}) {
      start();
      machine.level(0);
      cpu.segments.load(CpuState.FS, KERNEL_DATA);
      cpu.segments.load(CpuState.GS, KERNEL_DATA);
      cpu.segments.load(CpuState.DS, KERNEL_DATA);
      cpu.base[CpuState.FS] = FS;
      cpu.base[CpuState.GS] = GS;
      if (interrupt) {
        push(0x1000, 0x33, 2, 0x7FFF_1234_5678L, STACK);
        cpu.transfers.interruptReturn(8);
      } else {
        push(0x1000, 0x33, 0x7FFF_1234_5678L, STACK);
        cpu.transfers.ret(8, 0);
      }
      assertEquals(3, cpu.cpl);
      assertEquals(0, cpu.selector[CpuState.FS] | cpu.selector[CpuState.GS] | cpu.selector[CpuState.DS]);
      assertEquals(0, cpu.attributes[CpuState.FS] | cpu.attributes[CpuState.GS] | cpu.attributes[CpuState.DS]);
      assertEquals(FS, cpu.base[CpuState.FS]);
      assertEquals(GS, cpu.base[CpuState.GS]);
    }
  }

  /** Processors leave no level in a null selector on the way out; Linux' test of sigreturn relies on it, which asks for 0 and has the kernel load 3. */
  @Test
  void nullSelectorsAreZeroBehindAReturnToAnOuterLevel() {
    for (int segment : new int[] {CpuState.ES, CpuState.DS, CpuState.FS, CpuState.GS}) {
      cpu.segments.load(segment, 3);
    }
    cpu.base[CpuState.FS] = FS;
    cpu.base[CpuState.GS] = GS;
    push(0x1000, 8, 2, INNER_POINTER, KERNEL_DATA);
    cpu.transfers.interruptReturn(8);
    assertEquals(3, cpu.selector[CpuState.FS], "the level is the same");
    push(0x1000, 0x33, 2, 0x7FFF_1234_5678L, STACK);
    cpu.transfers.interruptReturn(8);
    for (int segment : new int[] {CpuState.ES, CpuState.DS, CpuState.FS, CpuState.GS}) {
      assertEquals(0, cpu.selector[segment]);
    }
    assertEquals(FS, cpu.base[CpuState.FS]);
    assertEquals(GS, cpu.base[CpuState.GS]);
  }
}
