// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuContext;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateRecord;

/** What a hypervisor in Java does with guests: switches them, reaches their memory; and what a trap costs. */
class VirtualCpuTest {
  private static final long OTHER_TABLES = 0x11_0000;
  /** Physical address of the other guest's memory; 8 MiB. */
  private static final long OTHER = 0x80_0000;
  private static final int AT_S12E1R = SystemRegister.id(1, 4, 7, 8, 4);

  /** Two guests that give way with {@code hvc #2}. */
  private static final class TwoGuests extends ToyHypervisor {
    final CpuContext[] contexts = {new CpuContext(), new CpuContext()};
    final long[] roots = {TABLES | 1L << 48, OTHER_TABLES | 2L << 48};
    int current;
    int switches;

    TwoGuests(String first, String second) {
      map(bench.ram, OTHER_TABLES, OTHER);
      bench.load(OTHER + 0x8_0000, second);
      contexts[1].reset(0x8_0000, 77);
      guest(first);
    }

    @Override
    void trap(Cpu cpu, int exceptionClass, int iss) {
      contexts[current].save(cpu);
      current ^= 1;
      switches++;
      contexts[current].load(cpu);
      cpu.el2.write(SysReg.VTTBR_EL2, roots[current]);
    }
  }

  @Test
  void guestsAreSwitchedWithoutSeeingEachOther() {
    String first = """
        mov x1, #0x9000
        mov sp, x1
        msr tpidr_el1, x1
        fmov d3, x1
        mov x2, #1
        str x2, [x1]
        hvc #2
        ldr x3, [x1]
        mrs x4, tpidr_el1
        fmov x5, d3
        mov x6, sp
        hvc #2
        hvc #0
        """;
    String second = """
        mov x10, #0x300000
        msr cpacr_el1, x10
        mov x1, #0x9000
        mov x2, #2
        ldr x3, [x1]
        str x2, [x1]
        msr tpidr_el1, x0
        fmov d3, x0
        mov sp, x0
        cmp x0, x0
        hvc #2
        cset x7, eq
        mrs x4, tpidr_el1
        hvc #2
        hvc #0
        """;
    TwoGuests toy = new TwoGuests(first, second);
    assertEquals(7 + 11 + 5 + 3 + 1, toy.bench.run(1000));
    assertEquals(4, toy.switches);
    assertEquals(1, toy.bench.cpu.x[3]);
    assertEquals(0x9000, toy.bench.cpu.x[4]);
    assertEquals(0x9000, toy.bench.cpu.x[5]);
    assertEquals(0x9000, toy.bench.cpu.x[6]);
    CpuContext other = toy.contexts[1];
    assertEquals(0, other.x(3));
    assertEquals(77, other.x(4));
    assertEquals(1, other.x(7));
    assertEquals(0x8_0000 + 12 * 4 + 8, other.pc());
    assertEquals(0x30_0000, other.register(SysReg.CPACR_EL1));
    assertThrows(IllegalArgumentException.class, () -> other.register(SysReg.HCR_EL2));
    assertEquals(1, toy.bench.ram.read(0x9000, 8));
    assertEquals(2, toy.bench.ram.read((int) OTHER + 0x9000, 8));
  }

  @Test
  void contextIsPartOfItsOwnersState() {
    DeviceState state = new DeviceState();
    CpuContext context = new CpuContext(state, "vcpu0.");
    context.reset(0x1234, 5);
    StateRecord record = state.save();
    state.reset();
    state.restore(record);
    ToyHypervisor toy = new ToyHypervisor() {
      @Override
      public void start(Cpu cpu) {
        super.start(cpu);
        context.load(cpu);
      }
    };
    toy.guest("nop");
    assertEquals(0x1234, toy.bench.cpu.pc);
    assertEquals(5, toy.bench.cpu.x[0]);
    assertThrows(IllegalStateException.class, () -> context.save(toy.bench.cpu));
  }

  @Test
  void guestMemoryIsReachedThroughBothStages() {
    ToyHypervisor toy = new ToyHypervisor().guest("b .");
    ToyHypervisor.map(toy.bench.ram, ToyHypervisor.TABLES, 0x80_0000);
    Cpu cpu = toy.bench.cpu;
    byte[] text = "across the end of a page".getBytes(StandardCharsets.US_ASCII);
    assertEquals(0, cpu.el2.memory.write(0x9_0FF8, text, 0, text.length, false));
    assertEquals('a', toy.bench.ram.read(0x89_0FF8, 1));
    byte[] back = new byte[text.length + 1];
    assertEquals(0, cpu.el2.memory.read(0x9_0FF8, back, 1, text.length, false));
    assertArrayEquals(text, java.util.Arrays.copyOfRange(back, 1, back.length));
    assertEquals(1 | 6 << 1 | 1 << 9 | 1 << 11, cpu.el2.memory.read(0x7F_FFFF, back, 0, 2, false), "level 2, stage 2");
    cpu.el2.operation(AT_S12E1R, 0x9_0000);
    assertEquals(0x89_0000, cpu.el2.read(SysReg.PAR_EL1) & 0xFFFF_FFFF_F001L);
    assertEquals(0x89_0000, cpu.el2.translate(0x9_0000, true, true) & 0xFFFF_FFFF_F001L);
    assertEquals(1, cpu.el);
  }

  @Test
  void whatCantBeWalkedIsAFaultNotAnException() {
    ToyHypervisor toy = new ToyHypervisor().guest("b .");
    Cpu cpu = toy.bench.cpu;
    // Stage 2 sends the guest's tables to where nothing answers.
    toy.bench.ram.write((int) ToyHypervisor.TABLES + 0x1000 + 8, 8, 0x4000_07FDL & -1L << 21 | 0x7FD);
    cpu.el2.write(SysReg.TTBR0_EL1, 0x20_0000);
    cpu.el2.write(SysReg.TCR_EL1, 25 | 4L << 32);
    cpu.el2.write(SysReg.SCTLR_EL1, 0x30D0_0801L);
    long external = 1 | 0x15 << 1 | 1 << 11;
    assertEquals(external, cpu.el2.translate(0x8000, false, false));
    cpu.el2.operation(AT_S12E1R, 0x8000);
    assertEquals(external, cpu.el2.read(SysReg.PAR_EL1));
    assertThrows(IllegalArgumentException.class, () -> cpu.el2.operation(SystemRegister.id(1, 3, 7, 14, 1), 0));
  }

  @Test
  void trapsAllocateNothing() {
    ToyHypervisor toy = calls();
    com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      toy.bench.engine.run(30_000);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least < 1000, "10,000 calls allocate " + least + " bytes");
  }

  @Test
  void callIsMeasured() {
    ToyHypervisor toy = calls();
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      long start = System.nanoTime();
      toy.bench.engine.run(300_000);
      best = Math.min(best, System.nanoTime() - start);
    }
    System.out.printf("null HVC to Java and back, with its loop: %.1f ns%n", best / 100_000.0);
    assertTrue(toy.bench.cpu.x[0] > 1_000_000);
  }

  private static ToyHypervisor calls() {
    ToyHypervisor toy = new ToyHypervisor();
    toy.logging = false;
    return toy.guest("loop: hvc #1\n add x1, x1, #1\n b loop");
  }
}
