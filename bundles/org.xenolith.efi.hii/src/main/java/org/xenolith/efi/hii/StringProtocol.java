// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.kit.Ucs2;

/** The functions of EFI_HII_STRING_PROTOCOL (UEFI 2.10, 34.3). Strings have no fonts of their own. */
final class StringProtocol {
  private static final int MOST_LANGUAGE = 64;
  private static final int MOST_TEXT = 1 << 16;

  private final HiiLayer layer;
  private final Lists lists;

  StringProtocol(HiiLayer layer, Lists lists) {
    this.layer = layer;
    this.lists = lists;
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "NewString" -> this::add;
      case "GetString" -> this::get;
      case "SetString" -> this::set;
      case "GetLanguages" -> this::languages;
      case "GetSecondaryLanguages" -> this::secondary;
      default -> null;
    };
  }

  private PackageList list(Call call, long handle) {
    return lists.get(call.firmware(), database(call), handle);
  }

  private long database(Call call) {
    return call.firmware().numbers(layer, call.argument(0))[0];
  }

  /** A text of 8-bit characters: a language. */
  private static String ascii(EfiRam memory, long at) {
    StringBuilder text = new StringBuilder();
    for (int each = memory.get8(at); each != 0; each = memory.get8(at + text.length())) {
      if (text.length() == MOST_LANGUAGE) {
        throw new EfiError(EfiStatus.INVALID_LANGUAGE, "0x" + Long.toHexString(at) + ": no language");
      }
      text.append((char) each);
    }
    return text.toString();
  }

  /** Gives bytes to who asked for them. */
  private static EfiStep give(EfiRam memory, byte[] bytes, long sizeAt, long to) {
    long room = memory.get64(sizeAt);
    memory.put64(sizeAt, bytes.length);
    if (Long.compareUnsigned(room, bytes.length) < 0) {
      return EfiStep.done(EfiStatus.BUFFER_TOO_SMALL);
    }
    if (to == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    memory.write(to, bytes);
    return EfiStep.done();
  }

  /** Arguments: this, language, list, identifier, room for the text, where its bytes are said, where the font's address goes or 0. */
  private EfiStep get(Call call) {
    EfiRam memory = call.firmware().memory();
    int id = (int) call.argument(3) & 0xFFFF;
    if (call.argument(1) == 0 || id == 0 || call.argument(5) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    List<StringPackage> strings = list(call, call.argument(2)).strings();
    String language = ascii(memory, call.argument(1));
    for (StringPackage each : strings) {
      if (each.language().equalsIgnoreCase(language) && each.texts().containsKey(id)) {
        if (call.argument(6) != 0) {
          memory.put64(call.argument(6), 0);
        }
        return give(memory, Ucs2.bytes(each.texts().get(id)), call.argument(5), call.argument(4));
      }
    }
    return EfiStep.done(strings.stream().anyMatch(each -> each.texts().containsKey(id)) ? EfiStatus.INVALID_LANGUAGE : EfiStatus.NOT_FOUND);
  }

  /** Arguments: this, list, where the identifier goes, language, the language's name or 0, text, font or 0. The identifier is new in all languages. */
  private EfiStep add(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.argument(2) == 0 || call.argument(3) == 0 || call.argument(5) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    PackageList list = list(call, call.argument(1));
    String language = ascii(memory, call.argument(3));
    memory.put16(call.argument(2), memory.get16(call.argument(2))); // or nobody would know the new string
    String text = memory.text(call.argument(5), MOST_TEXT);
    List<StringPackage> strings = new ArrayList<>(list.strings());
    int id = strings.stream().mapToInt(StringPackage::next).max().orElse(1);
    int at = find(strings, language);
    if (at < 0) {
      StringPackage made = new StringPackage(language, 1, new java.util.TreeMap<>(), 1);
      strings.add(call.argument(4) == 0 ? made : made.with(1, memory.text(call.argument(4), MOST_TEXT)));
      at = strings.size() - 1;
      id = Math.max(id, strings.get(at).next());
    }
    strings.set(at, strings.get(at).with(id, text));
    lists.set(firmware, database(call), call.argument(1), list.with(strings));
    memory.put16(call.argument(2), id);
    return EfiStep.done();
  }

  private static int find(List<StringPackage> strings, String language) {
    for (int i = 0; i < strings.size(); i++) {
      if (strings.get(i).language().equalsIgnoreCase(language)) {
        return i;
      }
    }
    return -1;
  }

  /** Arguments: this, list, identifier, language, text, font or 0. */
  private EfiStep set(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    int id = (int) call.argument(2) & 0xFFFF;
    if (call.argument(3) == 0 || call.argument(4) == 0 || id == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    PackageList list = list(call, call.argument(1));
    List<StringPackage> strings = new ArrayList<>(list.strings());
    int at = find(strings, ascii(memory, call.argument(3)));
    if (at < 0 || strings.stream().noneMatch(each -> each.texts().containsKey(id))) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    strings.set(at, strings.get(at).with(id, memory.text(call.argument(4), MOST_TEXT)));
    lists.set(firmware, database(call), call.argument(1), list.with(strings));
    return EfiStep.done();
  }

  /** Arguments: this, list, room, where its bytes are said. */
  private EfiStep languages(Call call) {
    if (call.argument(3) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    String all = list(call, call.argument(1)).strings().stream().map(StringPackage::language).distinct().collect(Collectors.joining(";"));
    return give(call.firmware().memory(), (all + '\0').getBytes(StandardCharsets.ISO_8859_1), call.argument(3), call.argument(2));
  }

  /** Arguments: this, list, language, room, where its bytes are said. No package here has languages beside its own. */
  private EfiStep secondary(Call call) {
    EfiRam memory = call.firmware().memory();
    if (call.argument(2) == 0 || call.argument(4) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (find(list(call, call.argument(1)).strings(), ascii(memory, call.argument(2))) < 0) {
      return EfiStep.done(EfiStatus.INVALID_LANGUAGE);
    }
    return give(memory, new byte[1], call.argument(4), call.argument(3));
  }
}
