// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;

/** A loop that does something at R9, which has another address each time, in two pages of data that somebody who looks into the machine watches. */
final class WatchedProgram {
  /** The first page of data; the second one is elsewhere, physically. */
  static final long DATA = X64TestMachine.DATA;
  /** Instructions of the loop. */
  static final int LOOP = 4;
  private static final int SECOND = 0xD000;
  private static final int USER = 7;
  private static final int PAGE = 4096;

  final X64TestMachine machine;

  /**
   * Makes one that is to be done so often.
   *
   * @param body one instruction, in hexadecimal
   * @param step of R9, at most 127
   */
  WatchedProgram(Function<Core, CpuEngine> engine, String body, long first, int step, long times) {
    machine = new X64TestMachine(engine);
    // The instruction; ADD R9, step; DEC RCX; JNZ to it; JMP to itself.
    int back = -(body.length() / 2 + 9);
    byte[] program = HexFormat.of().parseHex(body + "4983c1%02x48ffc975%02xebfe".formatted(step, back & 0xFF));
    machine.user();
    machine.low.write(0x7008, 8, SECOND | USER);
    machine.code.write(0, program, 0, program.length);
    machine.cpu.r[9] = first;
    machine.cpu.r[CpuState.RCX] = times;
    machine.cpu.r[CpuState.RAX] = 0x0123_4567_89AB_CDEFL;
    machine.cpu.restored();
  }

  /** Where a byte of the two pages is, physically. */
  static long physical(long address) {
    return address < DATA + PAGE ? address : address - DATA - PAGE + SECOND;
  }

  /** Has addresses watched from now on, instead of those that were; a line is told for each that is met. */
  void watch(List<WatchedAddress> addresses, Consumer<String> told) {
    List<WatchedAddress> writes = addresses.stream().filter(each -> each.space() == WatchedAddress.Space.PHYSICAL && each.tells(true))
        .toList();
    for (Ram ram : List.of(machine.low, machine.code, machine.data)) {
      ram.clearBreakpoints();
      for (int page = 0; page < ram.size; page += PAGE) {
        long address = ram.base + page;
        ram.watchWrites(page, writes.stream().anyMatch(each -> each.overlaps(address, PAGE)));
      }
      ram.listenToWrites((chunk, offset, length) -> {
        if (writes.stream().anyMatch(each -> each.overlaps(chunk.base + offset, length))) {
          machine.cpu.requestExit();
          told.accept("%d RAM 0x%x %d".formatted(machine.cpu.retired(), chunk.base + offset, length));
        }
      });
    }
    machine.cpu.points.set(addresses, (which, watched, address, size, write) -> told.accept("%d %s 0x%x %d %s".formatted(machine.cpu
        .retired(), watched.kind(), address, size, write)));
    machine.cpu.debugPointsChanged();
  }

  /** Executes until so many instructions were, whoever ends a run before. */
  void runTo(long count) {
    while (machine.cpu.retired() < count) {
      machine.engine.run(count - machine.cpu.retired());
    }
  }

  /** All that it came to. */
  String state() {
    return machine.cpu.state().save() + " " + Arrays.hashCode(machine.data.content()) + " " + Arrays.hashCode(machine.low
        .content()) + " " + Arrays.hashCode(machine.code.content());
  }
}
