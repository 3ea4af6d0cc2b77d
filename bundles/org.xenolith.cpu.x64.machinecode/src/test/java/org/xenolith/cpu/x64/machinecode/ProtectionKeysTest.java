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

/** Machine code that has found a page once obeys a change of PKRU. */
class ProtectionKeysTest {
  private static final int KEY = 3;
  /** RDPKRU, WRPKRU, loads and stores of [R9], and WRPKRU with an operand that is refused. */
  private static final String[] PIECES = {"0f01ee", "89d8" + "0f01ef", "89e8" + "0f01ef", "498b01", "4d8911", "4d0111", "498b01" + "4d8911",
      "ffc1" + "0f01ef" + "ffc9"};

  @TestFactory
  Stream<DynamicTest> machineCode() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("changes between accesses", ProtectionKeysTest::changes)) : Stream
        .empty();
  }

  private static void changes() {
    TwoEngines engines = new TwoEngines();
    java.util.SplittableRandom random = new java.util.SplittableRandom(63);
    List<String> wrong = new ArrayList<>();
    int refused = 0;
    int passed = 0;
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      for (int pieces = 0; pieces < 12; pieces++) {
        text.append(PIECES[random.nextInt(PIECES.length - (random.nextInt(8) == 0 ? 0 : 1))]);
      }
      byte[] program = HexFormat.of().parseHex(text + "0f0b");
      int keys = random.nextInt(4) << 2 * KEY;
      boolean enabled = random.nextInt(8) != 0;
      engines.begin(machine -> {
        machine.code.write(0, program, 0, program.length);
        lock(machine);
        machine.cpu.cr4 |= enabled ? ControlBits.PKE : 0;
        machine.cpu.r[CpuState.RCX] = 0;
        machine.cpu.r[CpuState.RDX] = 0;
        machine.cpu.r[CpuState.RBX] = keys;
        machine.cpu.r[CpuState.RBP] = 0;
        machine.cpu.r[9] = X64TestMachine.DATA + 0x100;
        machine.cpu.pkru = 0;
        machine.cpu.restored();
      });
      String difference = engines.run(40, i);
      if (!difference.isEmpty()) {
        wrong.add(text + ", keys " + keys + ": " + difference);
      }
      refused += handled(engines, ExceptionVector.PF) ? 1 : 0;
      passed += enabled && handled(engines, ExceptionVector.UD) ? 1 : 0;
    }
    assertEquals(List.of(), wrong);
    assertTrue(refused > 50 && passed > 50, "refused " + refused + ", to the end " + passed);
  }

  private static boolean handled(TwoEngines engines, int vector) {
    return engines.actual().pc >>> 4 == X64TestMachine.handler(vector) >>> 4;
  }

  /** The page of data has a key. */
  private static void lock(X64TestMachine machine) {
    long table = machine.cpu.cr3;
    for (int shift = 39;; shift -= 9) {
      int place = (int) (table + (X64TestMachine.DATA >>> shift & 511) * 8);
      long entry = machine.low.read(place, 8);
      if (shift == 12 || (entry & 0x80) != 0) {
        machine.low.write(place, 8, entry | (long) KEY << 59);
        return;
      }
      table = entry & 0xF_FFFF_FFFF_F000L;
    }
  }
}
