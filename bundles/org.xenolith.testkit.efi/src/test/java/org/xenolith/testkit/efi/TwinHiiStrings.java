// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.testkit.efi.TwinHiiTest.Defect;

/** The functions of strings of a twin. */
final class TwinHiiStrings {
  private static final int MOST_TEXT = 1 << 17;
  private static final int MOST_LANGUAGE = 256;

  private final TwinHii hii;
  private final EfiRam memory;

  TwinHiiStrings(TwinHii hii) {
    this.hii = hii;
    memory = hii.memory;
    long protocol = hii.strings;
    hii.function(protocol + HiiBench.NEW_STRING, anyPlace(this::add));
    hii.function(protocol + HiiBench.GET_STRING, anyPlace(this::get));
    hii.function(protocol + HiiBench.SET_STRING, anyPlace(this::set));
    hii.function(protocol + HiiBench.LANGUAGES, anyPlace(this::languages));
    hii.function(protocol + HiiBench.SECONDARY, anyPlace(this::secondary));
  }

  private TwinHii.Function anyPlace(TwinHii.Function function) {
    return call -> {
      try {
        return function.call(call);
      } catch (EfiError e) {
        if (is(Defect.STRINGS_ANYWHERE) && e.status() == EfiStatus.INVALID_PARAMETER) {
          return EfiStatus.SUCCESS;
        }
        throw e;
      }
    };
  }

  private boolean is(Defect wrong) {
    return hii.defect == wrong;
  }

  private TwinHii.PackageList list(long handle) {
    TwinHii.PackageList found = hii.lists.getOrDefault(handle, is(Defect.STRINGS_STAY) ? hii.gone.get(handle) : null);
    if (found == null) {
      throw new EfiError(is(Defect.NO_LIST_IS_INVALID) ? EfiStatus.INVALID_PARAMETER : EfiStatus.NOT_FOUND, "no list");
    }
    return found;
  }

  private List<TwinPackage> packages(long handle) {
    return list(handle).packages().stream().filter(each -> each.language != null).toList();
  }

  private String language(long place) {
    StringBuilder text = new StringBuilder();
    for (long at = place; memory.get8(at) != 0; at++) {
      if (text.length() == MOST_LANGUAGE) {
        throw TwinPackage.wrong("a long language");
      }
      text.append((char) memory.get8(at));
    }
    return text.toString();
  }

  private String text(long place) {
    if (place == 0) {
      return "";
    }
    try {
      return memory.text(place, MOST_TEXT);
    } catch (EfiError e) {
      if (is(Defect.TEXT_ENDS_WITH_MEMORY)) {
        return "lost";
      }
      throw e;
    }
  }

  /** Arguments: this, list, where the identifier goes, language, its name, text. */
  private EfiStatus add(Call call) {
    long place = call.argument(2);
    if (place == 0 && is(Defect.NO_IDENTIFIER_IS_FINE)) {
      return EfiStatus.SUCCESS;
    }
    if (place == 0 || call.argument(3) == 0 || call.argument(5) == 0 && !is(Defect.NO_TEXT_IS_EMPTY)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    List<TwinPackage> all = packages(call.argument(1));
    String language = language(call.argument(3));
    String text = text(call.argument(5));
    if (!is(Defect.ADDS_A_STRING_THEN_FAILS)) {
      memory.put16(place, memory.get16(place)); // or nobody would have the identifier
    }
    int id = all.stream().filter(each -> !is(Defect.IDENTIFIER_OF_ITS_LANGUAGE) || each.language.equals(language)).mapToInt(
        TwinPackage::last).max().orElse(0) + 1;
    List<TwinPackage> spoken = all.stream().filter(each -> each.language.equals(language) || is(Defect.NEW_IN_ALL_LANGUAGES)).toList();
    List<TwinPackage> packages = list(call.argument(1)).packages();
    if (spoken.isEmpty()) {
      if (is(Defect.NO_NEW_LANGUAGE)) {
        return EfiStatus.INVALID_PARAMETER;
      }
      spoken = List.of(new TwinPackage(hii.defect, HiiBench.strings(language)));
      packages.addAll(spoken);
    }
    spoken.forEach(each -> each.set(id, text));
    if (is(Defect.NEW_LOSES_PACKAGES)) {
      packages.removeIf(each -> each.language == null);
    }
    if (is(Defect.IDENTIFIER_OF_32_BITS)) {
      memory.put32(place, id);
    } else {
      memory.put16(place, id);
    }
    return EfiStatus.SUCCESS;
  }

  /** Arguments: this, language, list, identifier, room, its size. */
  private EfiStatus get(Call call) {
    if (call.argument(1) == 0 && !is(Defect.NO_LANGUAGE_IS_THE_FIRST) || call.argument(5) == 0) {
      return EfiStatus.INVALID_PARAMETER;
    }
    List<TwinPackage> all = packages(call.argument(2));
    String language = call.argument(1) == 0 ? all.getFirst().language : language(call.argument(1));
    int id = (int) call.argument(3) & 0xFFFF;
    List<TwinPackage> having = all.stream().filter(each -> each.texts.containsKey(id)).toList();
    String found = having.stream().filter(each -> each.language.equals(language) || is(Defect.STRING_IN_ANY_LANGUAGE)).map(
        each -> each.texts.get(id)).findFirst().orElse(null);
    if (id == 0 && is(Defect.LANGUAGE_IS_STRING_ZERO)) {
      found = language;
    }
    if (found == null) {
      boolean elsewhere = !having.isEmpty() && !is(Defect.NEVER_ELSEWHERE) || is(Defect.ALWAYS_ELSEWHERE);
      return elsewhere ? EfiStatus.INVALID_LANGUAGE : EfiStatus.NOT_FOUND;
    }
    byte[] bytes = (is(Defect.STRING_WITHOUT_NUL) ? found : found + '\0').getBytes(StandardCharsets.UTF_16LE);
    return give(bytes, call.argument(4), call.argument(5), is(Defect.SIZE_IN_CHARACTERS) ? bytes.length / 2 : bytes.length);
  }

  private EfiStatus give(byte[] bytes, long room, long sizeAt, long said) {
    long size = memory.get64(sizeAt);
    memory.put64(sizeAt, said);
    boolean fits = Long.compareUnsigned(size, bytes.length) >= 0;
    if (room == 0 && fits) {
      return is(Defect.NO_ROOM_IS_FINE) ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    if (fits || is(Defect.STRING_WITHOUT_ROOM) && room != 0) {
      memory.write(room, bytes);
    }
    return fits ? EfiStatus.SUCCESS : EfiStatus.BUFFER_TOO_SMALL;
  }

  /** Arguments: this, list, identifier, language, text. */
  private EfiStatus set(Call call) {
    if (call.argument(3) == 0 || call.argument(4) == 0 && !is(Defect.NO_TEXT_IS_EMPTY)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    List<TwinPackage> all = packages(call.argument(1));
    if (is(Defect.SETS_ALL_LISTS)) {
      all = hii.lists.values().stream().flatMap(each -> each.packages().stream()).filter(each -> each.language != null).toList();
    }
    String language = language(call.argument(3));
    String text = text(call.argument(4));
    int id = (int) call.argument(2) & 0xFFFF;
    boolean makes = is(Defect.SET_MAKES_A_STRING) && id != 0;
    List<TwinPackage> found = all.stream().filter(each -> each.language.equals(language) || is(Defect.SETS_ALL_LANGUAGES)).filter(
        each -> makes || each.texts.containsKey(id)).toList();
    if (found.isEmpty() && is(Defect.SET_MAKES_A_LANGUAGE) && all.stream().noneMatch(each -> each.language.equals(language))) {
      found = List.of(new TwinPackage(hii.defect, HiiBench.strings(language)));
      list(call.argument(1)).packages().addAll(found);
    }
    if (!is(Defect.SETS_NOTHING)) {
      found.forEach(each -> each.set(id, text));
    }
    return found.isEmpty() ? EfiStatus.NOT_FOUND : EfiStatus.SUCCESS;
  }

  private byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Arguments: this, list, room, its size. */
  private EfiStatus languages(Call call) {
    if (call.argument(3) == 0) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (!hii.lists.containsKey(call.argument(1)) && is(Defect.NO_LIST_HAS_NO_LANGUAGES)) {
      return give(new byte[1], call.argument(2), call.argument(3), 1);
    }
    String all = packages(call.argument(1)).stream().map(each -> each.language).distinct().limit(is(Defect.FIRST_LANGUAGE_ONLY) ? 1
        : Long.MAX_VALUE).collect(Collectors.joining(is(Defect.LANGUAGES_BY_SPACES) ? " " : ";"));
    byte[] bytes = ascii(is(Defect.LANGUAGES_WITHOUT_NUL) ? all : all + '\0');
    return give(bytes, call.argument(2), call.argument(3), bytes.length);
  }

  /** Arguments: this, list, language, room, its size. No language here has secondary ones. */
  private EfiStatus secondary(Call call) {
    if (call.argument(2) == 0 || call.argument(4) == 0) {
      return EfiStatus.INVALID_PARAMETER;
    }
    List<TwinPackage> all = packages(call.argument(1));
    String language = language(call.argument(2));
    if (all.stream().noneMatch(each -> each.language.equals(language)) && !is(Defect.SECONDARY_OF_ANY_LANGUAGE)) {
      return EfiStatus.INVALID_LANGUAGE;
    }
    byte[] none = new byte[is(Defect.SECONDARY_IS_NOTHING) ? 0 : 1];
    return give(none, call.argument(3), call.argument(4), none.length);
  }
}
