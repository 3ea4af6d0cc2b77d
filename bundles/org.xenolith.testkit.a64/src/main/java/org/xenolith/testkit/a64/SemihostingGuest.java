// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.kit.Ram;

/**
 * A guest that makes semihosting calls in a loop, of which engines like to make code: for each engine, which must answer each call once and at its instruction, and take
 * HLT for UNDEFINED where nobody answers.
 */
public final class SemihostingGuest extends BareMachine {
  private static final long RAM = 0x4000_0000L;
  private static final int VECTORS = 0x1000;
  private static final int SYNCHRONOUS = 0x200;
  private static final int ROUNDS = 300;
  private static final int OPERATION = 5;
  private static final int MOST = 100_000;
  /** Where HLT is: the address of the vectors takes two instructions. */
  private static final int CALL = 4 * 7;
  private static final String PROGRAM = """
        ldr x4, =0x40001000
        msr vbar_el1, x4
        isb
        mov x3, #300
      again:
        mov x1, x3
        mov x0, #5
        %s
        add x2, x2, x0
        subs x3, x3, #1
        b.ne again
        hvc #0
      """;
  private static final String VECTOR = """
        mrs x10, esr_el1
        mrs x11, elr_el1
        hvc #0
      """;

  private final Cpu cpu;
  private final CpuEngine engine;
  private int calls;

  private SemihostingGuest(CpuEngineFactory factory, String halt, boolean answered) {
    super(new Ram(RAM, 1 << 16));
    put(0, PROGRAM.formatted(halt));
    put(VECTORS + SYNCHRONOUS, VECTOR);
    cpu = add(CpuConfig.cortexA57(0));
    if (answered) {
      cpu.semihosting(call -> {
        assertEquals(OPERATION, call.operation());
        assertEquals(ROUNDS - calls, call.parameter());
        calls++;
        return call.parameter() * 3;
      });
    }
    cpu.powerOn(RAM, 0);
    engine = factory.create(cpu);
  }

  private void put(int offset, String source) {
    byte[] bytes = Assembler.program(RAM + offset, source).bytes();
    ram(RAM).write(offset, bytes, 0, bytes.length);
  }

  private boolean ends(@Nullable Random cut) {
    for (int i = 0; cut != null && i < ROUNDS; i++) {
      if (runToEnd(engine, 1 + cut.nextInt(4))) {
        return true;
      }
    }
    return runToEnd(engine, MOST);
  }

  /** Fails unless an engine executes such guests as Arm IHI 0072 and the Arm ARM have it. */
  public static void check(CpuEngineFactory factory) {
    for (Random cut : new Random[] {null, new Random(1)}) {
      SemihostingGuest guest = new SemihostingGuest(factory, "hlt #0xf000", true);
      assertEquals(true, guest.ends(cut), "it comes to its end");
      assertEquals(ROUNDS, guest.calls);
      assertEquals(3L * ROUNDS * (ROUNDS + 1) / 2, guest.cpu.x[2], "each answer once");
      assertEquals(0, guest.cpu.x[10], "no exception");
      guest.engine.close();
    }
    undefined(new SemihostingGuest(factory, "hlt #0xf000", false));
    undefined(new SemihostingGuest(factory, "hlt #0xf001", true));
  }

  private static void undefined(SemihostingGuest guest) {
    assertEquals(true, guest.ends(null), "it comes to its vector's end");
    assertEquals(0, guest.calls);
    assertEquals(0x0200_0000L, guest.cpu.x[10], "ESR_EL1: unknown reason");
    assertEquals(guest.cpu.sys[SysReg.ELR_EL1.ordinal()], guest.cpu.x[11]);
    assertEquals(RAM + CALL, guest.cpu.x[11], "ELR_EL1: at the HLT");
    guest.engine.close();
  }
}
