// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A display with two modes, whose rows are longer than what is seen of them; the correct one keeps the contract. */
class TwinDisplayTest extends GraphicsOutputContract {
  /** What is wrong with it. */
  enum Defect {
    NONE, TWO_MODES_MORE, MODE_STAYS, INFORMATION_STAYS, NO_GAPS_COUNTED, SIZE_NOT_SAID, SIZE_OF_32_BITS_MORE, OWN_MEMORY, NO_WIDTH,
    ROWS_TOO_SHORT, UNKNOWN_FORMAT, UNKNOWN_VERSION,
    ANY_MODE_IS_TOLD, ANY_MODE_IS_SET, UNSUPPORTED_TO_TELL, INVALID_TO_SET, SIGNED_MODES, NO_PLACE_IS_FINE, TELLS_NOWHERE,
    SETS_BEFORE_IT_LOOKS, FULL_IS_FINE,
    NOT_CLEARED, CLEARED_BUT_FOR_A_ROW, WIDE_MODES, WIDE_OPERATIONS, FAILS_QUIETLY, FAILS_LATE,
    FILLS_WITH_MORE, FILLS_FROM_SOURCE, A_COLUMN_MORE, A_ROW_LESS, LENGTH_IN_PIXELS, NO_LENGTH_IS_THE_SCREENS, SOURCE_IGNORED,
    TARGET_IGNORED, WRITES_ROWS_WHOLE,
    MOVES_DOWN_WRONG, MOVES_RIGHT_WRONG, WANTS_A_BUFFER, FRAMES_ARE_ELSEWHERE, OTHER_COLOURS,
    CLIPS, NO_BOUNDS, SUM_WRAPS, NUMBERS_OF_32_BITS, DRAWS_AND_REFUSES, SOURCE_IS_ANYWHERE, EMPTY_IS_ONE, EMPTY_IS_UNSUPPORTED,
    ANY_OPERATION, DRAWS_ANY_OPERATION, ANY_BUFFER, NULL_IS_A_BUFFER, BUFFER_WRAPS, DRAWS_OF_WHAT_WRAPS, DIES
  }

  private static final long NOWHERE = 0x10;
  private static final int[][] MODES = {{20, 12, 24}, {17, 9, 17}};

  Defect defect = Defect.NONE;

  private final class Twin implements Display {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final long protocol = firmware.room(256);
    private final long frames = firmware.room(4096);
    private final long cell = firmware.room(8);
    private int now;
    private boolean failing;
    private boolean dead;

    Twin() {
      memory.put64(protocol, firmware.guest(this::query));
      memory.put64(protocol + 8, firmware.guest(call -> EfiStep.done(set(call))));
      memory.put64(protocol + 16, firmware.guest(call -> EfiStep.done(blt(call))));
      memory.put64(protocol + 24, protocol + 32);
      describe(0);
    }

    @Override
    public FakeFirmware firmware() {
      return firmware;
    }

    @Override
    public long protocol() {
      return protocol;
    }

    @Override
    public void fails() {
      failing = true;
    }

    private boolean is(Defect wrong) {
      return defect == wrong;
    }

    private void describe(int mode) {
      int[] sizes = MODES[mode];
      memory.put32(protocol + 32, is(Defect.TWO_MODES_MORE) ? 4 : 2);
      if (!is(Defect.MODE_STAYS)) {
        memory.put32(protocol + 36, mode);
      }
      memory.put64(protocol + 40, protocol + 80);
      memory.put64(protocol + 48, 36);
      memory.put64(protocol + 56, is(Defect.FRAMES_ARE_ELSEWHERE) ? frames + 4 : frames);
      memory.put64(protocol + 64, 4 * sizes[1] * (is(Defect.NO_GAPS_COUNTED) ? sizes[0] : sizes[2]));
      if (!is(Defect.INFORMATION_STAYS) || memory.get32(protocol + 84) == 0) {
        information(protocol + 80, mode);
      }
    }

    private void information(long at, int mode) {
      memory.put32(at, is(Defect.UNKNOWN_VERSION) ? 7 : 0);
      memory.put32(at + 4, is(Defect.NO_WIDTH) && mode == 1 ? 0 : MODES[mode][0]);
      memory.put32(at + 8, MODES[mode][1]);
      memory.put32(at + 12, is(Defect.UNKNOWN_FORMAT) ? 4 : is(Defect.OTHER_COLOURS) ? 0 : 1);
      memory.put32(at + 32, is(Defect.ROWS_TOO_SHORT) && mode == 1 ? 16 : MODES[mode][2]);
    }

    private EfiStep query(Call call) {
      long asked = call.argument(1) & 0xFFFF_FFFFL;
      boolean there = asked < 2 && (call.argument(1) < 2 || !is(Defect.WIDE_MODES)) || is(Defect.TWO_MODES_MORE) && asked < 4
          || is(Defect.SIGNED_MODES) && (int) asked < 2;
      long size = call.argument(2);
      long place = call.argument(3);
      if (is(Defect.NO_PLACE_IS_FINE) && (size == 0 || place == 0) || is(Defect.ANY_MODE_IS_TOLD) && !there || is(Defect.TELLS_NOWHERE)
          && (size == NOWHERE || place > FakeRam.BASE + FakeRam.SIZE - 8)) {
        return EfiStep.done();
      }
      if (!there || size == 0 || place == 0 || dead) {
        dead |= is(Defect.DIES);
        return EfiStep.done(is(Defect.UNSUPPORTED_TO_TELL) ? EfiStatus.UNSUPPORTED : EfiStatus.INVALID_PARAMETER);
      }
      int mode = (int) Math.max(0, (int) asked) % 2;
      if (call.step() == 0) {
        memory.put64(place, 0);
        if (is(Defect.SIZE_OF_32_BITS_MORE)) {
          memory.put64(size + 8, 0);
        }
        if (!is(Defect.SIZE_NOT_SAID)) {
          memory.put64(size, 36);
        }
        return EfiStep.call(1, firmware.service(BootService.ALLOCATE_POOL), 4, 36, cell);
      }
      if (call.result() != 0) {
        return EfiStep.done(is(Defect.FULL_IS_FINE) ? 0 : call.result());
      }
      information(memory.get64(cell), mode);
      memory.put64(place, is(Defect.OWN_MEMORY) ? protocol + 80 : memory.get64(cell));
      return EfiStep.done();
    }

    private EfiStatus set(Call call) {
      long asked = call.argument(1) & 0xFFFF_FFFFL;
      if (asked > 1 && is(Defect.ANY_MODE_IS_SET)) {
        return EfiStatus.SUCCESS;
      }
      boolean signed = is(Defect.SIGNED_MODES) && (int) asked < 0 || is(Defect.TWO_MODES_MORE) && asked < 4;
      if (asked > 1 && !signed || call.argument(1) > 1 && is(Defect.WIDE_MODES)) {
        if (is(Defect.SETS_BEFORE_IT_LOOKS)) {
          clear();
        }
        return is(Defect.INVALID_TO_SET) ? EfiStatus.INVALID_PARAMETER : EfiStatus.UNSUPPORTED;
      }
      int mode = signed ? 0 : (int) asked;
      if (failing && !is(Defect.FAILS_LATE)) {
        return is(Defect.FAILS_QUIETLY) ? EfiStatus.SUCCESS : EfiStatus.DEVICE_ERROR;
      }
      now = mode;
      describe(mode);
      clear();
      return failing ? EfiStatus.DEVICE_ERROR : EfiStatus.SUCCESS;
    }

    private void clear() {
      if (!is(Defect.NOT_CLEARED)) {
        memory.clear(frames, 4L * MODES[now][2] * (MODES[now][1] - (is(Defect.CLEARED_BUT_FOR_A_ROW) ? 1 : 0)));
      }
    }

    private EfiStatus blt(Call call) {
      if (dead || is(Defect.WIDE_OPERATIONS) && call.argument(2) >= 1L << 32) {
        return EfiStatus.INVALID_PARAMETER;
      }
      try {
        return drawn(call, (int) call.argument(2));
      } catch (EfiError e) {
        dead |= is(Defect.DIES);
        return is(Defect.ANY_BUFFER) ? EfiStatus.SUCCESS : e.status();
      }
    }

    private EfiStatus drawn(Call call, int asked) {
      int operation = asked;
      if (operation < 0 || operation > 3) {
        if (!is(Defect.DRAWS_ANY_OPERATION)) {
          return is(Defect.ANY_OPERATION) ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
        }
        operation = 0;
      }
      long buffer = call.argument(1);
      if (buffer == 0 && (operation != 3 || is(Defect.WANTS_A_BUFFER))) {
        return is(Defect.NULL_IS_A_BUFFER) ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
      }
      long[] numbers = new long[6];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = is(Defect.NUMBERS_OF_32_BITS) ? (int) call.argument(3 + i) : call.argument(3 + i);
      }
      long width = numbers[4];
      long height = numbers[5];
      if (width == 0 || height == 0) {
        if (is(Defect.EMPTY_IS_UNSUPPORTED)) {
          return EfiStatus.UNSUPPORTED;
        }
        if (!is(Defect.EMPTY_IS_ONE)) {
          return EfiStatus.SUCCESS;
        }
        width = Math.max(1, width);
        height = Math.max(1, height);
      }
      boolean fits = (operation == 0 || operation == 2 || fits(numbers[0], numbers[1], width, height) || is(Defect.SOURCE_IS_ANYWHERE))
          && (operation == 1 || fits(numbers[2], numbers[3], width, height));
      if (!fits && !is(Defect.NO_BOUNDS)) {
        if (is(Defect.DRAWS_AND_REFUSES)) {
          memory.put32(frames, 0);
        }
        return is(Defect.CLIPS) ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
      }
      if (width > 64 || height > 64 || width < 0 || height < 0) {
        return EfiStatus.SUCCESS;
      }
      new Transfer(operation, buffer, numbers, (int) width, (int) height, call.argument(9)).perform();
      return EfiStatus.SUCCESS;
    }

    private boolean fits(long x, long y, long width, long height) {
      if (is(Defect.SUM_WRAPS)) {
        return x + width <= MODES[now][0] && y + height <= MODES[now][1];
      }
      return x >= 0 && y >= 0 && width >= 0 && height >= 0 && x <= MODES[now][0] - width && y <= MODES[now][1] - height;
    }

    /** One operation on what was found to be there. */
    private final class Transfer {
      private final int operation;
      private final long buffer;
      private final long[] numbers;
      private final int width;
      private final int height;
      private final long delta;

      Transfer(int operation, long buffer, long[] numbers, int width, int height, long delta) {
        this.operation = operation;
        this.buffer = buffer;
        this.numbers = numbers;
        this.width = width + (is(Defect.A_COLUMN_MORE) && operation == 0 ? 1 : 0);
        this.height = height - (is(Defect.A_ROW_LESS) && height > 1 ? 1 : 0);
        this.delta = delta != 0 ? is(Defect.LENGTH_IN_PIXELS) ? 4 * delta : delta : 4L * (is(Defect.NO_LENGTH_IS_THE_SCREENS)
            ? MODES[now][0] : width);
      }

      private long shown(long x, long y) {
        return frames + 4 * (y * MODES[now][2] + x);
      }

      private long held(long x, long y) {
        if (is(Defect.BUFFER_WRAPS)) {
          return buffer + y * delta + 4 * x;
        }
        try {
          long offset = Math.addExact(Math.multiplyExact(y, delta), Math.multiplyExact(4, x));
          if (offset >= 0 && x >= 0 && y >= 0 && Long.compareUnsigned(buffer + offset, buffer) >= 0) {
            return buffer + offset;
          }
        } catch (ArithmeticException e) {
          // It is refused below.
        }
        if (is(Defect.DRAWS_OF_WHAT_WRAPS)) {
          memory.put32(operation == 1 ? buffer - 4 : frames, 0);
        }
        throw new EfiError(EfiStatus.INVALID_PARAMETER, "no address");
      }

      private long from(int x, int y) {
        if (operation == 0) {
          return is(Defect.FILLS_WITH_MORE) ? buffer + 4 * (x & 1) : is(Defect.FILLS_FROM_SOURCE) ? held(numbers[0], numbers[1]) : buffer;
        }
        if (operation == 2) {
          return is(Defect.SOURCE_IGNORED) ? held(x, y) : held(numbers[0] + x, numbers[1] + y);
        }
        return shown(numbers[0] + x, numbers[1] + y);
      }

      private long to(int x, int y) {
        if (operation == 1) {
          return is(Defect.TARGET_IGNORED) ? held(x, y) : held(numbers[2] + x, numbers[3] + y);
        }
        return shown(numbers[2] + x, numbers[3] + y);
      }

      void perform() {
        boolean backwards = operation == 3 && numbers[3] > numbers[1] && !is(Defect.MOVES_DOWN_WRONG);
        for (int i = 0; i < height; i++) {
          int y = backwards ? height - 1 - i : i;
          byte[][] row = new byte[width][];
          for (int x = 0; x < width; x++) {
            row[x] = memory.read(from(x, y), 4);
            if (is(Defect.MOVES_RIGHT_WRONG)) {
              memory.write(to(x, y), row[x]);
            }
          }
          for (int x = 0; x < width && !is(Defect.MOVES_RIGHT_WRONG); x++) {
            memory.write(to(x, y), row[x]);
          }
          if (is(Defect.WRITES_ROWS_WHOLE) && operation == 1) {
            byte[] rest = new byte[(int) Math.max(0, Math.min(delta / 4 - width, 64)) * 4];
            Arrays.fill(rest, (byte) 1);
            memory.write(to(width, y), rest);
          }
        }
      }
    }
  }

  @Override
  protected Display display() {
    return new Twin();
  }
}
