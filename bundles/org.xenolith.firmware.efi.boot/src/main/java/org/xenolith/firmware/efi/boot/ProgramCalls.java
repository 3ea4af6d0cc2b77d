// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.xenolith.efi.boot.api.EfiError;

/** Answers the calls of the program in one guest. */
final class ProgramCalls {
  private static final long NOT_SUPPORTED = -1;

  private final BootFirmware firmware;
  private final FirmwareEnvironment around;

  ProgramCalls(BootFirmware firmware, FirmwareEnvironment around) {
    this.firmware = firmware;
    this.around = around;
  }

  /** Whether a function identifier is one of the program's. */
  static boolean answers(int function) {
    return function >= FirmwareProgram.ENTER && function < FirmwareProgram.ENTER + FirmwareProgram.CALLS;
  }

  /** Answers. @param registers x0 to x7; x0 to x6 are what the program finds */
  void call(long[] registers) {
    int function = (int) registers[0];
    if (function == FirmwareProgram.ENTER) {
      enter(registers);
      return;
    }
    Verdict verdict;
    try {
      verdict = answer(function, registers[1], registers[2], registers[3]);
    } catch (EfiError e) {
      // What the program itself needs, such as the stack, isn't memory.
      around.announce("efi-stack", e.getMessage());
      verdict = Verdict.STAND;
    }
    registers[0] = verdict.code();
    registers[1] = verdict.frame();
    registers[2] = verdict.x2();
    registers[3] = verdict.x3();
    registers[4] = verdict.x4();
    registers[5] = verdict.posts() | verdict.timer();
    registers[6] = verdict.due();
  }

  private Verdict answer(int function, long frame, long value, long counter) {
    return switch (function) {
      case FirmwareProgram.SERVICE -> firmware.service(frame, (int) value, counter);
      case FirmwareProgram.RETURNED -> firmware.goOn(frame, true, value, counter);
      case FirmwareProgram.WOKEN -> firmware.goOn(frame, false, 0, counter);
      default -> firmware.program().isInterrupt((int) value) ? firmware.interrupt(frame, counter) : exception(frame, (int) value);
    };
  }

  private Verdict exception(long frame, int vector) {
    around.announce("efi-exception", firmware.program().exception(around.memory(), frame, vector) + ": nothing goes on in this firmware");
    return Verdict.STAND;
  }

  private void enter(long[] registers) {
    try {
      long[] given = firmware.enter(registers);
      registers[0] = 0;
      System.arraycopy(given, 0, registers, 1, given.length);
    } catch (EfiError e) {
      around.announce("efi-entry", e.getMessage());
      registers[0] = NOT_SUPPORTED;
    }
  }
}
