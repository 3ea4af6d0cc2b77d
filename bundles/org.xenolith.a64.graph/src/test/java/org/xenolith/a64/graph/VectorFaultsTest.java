// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.BareMachine;

/** Floating-point and SIMD instructions that can't complete: what is left behind must let them be executed again. */
class VectorFaultsTest {
  private static final int CODE = 0x1000;
  private static final int VECTORS = 0x4000;
  private static final int END = 0x1_0000;
  private static final int FP_ACCESS = 0x07;
  private static final int DATA_ABORT = 0x25;
  private static final int ALIGNMENT = 0x21;

  private final Ram ram = new Ram(0, END);
  private final BareMachine machine = new BareMachine(ram);
  private final Cpu cpu = machine.add(CpuConfig.cortexA57(0));

  /** Executes one instruction at EL1 with the MMU off, after {@code before}; true if it was completed. */
  private boolean execute(String before, String instruction) {
    String source = before + "\n  ldr x1, =0x4000\n  msr vbar_el1, x1\n  isb\n  ldr x1, =0xfff0\n  b go\n  .align 8\ngo:\n  " + instruction
        + "\n  hvc #0\n";
    byte[] bytes = Assembler.program(CODE, source).bytes();
    ram.write(CODE, bytes, 0, bytes.length);
    ram.write(VECTORS + 0x200, 4, Assembler.assemble("hvc #0"));
    cpu.powerOn(CODE, 0);
    try (CpuEngine engine = new Interpreter(cpu)) {
      // The reset of powering on comes with the first run.
      engine.run(1);
      for (int i = 0; i < cpu.v.length; i++) {
        cpu.v[i] = 0x0101_0101_0101_0101L * i;
      }
      assertTrue(machine.runToEnd(engine, 1000), "came to an end");
    }
    return cpu.sys[SysReg.ELR_EL1.ordinal()] == 0;
  }

  private void assertUntouched() {
    long[] v = new long[64];
    for (int i = 0; i < v.length; i++) {
      v[i] = 0x0101_0101_0101_0101L * i;
    }
    assertArrayEquals(v, cpu.v);
    assertEquals(0xFFF0, cpu.x[1], "base");
    assertEquals(CODE + 0x100, cpu.sys[SysReg.ELR_EL1.ordinal()], "return address");
  }

  private int cause() {
    return (int) cpu.sys[SysReg.ESR_EL1.ordinal()] >>> 26;
  }

  @Test
  void trapComesBeforeAnyEffect() {
    for (String instruction : List.of("fadd d0, d1, d2", "fadd s0, s1, s2", "fcmp d0, d1", "fmov x1, d3", "fcvtzs x1, d3",
        "scvtf d0, x1", "fcsel d0, d1, d2, ne", "fccmp d0, d1, #0x0, ne", "orr v0.16b, v1.16b, v1.16b", "orr v0.16b, v1.16b, v2.16b",
        "cmeq v0.16b, v1.16b, #0", "dup v0.4s, w1", "umov x1, v0.d[0]", "ins v0.d[0], x1", "aese v0.16b, v1.16b",
        "shrn v0.8b, v1.8h, #4", "ldr q0, [x1], #16", "str d0, [x1, #8]", "ldp q0, q1, [x1, #-32]!", "stp d0, d1, [x1], #16",
        "ldr s0, [x1, x2]", "ld1 {v0.16b}, [x1], #16", "st4 {v0.4s-v3.4s}, [x1], #64", "ld1r {v0.4s}, [x1], #4",
        "ld2 {v0.b-v1.b}[3], [x1], #2")) {
      VectorFaultsTest fresh = new VectorFaultsTest();
      fresh.execute("", instruction);
      assertEquals(FP_ACCESS, fresh.cause(), instruction);
      fresh.assertUntouched();
      for (int i = 0xFF00; i < END; i++) {
        assertEquals(0, fresh.ram.read(i, 1), instruction + " stores nothing");
      }
    }
  }

  private static final String ENABLE = "  ldr x1, =0x300000\n  msr cpacr_el1, x1\n  isb";

  @Test
  void loadThatRunsOutOfMemoryChangesNoRegister() {
    for (String instruction : List.of("ldp q0, q1, [x1], #32", "ld4 {v0.4s-v3.4s}, [x1], #64", "ld1 {v0.16b-v1.16b}, [x1], #32",
        "ld3r {v0.2d-v2.2d}, [x1], #24", "ld4 {v0.d-v3.d}[1], [x1], #32")) {
      VectorFaultsTest fresh = new VectorFaultsTest();
      fresh.execute(ENABLE, instruction);
      assertEquals(DATA_ABORT, fresh.cause(), instruction);
      if (instruction.startsWith("ldp")) {
        // The first of a pair may have been loaded: it is no address.
        fresh.cpu.v[0] = 0;
        fresh.cpu.v[1] = 0x0101_0101_0101_0101L;
      }
      fresh.assertUntouched();
      assertEquals(END, fresh.cpu.sys[SysReg.FAR_EL1.ordinal()], instruction);
    }
  }

  @Test
  void alignmentOfAccessesIsThatOfTheirElements() {
    String strict = ENABLE + "\n  mrs x1, sctlr_el1\n  orr x1, x1, #2\n  msr sctlr_el1, x1\n  isb";
    for (String instruction : List.of("ldur q0, [x1, #-8]", "stur q0, [x1, #-8]", "ldur d0, [x1, #-4]")) {
      VectorFaultsTest fresh = new VectorFaultsTest();
      fresh.execute(strict, instruction);
      assertEquals(DATA_ABORT, fresh.cause(), instruction);
      assertEquals(ALIGNMENT, (int) fresh.cpu.sys[SysReg.ESR_EL1.ordinal()] & 0x3F, instruction);
      fresh.assertUntouched();
    }
    for (String instruction : List.of("sub x1, x1, #8\n  ld1 {v0.2d}, [x1]", "sub x1, x1, #15\n  st1 {v0.16b}, [x1]",
        "sub x1, x1, #12\n  ld2 {v0.4s-v1.4s}, [x1]")) {
      assertTrue(new VectorFaultsTest().execute(strict + "\n", instruction.replace("#12", "#44").replace("#8", "#24")), instruction);
    }
  }
}
