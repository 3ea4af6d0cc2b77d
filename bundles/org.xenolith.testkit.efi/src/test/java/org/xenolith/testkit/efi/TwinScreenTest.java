// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A screen that is a string; the correct one keeps the contract. */
class TwinScreenTest extends TextOutputContract {
  /** What is wrong with it. */
  enum Defect {
    NONE, NO_MODES, SMALL, TELLS_ANY_MODE, SETS_ANY_MODE, MODE_KEEPS_THE_CURSOR, CURSOR_ANYWHERE, NO_WRAP, NO_BACKSPACE,
    BACKSPACE_GOES_UP, SCROLLS_TOO_FAR, DROPS_CONTROLS, HALF_OF_LONG_TEXT, ANY_COLOUR, LOW_BITS_OF_A_COLOUR, CLEARS_COLOURS,
    RESET_KEEPS_COLOURS, CLEAR_KEEPS_THE_CURSOR, CURSOR_STAYS_VISIBLE, NO_BOXES, TEST_SHOWS, SHOWS_BEFORE_IT_READS
  }

  private static final int MODE = 80;
  private static final int COLUMN = MODE + 12;
  private static final int ROW = MODE + 16;

  Defect defect = Defect.NONE;

  private final class Twin implements Screen {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final long protocol = firmware.room(MODE + 24);
    private final StringBuilder shown = new StringBuilder();

    Twin() {
      List<EfiFunction> functions = List.of(this::reset, this::print, this::test, this::query, this::set, this::colour, this::clear,
          this::cursor, this::visible);
      for (int i = 0; i < functions.size(); i++) {
        memory.put64(protocol + 8L * i, firmware.guest(functions.get(i)));
      }
      memory.put64(protocol + 72, protocol + MODE);
      memory.put32(protocol + MODE, defect == Defect.NO_MODES ? 0 : 1);
      put(MODE + 8, 7);
      memory.put8(protocol + MODE + 20, 1);
    }

    private int get(int at) {
      return (int) memory.get32(protocol + at);
    }

    private void put(int at, long value) {
      memory.put32(protocol + at, value);
    }

    private void home() {
      put(COLUMN, 0);
      put(ROW, 0);
    }

    private EfiStep reset(Call call) {
      home();
      if (defect != Defect.RESET_KEEPS_COLOURS) {
        put(MODE + 8, 7);
      }
      return EfiStep.done();
    }

    private EfiStep clear(Call call) {
      if (defect != Defect.CLEAR_KEEPS_THE_CURSOR) {
        home();
      }
      if (defect == Defect.CLEARS_COLOURS) {
        put(MODE + 8, 7);
      }
      return EfiStep.done();
    }

    private EfiStep print(Call call) {
      if (defect == Defect.SHOWS_BEFORE_IT_READS) {
        shown.append('?');
      }
      String text = memory.text(call.argument(1), 4000);
      String given = defect == Defect.DROPS_CONTROLS ? text.replace("\b", "") : text;
      shown.append(defect == Defect.HALF_OF_LONG_TEXT && given.length() > 512 ? given.substring(0, 512) : given);
      text.chars().forEach(each -> move((char) each));
      return EfiStep.done();
    }

    private void move(char each) {
      int column = get(COLUMN);
      int row = get(ROW);
      switch (each) {
        case '\r' -> column = 0;
        case '\n' -> row++;
        case '\b' -> {
          if (defect == Defect.BACKSPACE_GOES_UP && column == 0) {
            column = 79;
            row--;
          } else if (defect != Defect.NO_BACKSPACE && column > 0) {
            column--;
          }
        }
        default -> column++;
      }
      if (column == 80) {
        column = defect == Defect.NO_WRAP ? 79 : 0;
        row += defect == Defect.NO_WRAP ? 0 : 1;
      }
      put(COLUMN, column);
      put(ROW, defect == Defect.SCROLLS_TOO_FAR ? row : Math.min(24, row));
    }

    private EfiStep test(Call call) {
      String text = memory.text(call.argument(1), 4000);
      if (defect == Defect.TEST_SHOWS) {
        shown.append(text);
      }
      return EfiStep.done(defect == Defect.NO_BOXES && text.chars().anyMatch(each -> each > 0xFF) ? EfiStatus.UNSUPPORTED
          : EfiStatus.SUCCESS);
    }

    private EfiStep query(Call call) {
      if (call.argument(1) != 0 && defect != Defect.TELLS_ANY_MODE) {
        return EfiStep.done(EfiStatus.UNSUPPORTED);
      }
      memory.put64(call.argument(2), defect == Defect.SMALL ? 40 : 80);
      memory.put64(call.argument(3), 25);
      return EfiStep.done();
    }

    private EfiStep set(Call call) {
      if (call.argument(1) != 0 && defect != Defect.SETS_ANY_MODE) {
        return EfiStep.done(EfiStatus.UNSUPPORTED);
      }
      if (defect != Defect.MODE_KEEPS_THE_CURSOR) {
        home();
      }
      return EfiStep.done();
    }

    private EfiStep colour(Call call) {
      long wanted = defect == Defect.LOW_BITS_OF_A_COLOUR ? call.argument(1) & 0xFFFF_FFFFL : call.argument(1);
      if ((wanted & ~0x7F) != 0 && defect != Defect.ANY_COLOUR) {
        return EfiStep.done(EfiStatus.UNSUPPORTED);
      }
      put(MODE + 8, wanted);
      return EfiStep.done();
    }

    private EfiStep cursor(Call call) {
      long column = call.argument(1);
      long row = call.argument(2);
      if ((column < 0 || column >= 80 || row < 0 || row >= 25) && defect != Defect.CURSOR_ANYWHERE) {
        return EfiStep.done(EfiStatus.UNSUPPORTED);
      }
      put(COLUMN, column);
      put(ROW, row);
      return EfiStep.done();
    }

    private EfiStep visible(Call call) {
      if (defect != Defect.CURSOR_STAYS_VISIBLE) {
        memory.put8(protocol + MODE + 20, call.argument(1) & 1);
      }
      return EfiStep.done();
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
    public String shown() {
      return shown.toString();
    }
  }

  @Override
  protected Screen screen() {
    return new Twin();
  }
}
