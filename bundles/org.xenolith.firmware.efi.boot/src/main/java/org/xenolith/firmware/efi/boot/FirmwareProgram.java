// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;

/**
 * The part of the firmware that the guest executes: entry, stubs behind function pointers, the way back, accesses to hardware, vectors. It has
 * the header of an arm64 Image (Linux, Documentation/arch/arm64/booting.rst), may lie on any page, and writes nothing of itself. Its source is
 * {@code program.s}; what the assembler makes of it lies beside, since a start that assembles it takes tens of milliseconds more.
 */
final class FirmwareProgram {
  /** Firmware was entered: x1 where the program is, x2 the device tree, x3 counter, x4 CurrentEL, x5 the counter's frequency. */
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
  /** A function is called: x2 its address, x3 the stack, x4 address of x0 to x7. */
  static final int CALL = 1;
  /** Time passes up to x2, with stack x3. */
  static final int WAIT = 2;
  /** An exception is over. */
  static final int RESUME = 3;
  /** Nothing goes on. */
  static final int STAND = 4;

  /** The vector of interrupts at the program's own exception level. */
  static final int IRQ = 5;

  /** The timer stays as it is. */
  static final int TIMER_AS_IT_IS = 0;
  /** The timer is set. */
  static final int TIMER_ON = 1;
  /** The timer is off. */
  static final int TIMER_OFF = 2;

  /** Bytes of a frame: x0 to x7, x29, x30, x19 to x28, d8 to d15, result. */
  static final int FRAME = 240;
  /** Where the result is in a frame. */
  static final int FRAME_RESULT = 224;
  /** Bytes of an exception's frame: x0 to x30, ELR, SPSR, ESR, FAR, vectors that calls may change. */
  static final int EXCEPTION = 672;
  /** Where ELR is in it; SPSR, ESR and FAR follow. */
  static final int EXCEPTION_ELR = 248;
  /** Functions that can have pointers. */
  static final int FUNCTIONS = 2048;
  /** Bytes of an entry of the list of accesses. */
  static final int ACCESS = 64;
  private static final int STUB = 8;
  /** Bytes that it takes as a whole, in pages of 64 KiB. */
  static final int SIZE = 0x1_0000;

  /** movz w17, #0. */
  private static final int NAME_FUNCTION = 0x5280_0011;
  private static final int BRANCH = 0x1400_0000;
  private static final int BRANCH_OFFSET = 0x03FF_FFFF;
  private static final Map<Conduit, FirmwareProgram> MADE = new EnumMap<>(Conduit.class);

  /** What traps in the assembled program: SMC #0, as on a board. */
  private static final int SMC = 0xD400_0003;
  private static final int HVC = 0xD400_0002;
  /** Files beside this class: the assembled program, and a line for each label that is asked for, its name and its offset. */
  static final String ASSEMBLED = "program.bin";
  static final String LABELS = "program.labels";

  private final Map<String, Integer> labels = new HashMap<>();
  private final byte[] bytes;

  private FirmwareProgram(Conduit conduit) {
    for (String line : new String(file(LABELS), StandardCharsets.US_ASCII).split("\n")) {
      int blank = line.indexOf(' ');
      labels.put(line.substring(0, blank), Integer.parseInt(line.substring(blank + 1)));
    }
    byte[] assembled = file(ASSEMBLED);
    ByteBuffer out = ByteBuffer.allocate((int) stub(FUNCTIONS)).order(ByteOrder.LITTLE_ENDIAN).put(assembled);
    for (int at = 0; conduit == Conduit.HVC && at < assembled.length; at += Integer.BYTES) {
      if (out.getInt(at) == SMC) {
        out.putInt(at, HVC);
      }
    }
    for (int i = 0; i < FUNCTIONS; i++) {
      out.putInt((int) stub(i), NAME_FUNCTION | i << 5);
      out.putInt((int) stub(i) + 4, BRANCH | (int) (label("common") - stub(i) - 4) >> 2 & BRANCH_OFFSET);
    }
    bytes = out.array();
  }

  private static byte[] file(String name) {
    try (InputStream in = FirmwareProgram.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long label(String name) {
    return labels.get(name);
  }

  /** The program, for those who trap by this instruction. */
  static FirmwareProgram of(Conduit conduit) {
    synchronized (MADE) {
      return MADE.computeIfAbsent(conduit, FirmwareProgram::new);
    }
  }

  /** The bytes of it. */
  byte[] bytes() {
    return bytes.clone();
  }

  /** Where the stub of a function is, behind the program's beginning. */
  long stub(int function) {
    return label("stubs") + (long) STUB * function;
  }

  /** The function whose stub is there; -1 if there is none. @param offset behind the program's beginning */
  int function(long offset) {
    long at = offset - label("stubs");
    return at < 0 || at % STUB != 0 || at >= (long) STUB * FUNCTIONS ? -1 : (int) (at / STUB);
  }

  /** Where the routine is that switches a GICv3's CPU interface on. */
  long gicv3() {
    return label("gicv3");
  }

  /** Where it reads which interrupt controller is to be acknowledged: 0 none, 1 by system registers, else the address of a GICv2's CPU interface. */
  long gic() {
    return label("gic");
  }

  /** Where the routine is that touches hardware. */
  long touch() {
    return label("touch");
  }
}
