// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.testkit.x64.X64TestHost;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;

/** A guest of a host's software: both engines leave it for the same, behind the same instructions. */
class GuestTest {
  private static final int PROGRAMS = 6000;
  /** Linear address of the page that the host answers at. */
  private static final long EMULATED = X64TestMachine.DATA + 0x1000;
  /** CPUID, RDMSR, WRMSR, IN and OUT, VMCALL, VMMCALL, HLT, STI, CLI, MOV of CR8, loads and stores of [R10], which is emulated, and of [R9], which isn't, pushes and pops, a system call by INT, UD2,
   * arithmetic, jumps to the next instruction. */
  private static final String[] PIECES = {"0fa2", "0f32", "0f30", "ec", "ed", "e671", "e571", "ef", "0f01c1", "0f01d9", "f4", "fb", "fb",
      "fa",
      "440f20c0", "440f22c3", "498b02", "498902", "41880a", "450fb602", "49010a", "41c70211223344", "498b01", "498901", "49010149", "50",
      "58",
      "cc", "0f0b", "4801c8", "ffc3", "ffc1", "b999000000", "31c9", "31db", "31c0", "eb00", "e800000000", "9c", "90", "6c", "6e"};

  @TestFactory
  Stream<DynamicTest> machineCode() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("exits of random programs", GuestTest::programs)) : Stream.empty();
  }

  private static byte[] program(SplittableRandom random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < 24; i++) {
      bytes.writeBytes(HexFormat.of().parseHex(PIECES[random.nextInt(PIECES.length)]));
    }
    return bytes.toByteArray();
  }

  private static void programs() {
    TwoEngines engines = new TwoEngines();
    Map<X64TestMachine, OneInterrupt> controllers = new HashMap<>();
    Map<X64TestMachine, X64TestHost> hosts = new HashMap<>();
    engines.each(machine -> {
      OneInterrupt controller = new OneInterrupt(machine.cpu);
      controllers.put(machine, controller);
      hosts.put(machine, new X64TestHost(machine, controller::ask));
    });
    SplittableRandom random = new SplittableRandom(31);
    for (int i = 0; i < PROGRAMS; i++) {
      byte[] program = program(random);
      int level = random.nextInt(4) == 0 ? 3 : 0;
      boolean forgets = random.nextInt(8) == 0;
      engines.begin(machine -> prepare(machine, program, level, hosts.get(machine), forgets));
      String what = "program " + i + " at level " + level + ": " + HexFormat.of().formatHex(program);
      assertEquals("", engines.run(80, i, machine -> controllers.get(machine).ask()), what);
      List<String> notes = hosts.values().stream().map(X64TestHost::notes).toList();
      assertEquals(notes.getFirst(), notes.getLast(), what);
    }
    engines.close();
    Map<String, Integer> counts = hosts.values().iterator().next().counts();
    counts.forEach((call, times) -> assertTrue(times > 150 || call.equals("shutdown"), call + " came " + times + " times"));
    assertEquals(15, counts.size() - (counts.containsKey("shutdown") ? 1 : 0), counts.toString());
  }

  /** At a level, with exceptions whose handlers halt and return. */
  private static void prepare(X64TestMachine machine, byte[] program, int level, X64TestHost host, boolean forgets) {
    Core cpu = machine.cpu;
    if (forgets) {
      host.forgetTables();
    }
    machine.code.write(0, program, 0, program.length);
    machine.low.write(0x7008, 8, X64TestHost.EMULATED | 7);
    for (int vector = 0; vector < 32; vector++) {
      machine.low.write((int) X64TestMachine.handler(vector), 4, 0xCF48_F4);
    }
    cpu.r[9] = X64TestMachine.DATA + 64;
    cpu.r[10] = EMULATED + 0x20;
    cpu.r[CpuState.RDX] = 0x42;
    cpu.r[CpuState.RSI] = X64TestMachine.DATA;
    cpu.r[CpuState.RDI] = X64TestMachine.DATA;
    cpu.r[CpuState.RSP] = level == 0 ? 0xF800 : X64TestMachine.DATA + 0x800;
    cpu.flags |= level == 3 ? 3 << 12 : 0;
    cpu.cpl = level;
    cpu.restored();
  }
}
