// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.terminal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.InterfaceNumbers;

/** EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL (UEFI 2.10, 12.4): one mode, of 80 columns and 25 rows. */
final class TextOutput {
  /** Numbers of an interface. */
  private static final int NUMBERS = 1;
  private static final int COLUMNS = 80;
  private static final int ROWS = 25;
  private static final int MODE = 72;
  private static final int SIZE = 80 + 24;
  private static final int ATTRIBUTE_AT = 8;
  private static final int COLUMN_AT = 12;
  private static final int ROW_AT = 16;
  private static final int VISIBLE_AT = 20;
  private static final int LIGHT_GRAY = 7;
  /** Characters that are sent at once. */
  private static final int PIECE = 512;
  private static final int MOST_TEXT = 1 << 16;
  private static final int BRIGHT = 8;
  /** ANSI's numbers of EFI's colours. */
  private static final int[] COLOURS = {0, 4, 2, 6, 1, 5, 3, 7};

  /** Steps of OutputString: its first, and one behind each piece. */
  private enum Printing {
    BEGIN, NEXT
  }

  /** Numbers of OutputString: how many characters are sent, how many there are, memory for a piece. */
  private enum Slot {
    SENT, LENGTH, ROOM
  }

  private final TerminalLayer layer;

  TextOutput(TerminalLayer layer) {
    this.layer = layer;
  }

  long make(Firmware firmware, long serial) {
    long at = firmware.interfaceMemory(layer, SIZE, NUMBERS);
    firmware.numbers(layer, at)[0] = serial;
    layer.write(firmware, at, "OutReset", "OutputString", "TestString", "QueryMode", "SetMode", "SetAttribute", "ClearScreen",
        "SetCursorPosition", "EnableCursor");
    EfiRam memory = firmware.memory();
    memory.put64(at + MODE, at + 80);
    memory.put32(at + 80, 1);
    memory.put32(at + 80 + ATTRIBUTE_AT, LIGHT_GRAY);
    memory.put8(at + 80 + VISIBLE_AT, 1);
    return at;
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "OutReset" -> this::reset;
      case "ClearScreen" -> this::clear;
      case "OutputString" -> this::print;
      case "TestString" -> call -> {
        serial(call);
        call.firmware().memory().text(call.argument(1), MOST_TEXT); // or there is none
        return EfiStep.done();
      };
      case "QueryMode" -> this::queryMode;
      case "SetMode" -> call -> call.argument(1) == 0 ? clear(call) : EfiStep.done(EfiStatus.UNSUPPORTED);
      case "SetAttribute" -> this::setAttribute;
      case "SetCursorPosition" -> this::setCursor;
      case "EnableCursor" -> this::enableCursor;
      default -> null;
    };
  }

  private long serial(Call call) {
    return InterfaceNumbers.of(call, layer, NUMBERS)[0];
  }

  private static EfiStep sent(Call call) {
    return EfiStep.done(call.result() < 0 ? call.result() : 0);
  }

  private EfiStep send(Call call, String text) {
    return TerminalLayer.send(call, AskOnce.ANSWERED, serial(call), text.getBytes(StandardCharsets.UTF_8));
  }

  private void put(Call call, int at, long value) {
    call.firmware().memory().put32(call.argument(0) + 80 + at, value);
  }

  private long get(Call call, int at) {
    return call.firmware().memory().get32(call.argument(0) + 80 + at);
  }

  private EfiStep clear(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return sent(call);
    }
    serial(call);
    return send(call, home(call));
  }

  /** As {@link #clear}, but in the colours that the screen had at first. */
  private EfiStep reset(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return sent(call);
    }
    serial(call);
    put(call, ATTRIBUTE_AT, LIGHT_GRAY);
    return send(call, colours(LIGHT_GRAY) + home(call));
  }

  private String home(Call call) {
    put(call, COLUMN_AT, 0);
    put(call, ROW_AT, 0);
    return "\033[2J\033[01;01H";
  }

  private static String colours(int attribute) {
    return "\033[0" + ((attribute & BRIGHT) != 0 ? ";1" : "") + ";3" + COLOURS[attribute & 7] + ";4" + COLOURS[attribute >> 4 & 7] + "m";
  }

  private EfiStep print(Call call) {
    EfiRam memory = call.firmware().memory();
    long serial = serial(call);
    if (call.argument(1) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (call.isAt(Printing.BEGIN)) {
      call.set(Slot.LENGTH, memory.text(call.argument(1), MOST_TEXT).length());
      call.set(Slot.ROOM, call.room(16 + 3 * (int) Math.min(PIECE, call.get(Slot.LENGTH))));
    } else if (call.result() < 0) {
      return EfiStep.done(call.result());
    }
    long from = call.get(Slot.SENT);
    int length = (int) Math.min(PIECE, call.get(Slot.LENGTH) - from);
    if (length <= 0) {
      return EfiStep.done();
    }
    byte[] text = memory.read(call.argument(1) + 2 * from, 2 * length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < length; i++) {
      char each = (char) (text[2 * i] & 0xFF | text[2 * i + 1] << 8);
      move(call, each);
      out.writeBytes(String.valueOf(Character.isSurrogate(each) ? '?' : each).getBytes(StandardCharsets.UTF_8));
    }
    call.set(Slot.SENT, from + length);
    long room = call.get(Slot.ROOM);
    memory.put64(room, out.size());
    memory.write(room + 16, out.toByteArray());
    return EfiStep.call(Printing.NEXT, memory.get64(serial + 40), serial, room, room + 16);
  }

  private void move(Call call, char each) {
    long column = get(call, COLUMN_AT);
    long row = get(call, ROW_AT);
    switch (each) {
      case '\r' -> column = 0;
      case '\n' -> row = Math.min(ROWS - 1L, row + 1);
      case '\b' -> column = Math.max(0, column - 1);
      default -> {
        column++;
        if (column >= COLUMNS) {
          column = 0;
          row = Math.min(ROWS - 1L, row + 1);
        }
      }
    }
    put(call, COLUMN_AT, column);
    put(call, ROW_AT, row);
  }

  private EfiStep queryMode(Call call) {
    serial(call);
    if (call.argument(1) != 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    call.firmware().memory().put64(call.argument(2), COLUMNS);
    call.firmware().memory().put64(call.argument(3), ROWS);
    return EfiStep.done();
  }

  private EfiStep setAttribute(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return sent(call);
    }
    serial(call);
    long attribute = call.argument(1);
    if ((attribute & ~0x7FL) != 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    put(call, ATTRIBUTE_AT, attribute);
    return send(call, colours((int) attribute));
  }

  private EfiStep setCursor(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return sent(call);
    }
    serial(call);
    long column = call.argument(1);
    long row = call.argument(2);
    if (column < 0 || column >= COLUMNS || row < 0 || row >= ROWS) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    put(call, COLUMN_AT, column);
    put(call, ROW_AT, row);
    return send(call, "\033[" + twoDigits(row + 1) + ";" + twoDigits(column + 1) + "H");
  }

  /** A loader's menu sets the cursor hundreds of times, and a Formatter is slow. */
  private static String twoDigits(long number) {
    return number < 10 ? "0" + number : Long.toString(number);
  }

  private EfiStep enableCursor(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return sent(call);
    }
    serial(call);
    boolean visible = (call.argument(1) & 0xFF) != 0;
    call.firmware().memory().put8(call.argument(0) + 80 + VISIBLE_AT, visible ? 1 : 0);
    return send(call, visible ? "\033[?25h" : "\033[?25l");
  }
}
