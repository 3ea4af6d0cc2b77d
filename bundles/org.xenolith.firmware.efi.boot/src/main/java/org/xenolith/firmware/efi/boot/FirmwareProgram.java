// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.fdt.Fdt;

/**
 * The part of the firmware that the guest executes: entry, stubs behind function pointers, the way back, accesses to hardware, vectors. It
 * writes nothing of itself. What the assembler makes of its source lies beside that, since a start that assembles it takes tens of milliseconds more.
 */
abstract class FirmwareProgram {
  /** Firmware was entered; what the registers have is {@link #entered}'s. */
  static final int ENTER = 0xC300_EF50;
  /** A stub was called: x1 the frame, x2 the function's number, x3 counter. */
  static final int SERVICE = ENTER + 1;
  /** A function that the firmware has called returned: x2 what it gave. */
  static final int RETURNED = ENTER + 2;
  /** A wait is over. */
  static final int WOKEN = ENTER + 3;
  /** An exception was taken: x1 its frame, x2 the vector's number. */
  static final int TOOK = ENTER + 4;
  /** Identifiers of calls. */
  static final int CALLS = 5;

  /** What is next: the call returns. */
  static final int RETURN = 0;
  /** A function is called: x2 its address, x3 the stack, x4 address of the first eight arguments. */
  static final int CALL = 1;
  /** Time passes up to x2, with stack x3. */
  static final int WAIT = 2;
  /** An exception is over. */
  static final int RESUME = 3;
  /** Nothing goes on. */
  static final int STAND = 4;

  /** The timer stays as it is. */
  static final int TIMER_AS_IT_IS = 0;
  /** The timer is set. */
  static final int TIMER_ON = 1;
  /** The timer is off. */
  static final int TIMER_OFF = 2;

  /** Functions that can have pointers. */
  static final int FUNCTIONS = 2048;
  /** Bytes of an entry of the list of accesses. */
  static final int ACCESS = 64;
  /** Bytes that it takes as a whole, in pages of 64 KiB. */
  static final int SIZE = 0x1_0000;
  private static final Map<Conduit, FirmwareProgram> MADE = new EnumMap<>(Conduit.class);

  private final Map<String, Integer> labels = new HashMap<>();

  /** @param labelsFile beside this class: a line for each label that is asked for, its name and its offset */
  FirmwareProgram(String labelsFile) {
    for (String line : new String(file(labelsFile), StandardCharsets.US_ASCII).split("\n")) {
      int blank = line.indexOf(' ');
      labels.put(line.substring(0, blank), Integer.parseInt(line.substring(blank + 1)));
    }
  }

  /**
   * With what the program was entered.
   *
   * @param program    where it is
   * @param tree       where the device tree is
   * @param counter    the counter now
   * @param frequency  its counts in a second
   * @param hypervisor whether it runs at EL2
   */
  record Entered(long program, long tree, long counter, long frequency, boolean hypervisor) {}

  /** The program, for those who trap so. */
  static FirmwareProgram of(Conduit conduit) {
    synchronized (MADE) {
      return MADE.computeIfAbsent(conduit, each -> each == Conduit.VMCALL ? new X64Program() : new A64Program(each));
    }
  }

  static byte[] file(String name) {
    try (InputStream in = FirmwareProgram.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  final long label(String name) {
    return labels.get(name);
  }

  /** The bytes of it. */
  abstract byte[] bytes();

  /** Bytes of a stub. */
  abstract int stubSize();

  /** Bytes of a frame, which begins with eight arguments. */
  abstract int frame();

  /** Where the result is in a frame. */
  abstract int frameResult();

  /** Where a function's arguments are that aren't in its frame, behind that. @param index 8 and up */
  abstract long argument(int index);

  /** The machine that images of its guests are for (Microsoft, PE Format, Machine Types). */
  abstract PeMachine machine();

  /**
   * What {@link #ENTER} says.
   *
   * @param registers x0 to x6
   * @throws org.xenolith.efi.boot.api.EfiError if that is nothing firmware can start from; says what
   */
  abstract Entered entered(EfiRam memory, long[] registers);

  /**
   * Makes the translation that the firmware runs with.
   *
   * @param pages gives so many zeroed pages
   * @param ram   all RAM
   * @return what the program finds in x1 and up
   */
  abstract long[] translation(EfiRam memory, LongUnaryOperator pages, long stack, List<TreeMemory.Piece> ram);

  /** How the timer's interrupt reaches the boot CPU; null if the tree doesn't say. */
  abstract TimerInterrupt interrupts(Fdt tree, boolean hypervisor);

  /** Whether an exception is the timer's interrupt. @param vector its number */
  abstract boolean isInterrupt(int vector);

  /** What an exception that nobody expects was, for people. @param frame where its registers are */
  abstract String exception(EfiRam memory, long frame, int vector);

  /** Where the stub of a function is, behind the program's beginning. */
  final long stub(int function) {
    return label("stubs") + (long) stubSize() * function;
  }

  /** The function whose stub is there; -1 if there is none. @param offset behind the program's beginning */
  final int function(long offset) {
    long at = offset - label("stubs");
    return at < 0 || at % stubSize() != 0 || at >= (long) stubSize() * FUNCTIONS ? -1 : (int) (at / stubSize());
  }

  /** Where the routine is that switches on what the CPU itself has of an interrupt controller: a GICv3's interface, the local APIC. It returns an EFI status. */
  abstract long interruptsOn();

  /** Where it reads what is to be acknowledged; see {@link TimerInterrupt#acknowledged}. */
  final long acknowledged() {
    return label("gic");
  }

  /** Where the routine is that touches hardware. */
  final long touch() {
    return label("touch");
  }
}
