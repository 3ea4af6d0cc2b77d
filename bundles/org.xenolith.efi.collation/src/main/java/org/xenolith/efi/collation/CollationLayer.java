// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.collation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.LayerPointers;
import org.xenolith.efi.boot.kit.Ucs2;

/**
 * EFI_UNICODE_COLLATION_PROTOCOL for English (UEFI 2.10, 21.1), and the earlier one of the same functions and another name of the language: case is that of
 * Latin-1, names of files those of FAT's short form.
 */
final class CollationLayer implements EfiLayer {
  private static final String[] FUNCTIONS = {"StriColl", "MetaiMatch", "StrLwr", "StrUpr", "FatToStr", "StrToFat"};
  private static final int LANGUAGES = 8 * FUNCTIONS.length;
  private static final int LANGUAGES_AT = LANGUAGES + 8;
  private static final String ENGLISH = "en";
  /** The protocol's GUID of EFI 1.10 (12.1), which Shells up to 2016 still look for; its languages are by ISO 639-2. */
  static final EfiGuid EARLIER = EfiGuid.of("1d85cd7f-f43d-11d2-9a0c-0090273fc14d");
  private static final String EARLIER_ENGLISH = "eng";
  /** Characters of texts that are compared or changed; of longer ones the beginning. */
  private static final int MOST = 1 << 16;

  @Override
  public String name() {
    return "efi.collation";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void begin(Firmware firmware) {
    long handle = firmware.handles().install(0, Protocol.UNICODE_COLLATION2, collation(firmware, ENGLISH));
    firmware.handles().install(handle, EARLIER, collation(firmware, EARLIER_ENGLISH));
  }

  private long collation(Firmware firmware, String language) {
    byte[] languages = (language + '\0').getBytes(StandardCharsets.US_ASCII);
    long at = firmware.interfaceMemory(this, LANGUAGES_AT + languages.length, 0);
    LayerPointers.write(firmware, this, at, FUNCTIONS);
    firmware.memory().put64(at + LANGUAGES, at + LANGUAGES_AT);
    firmware.memory().write(at + LANGUAGES_AT, languages);
    return at;
  }

  @Override
  public EfiFunction function(String name) {
    return switch (name) {
      case "StriColl" -> call -> EfiStep.done(FileNames.compare(text(call, 1), text(call, 2)));
      case "MetaiMatch" -> call -> answer(() -> FileNames.matches(text(call, 1), text(call, 2)));
      case "StrLwr" -> call -> change(call, false);
      case "StrUpr" -> call -> change(call, true);
      case "FatToStr" -> this::fromFat;
      case "StrToFat" -> call -> answer(() -> toFat(call));
      default -> null;
    };
  }

  /** A BOOLEAN: who calls would take a status for TRUE, or for none at all. What is no text is FALSE. */
  private static EfiStep answer(BooleanSupplier question) {
    try {
      return EfiStep.done(question.getAsBoolean() ? 1 : 0);
    } catch (EfiError e) {
      if (e.status() != EfiStatus.INVALID_PARAMETER) {
        throw e;
      }
      return EfiStep.done(0);
    }
  }

  /** As many as a size without sign says, but no more than are looked at. */
  private static int atMost(long size) {
    return size < 0 ? MOST : (int) Math.min(MOST, size);
  }

  /** A text that an argument points to, or as much of it as is looked at. */
  private String text(Call call, int argument) {
    call.firmware().numbers(this, call.argument(0)); // or the caller made it up
    EfiRam memory = call.firmware().memory();
    StringBuilder text = new StringBuilder();
    for (long at = call.argument(argument); text.length() < MOST && memory.get16(at) != 0; at += 2) {
      text.append((char) memory.get16(at));
    }
    return text.toString();
  }

  /** Changes the case of the text that the caller has. */
  private EfiStep change(Call call, boolean upper) {
    String text = text(call, 1);
    StringBuilder changed = new StringBuilder();
    text.chars().forEach(each -> changed.append(upper ? FileNames.upper((char) each) : FileNames.lower((char) each)));
    call.firmware().memory().write(call.argument(1), Arrays.copyOf(Ucs2.bytes(changed.toString()), 2 * changed.length()));
    return EfiStep.done();
  }

  /** Arguments: this, bytes, FAT's name, where the text goes: to the first NUL. */
  private EfiStep fromFat(Call call) {
    call.firmware().numbers(this, call.argument(0));
    EfiRam memory = call.firmware().memory();
    StringBuilder text = new StringBuilder();
    int size = atMost(call.argument(1));
    for (int i = 0; i < size; i++) {
      int each = memory.get8(call.argument(2) + i);
      if (each == 0) {
        break;
      }
      text.append((char) each);
    }
    memory.write(call.argument(3), Ucs2.bytes(text.toString()));
    return EfiStep.done();
  }

  /** Arguments: this, text, bytes, where FAT's name goes. @return whether a character has no place in one */
  private boolean toFat(Call call) {
    FileNames.Fat fat = FileNames.fat(text(call, 1), atMost(call.argument(2)));
    call.firmware().memory().write(call.argument(3), fat.bytes());
    return fat.replaced();
  }
}
