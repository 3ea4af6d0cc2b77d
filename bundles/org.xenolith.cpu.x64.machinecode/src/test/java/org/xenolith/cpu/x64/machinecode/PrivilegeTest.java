// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.ControlBits;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.arch.FlagBits;

/** What asks for a privilege is refused in machine code as it is by the interpreter, though the code was made where it was allowed. */
class PrivilegeTest {
  /** STI, CLI, POPF of IF, IN, OUT, HLT, SWAPGS, RDTSC, RDTSCP, RDMSR, WRMSR, CLTS, INVD, WBINVD, INVLPG, LMSW, MOV CR0, CR3 and DR7, LGDT, LLDT, LTR, STAC, CLAC, XSETBV, RDPMC, IRET, SYSRET, SYSEXIT, SGDT, SMSW. */
  private static final String[] ASKING = {"fb", "fa", "9c48810c24000200009d", "9c48812424fffdffff9d", "ec", "ee", "f4", "0f01f8", "0f31",
      "0f01f9", "0f32", "0f30", "0f06", "0f08", "0f09", "0f0138", "0f01f0", "0f20c0", "0f22d8", "0f21f8", "0f0117", "0f00d0", "0f00d8",
      "0f01cb", "0f01ca", "0f01d1", "0f33", "48cf", "480f07", "480f35", "0f0107", "0f01e0"};

  @TestFactory
  Stream<DynamicTest> machineCode() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("instructions at each level", PrivilegeTest::levels)) : Stream.empty();
  }

  private static void levels() {
    TwoEngines engines = new TwoEngines();
    List<String> wrong = new ArrayList<>();
    int refused = 0;
    for (String asking : ASKING) {
      // The code is made and used at level 0, or with IOPL 3, and meets one that may not.
      for (int state = 0; state < 16; state++) {
        int flags = ((state & 1) != 0 ? FlagBits.IF : 0) | ((state & 2) != 0 ? FlagBits.IOPL : 0);
        int level = (state & 4) != 0 ? 3 : 0;
        long control = (state & 8) != 0 ? ControlBits.TSD | ControlBits.UMIP : 0;
        byte[] program = HexFormat.of().parseHex("90" + asking + "90" + asking + "900f0b");
        engines.begin(machine -> {
          machine.code.write(0, program, 0, program.length);
          machine.cpu.flags |= flags;
          machine.cpu.cpl = level;
          machine.cpu.segments.set(CpuState.CS, level == 0 ? 8 : 0x33, 0, 0xFFFF_FFFFL, level == 0 ? 0xA09B : 0xA0FB);
          machine.cpu.segments.set(CpuState.SS, level == 0 ? 0x10 : 0x2B, 0, 0xFFFF_FFFFL, level == 0 ? 0xC093 : 0xC0F3);
          machine.cpu.r[CpuState.RSP] = level == 0 ? 0xF800 : X64TestMachine.DATA + 0x800;
          machine.cpu.r[CpuState.RDI] = X64TestMachine.DATA;
          machine.cpu.cr4 |= control;
          machine.cpu.restored();
        });
        String difference = engines.run(12, state);
        if (!difference.isEmpty()) {
          wrong.add(asking + " at level " + level + ", flags " + Integer.toHexString(flags) + ": " + difference);
        }
        boolean isRefused = engines.actual().pc >>> 4 == X64TestMachine.handler(ExceptionVector.GP) >>> 4;
        refused += isRefused ? 1 : 0;
        if (level == 3 && (flags & FlagBits.IOPL) == 0 && (asking.equals("fb") || asking.equals("fa")) && !isRefused) {
          wrong.add(asking + " at level 3 wasn't refused");
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(refused > 100, "what was refused: " + refused);
  }
}
