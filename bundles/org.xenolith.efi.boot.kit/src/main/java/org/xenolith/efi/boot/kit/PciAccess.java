// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/** An access of PCI protocols: width, count and buffer (UEFI 2.10, 14.2 and 14.4). Widths 0 to 3 are of 1 to 8 bytes; 4 more, the register stays; 8 more, the buffer. */
public final class PciAccess {
  /** EFI_PCI_IO_WIDTH for 8 bits; those for 16, 32 and 64 follow. */
  public static final int WIDTH_8 = 0;
  /** For 16 bits. */
  public static final int WIDTH_16 = 1;
  /** For 32 bits. */
  public static final int WIDTH_32 = 2;
  /** For 64 bits. */
  public static final int WIDTH_64 = 3;
  private static final int WIDTHS = 12;
  private static final int FIFO = 4;
  private static final int FILL = 8;
  private static final int PIECE = 64;

  /** Steps of {@link #touch}: its first, and one behind each piece. */
  private enum Step {
    BEGIN, TOUCHED
  }

  private enum Slot {
    DONE
  }

  private PciAccess() {}

  /** Bytes of a width. @throws EfiError INVALID_PARAMETER if it is none */
  public static int size(long width) {
    int kind = (int) width;
    if (kind < 0 || kind >= WIDTHS) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "width " + kind);
    }
    return 1 << (kind & 3);
  }

  /** Whether all of an access is of one register. @param width one that {@link #size} knows */
  public static boolean repeatsRegister(long width) {
    return ((int) width & -4) == FIFO;
  }

  /** Whether all of an access is of one value. @param width one that {@link #size} knows */
  public static boolean repeatsValue(long width) {
    return ((int) width & -4) == FILL;
  }

  /** Bytes of registers that an access is of; -1 for more than there are addresses. @throws EfiError INVALID_PARAMETER if the width is none */
  public static long bytes(long width, long count) {
    int size = size(width);
    return count < 0 || count > Long.MAX_VALUE / size ? -1 : ((int) width & -4) == FIFO ? Math.min(count, 1) * size : count * size;
  }

  /**
   * Sees that the buffer of an access is memory, before a register is touched: reading one may change it.
   *
   * @param width one that {@link #size} knows
   * @param count such that {@link #bytes} isn't -1
   * @throws EfiError INVALID_PARAMETER if it isn't
   */
  public static void checkBuffer(Firmware firmware, long width, long count, long buffer) {
    firmware.requireMemory(buffer, (repeatsValue(width) ? Math.min(count, 1) : count) * size(width));
  }

  /**
   * Whether a place is a multiple of the width: a CPU takes an exception from other accesses to devices (Arm DDI 0487, B2.8.2).
   *
   * @param width one that {@link #size} knows
   */
  public static boolean isAligned(long width, long place) {
    return (place & size(width) - 1) == 0;
  }

  /**
   * Makes an access piece by piece. The call's steps and its first number are its: how far it is.
   *
   * @param address of the first register, as the CPU sees it
   */
  public static EfiStep touch(Call call, boolean write, long width, long address, long count, long buffer) {
    EfiRam memory = call.firmware().memory();
    int size = size(width);
    int kind = (int) width & -4;
    long done = call.get(Slot.DONE);
    if (!call.isAt(Step.BEGIN)) {
      long before = Math.min(PIECE, count - done);
      for (int i = 0; i < before && !write; i++) {
        put(memory, buffer + (kind == FILL ? 0 : (done + i) * size), size, call.accessed(i));
      }
      done += before;
      call.set(Slot.DONE, done);
    }
    if (done >= count) {
      return EfiStep.done();
    }
    List<EfiAccess> accesses = new ArrayList<>();
    for (long i = done; i < Math.min(count, done + PIECE); i++) {
      long register = address + (kind == FIFO ? 0 : i * size);
      accesses.add(write ? EfiAccess.write(size, register, get(memory, buffer + (kind == FILL ? 0 : i * size), size)) : EfiAccess.read(size,
          register));
    }
    return write ? new EfiStep.Post(Step.TOUCHED, accesses) : new EfiStep.Touch(Step.TOUCHED, accesses);
  }

  /** A number in memory. @param size 1, 2, 4 or 8 bytes */
  public static long get(EfiRam memory, long at, int size) {
    return switch (size) {
      case 1 -> memory.get8(at);
      case 2 -> memory.get16(at);
      case 4 -> memory.get32(at);
      default -> memory.get64(at);
    };
  }

  /** Writes a number into memory. @param size 1, 2, 4 or 8 bytes */
  public static void put(EfiRam memory, long at, int size, long value) {
    switch (size) {
      case 1 -> memory.put8(at, value);
      case 2 -> memory.put16(at, value);
      case 4 -> memory.put32(at, value);
      default -> memory.put64(at, value);
    }
  }
}
