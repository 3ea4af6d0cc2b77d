// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuState;

/** A device has the same accesses in the same order whichever engine makes them; its answers come to the same registers, and what it asserts or overwrites behind the same instruction. */
class BusMoveTest {
  private static final int PROGRAMS = 4000;
  private static final long DEVICE = X64TestMachine.DATA + 4096;
  private static final long PHYSICAL = 0x6000_0000L;
  private static final int TABLE_ENTRY = 0x7008;
  private static final int PRESENT = 3;
  /** Where the device leaves what it was asked. */
  private static final int LOG = 0xE000;
  /** MOV and MOVZX of each size at R9 and RBP, which is the device, aligned or not, beyond the page's end, with high bytes, at what RBX says; ADD of memory; STI, CLI, CLI behind STI, RDTSC, INC. */
  private static final String[] PIECES = {"418b01", "498b4108", "66418b5902", "418a5103", "458a7105", "410fb67101", "410fb77906",
      "66410fb67101", "41894110", "49895918", "6641894920", "41885121", "8a6500", "886501", "41c7412878563412", "49c74130785634f2",
      "6641c741383412", "41c6413a77", "418b4101", "498b4105", "418b81fe0f0000", "4189419d", "410101", "fb", "fa", "fbfa", "fb418b01",
      "0f31", "81e3ff0f0000418b0419", "81cbf80f000081e3ff0f000041890419",
      "ffc3"};

  @TestFactory
  Stream<DynamicTest> machineCode() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("a device", BusMoveTest::programs)) : Stream.empty();
  }

  private static void programs() {
    TwoEngines engines = new TwoEngines();
    Map<X64TestMachine, Device> devices = new HashMap<>();
    engines.each(machine -> {
      Device device = new Device(machine, new OneInterrupt(machine.cpu));
      devices.put(machine, device);
      machine.device = device;
    });
    SplittableRandom random = new SplittableRandom(19);
    int taken = 0;
    for (int i = 0; i < PROGRAMS; i++) {
      byte[] program = program(random);
      boolean quiet = random.nextBoolean();
      engines.begin(machine -> {
        devices.get(machine).begin(quiet);
        machine.code.write(0, program, 0, program.length);
        machine.low.write(TABLE_ENTRY, 8, PHYSICAL | PRESENT);
        machine.low.write(TABLE_ENTRY + 8, 8, PHYSICAL + 0x3000 | PRESENT);
        machine.cpu.r[9] = DEVICE;
        machine.cpu.r[CpuState.RBP] = DEVICE + 0x40;
        machine.cpu.r[CpuState.RSP] = 0xF800;
        machine.cpu.cpl = 0;
        machine.cpu.restored();
      });
      assertEquals("", engines.run(250, i), "program " + i + ": " + HexFormat.of().formatHex(program));
      taken += engines.actual().pc == X64TestMachine.handler(OneInterrupt.VECTOR) + 1 ? 1 : 0;
    }
    assertNotEquals(0, taken);
  }

  /** Some pieces, again and again: what went to the bus does so without a look the next time. */
  private static byte[] program(SplittableRandom random) {
    ByteArrayOutputStream program = new ByteArrayOutputStream();
    for (int piece = 0; piece < 12; piece++) {
      program.writeBytes(HexFormat.of().parseHex(PIECES[random.nextInt(PIECES.length)]));
    }
    program.write(0xEB);
    program.write(-(program.size() + 1));
    return program.toByteArray();
  }

  /** Answers with what follows from all it was asked; now and then it asserts an interrupt, or writes to the page of code. */
  private static final class Device implements PhysicalBus {
    private final X64TestMachine machine;
    private final OneInterrupt interrupt;
    private long log;
    private boolean quiet;

    Device(X64TestMachine machine, OneInterrupt interrupt) {
      this.machine = machine;
      this.interrupt = interrupt;
    }

    /** @param isQuiet whether it only answers */
    void begin(boolean isQuiet) {
      quiet = isQuiet;
      log = 0;
    }

    private void note(long address, int size, long value) {
      log = (log ^ address * 31 ^ size * 17L ^ value ^ machine.cpu.executed() << 40) * 0x9E37_79B9_7F4A_7C15L;
      log ^= log >>> 29;
      machine.low.write(LOG, 8, log);
      if (quiet) {
        return;
      }
      switch ((int) (log & 63)) {
        case 0 -> interrupt.ask();
        case 1 -> machine.code.write((int) (log >>> 8 & 63), 1, 0x90);
        default -> {
          // Nothing else happens.
        }
      }
    }

    @Override
    public long read(long address, int size) {
      note(address, size, 1);
      return log & -1L >>> 64 - 8 * size;
    }

    @Override
    public void write(long address, int size, long value) {
      note(address, size, value * 2);
    }
  }
}
