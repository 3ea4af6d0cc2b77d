// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64TestHost;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.arch.FlagBits;
import org.xenolith.x64.arch.GuestRegisters;

/** What a guest leaves the CPU for, and how it goes on (AMD64 Architecture Programmer's Manual volume 2, chapter 15). */
class GuestExitsTest {
  private static final long CODE = X64TestMachine.CODE;
  private final X64TestMachine machine = new X64TestMachine(Interpreter::new);
  private final Core cpu = machine.cpu;
  private final X64TestHost host = new X64TestHost(machine, () -> {
  });

  private void program(int level, String code) {
    machine.user();
    byte[] bytes = HexFormat.of().parseHex(code);
    machine.code.write(0, bytes, 0, bytes.length);
    cpu.cpl = level;
    cpu.r[CpuState.RSP] = level == 0 ? 0xF800 : X64TestMachine.DATA + 0x800;
    cpu.restored();
  }

  /** Runs until so many instructions are done that didn't end in a nested fault. */
  private void run(int instructions) {
    for (int done = 0; done < instructions;) {
      cpu.host.nestedRoot();
      assertEquals(1, machine.engine.run(1));
      String notes = host.notes();
      done += notes.contains("nested") ? 0 : 1;
      seen += notes.replaceAll("(?m)^nested.*\n", "");
    }
  }

  private String seen = "";

  @Test
  void aHypercallIsTheHostsAtItsInstruction() {
    program(3, "0f01c1 0f01d9".replace(" ", ""));
    run(1);
    assertEquals(CODE, cpu.r[CpuState.RAX]);
    run(1);
    assertEquals(CODE + 3, cpu.r[CpuState.RAX]);
    assertEquals("start\nhypercall 40000000 0 3\nhypercall 40000003 40000000 3\n", seen);
  }

  @Test
  void withoutAHostItIsUndefined() {
    cpu.host.detach();
    program(0, "0f01c1");
    machine.engine.run(1);
    assertEquals(ExceptionVector.UD, machine.vector());
  }

  @Test
  void aRequestedInterruptComesBehindTheInstructionThatFollowsSti() {
    program(0, "90fb9090");
    run(1);
    cpu.host.request(true);
    run(2);
    assertEquals("start\n", seen);
    assertEquals(CODE + 3, cpu.pc);
    // Its delivery needs pages that nested tables don't have yet, which are no instructions of the guest's.
    machine.engine.run(1);
    assertEquals(X64TestHost.VECTOR, machine.vector());
    assertEquals(CODE + 3, machine.frame(0));
    assertFalse(cpu.host.requested());
  }

  @Test
  void anEventWhoseDeliveryLeavesTheGuestIsDeliveredOnce() {
    program(3, "cc");
    cpu.flags &= ~FlagBits.IF;
    program(3, "0f0b");
    run(0);
    for (int i = 0; i < 20 && cpu.pc == CODE; i++) {
      machine.engine.run(1);
    }
    assertEquals(ExceptionVector.UD, machine.vector());
    assertEquals(CODE, machine.frame(0));
    assertEquals(0xB800 - 40, cpu.r[CpuState.RSP], "one frame, on the stack of level 0");
    assertTrue(host.notes().contains("nested b000 1 0"), "the stack's page was missing");
  }

  @Test
  void hltWaitsAsLongAsTheHostSays() {
    program(0, "f4ffc3");
    run(1);
    machine.engine.run(10);
    assertFalse(cpu.runnable());
    assertTrue(host.notes().startsWith("halted 40000001"));
  }

  @Test
  void registersOfTwoGuestsAreKeptApart() {
    program(0, "ffc3ffc3ffc3");
    cpu.xmm[7] = 5;
    run(1);
    GuestRegisters one = new GuestRegisters();
    GuestRegisters other = new GuestRegisters();
    one.save(cpu);
    other.reset();
    other.load(cpu);
    assertEquals(0xFFF0, cpu.pc);
    assertEquals(0, cpu.r[CpuState.RBX]);
    assertEquals(0, cpu.xmm[7]);
    assertTrue(cpu.real());
    other.save(cpu);
    one.load(cpu);
    run(1);
    assertEquals(2, cpu.r[CpuState.RBX]);
    assertEquals(5, cpu.xmm[7]);
    assertEquals(CODE + 4, cpu.pc);
  }

  @Test
  void resetRegistersAreThoseOfAReset() {
    cpu.reset();
    GuestRegisters kept = new GuestRegisters();
    kept.reset();
    var reset = cpu.state().save().values();
    kept.load(cpu);
    cpu.r[CpuState.RDX] = cpu.model.signature();
    var loaded = cpu.state().save().values();
    reset.forEach((name, value) -> assertTrue(java.util.Objects.deepEquals(value, loaded.get(name)), name));
  }
}
