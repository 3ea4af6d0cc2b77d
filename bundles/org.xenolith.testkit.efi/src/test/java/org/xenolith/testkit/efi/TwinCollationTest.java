// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A collation for two languages; the correct one keeps the contract. */
class TwinCollationTest extends UnicodeCollationContract {
  /** What is wrong with it. */
  enum Defect {
    NONE, LANGUAGE_TWICE, LANGUAGES_BY_SPACES, LANGUAGES_BY_ISO_639_2_IN_ONE, NO_LANGUAGE, LANGUAGES_WITHOUT_AN_END,
    CASE_MATTERS, BITS_ARE_CASE, DIFFERENCE_WITHOUT_SIGN, LONGER_IS_THE_SAME, ONLY_TELLS_APART, COMPARES_BEGINNINGS,
    QUESTION_IS_OPTIONAL, STAR_IS_SOMETHING, STAR_ENDS_ALL, STAR_NEVER_GOES_BACK, PATTERNS_HAVE_CASE, BEGINNING_MATCHES, SETS_HAVE_CASE,
    HYPHEN_IS_A_CHARACTER, NO_SETS, RANGE_WITHOUT_ITS_END, MATCHES_BEGINNINGS, TRIES_EACH_STAR,
    CHANGES_NOTHING, UPPER_IS_LOWER, CHANGES_BEGINNINGS, CHANGES_BITS, WRITES_BEHIND, SHARP_S_IS_SS, DOTLESS_I,
    FAT_WITHOUT_NUL, FAT_ENDS_AT_A_SPACE, FAT_IGNORES_SIZE, FAT_BEGINNINGS,
    KEEPS_POINTS, KEEPS_SPACES, DROPS_ILLEGAL, SAYS_NOTHING_OF_ILLEGAL, UNKNOWN_IS_CUT, LOOKS_BEHIND_THE_NAME, FILLS_WITH_SPACES,
    WRITES_NUL, SIGNED_SIZE, STATUS_FOR_A_BOOLEAN, EXCEPTION_BREAKS_IT, WRITES_WHAT_IT_READS
  }

  private static final String ILLEGAL = "\"*+,/:;<=>?[\\]|";
  private static final int BEGINNING = 4096;
  /** Tries that nobody waits for. */
  private static final int TOO_MANY = 1 << 22;

  Defect defect = Defect.NONE;

  private final class Twin {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final long protocol = firmware.room(8192);
    private boolean broken;
    private int tries;

    Twin() {
      firmware.handles().install(0, Protocol.UNICODE_COLLATION2, protocol);
      String languages = switch (defect) {
        case LANGUAGE_TWICE -> "en;de-DE;en";
        case LANGUAGES_BY_SPACES -> "en de";
        case LANGUAGES_BY_ISO_639_2_IN_ONE -> "engdeufra";
        case NO_LANGUAGE -> "";
        case LANGUAGES_WITHOUT_AN_END -> "e" + "-n".repeat(2000);
        default -> "en;de-DE";
      };
      function(0, this::compare);
      function(8, this::match);
      function(16, call -> change(call, false));
      function(24, call -> change(call, true));
      function(32, this::fromFat);
      function(40, this::toFat);
      memory.put64(protocol + 48, protocol + 56);
      memory.write(protocol + 56, (languages + '\0').getBytes(StandardCharsets.US_ASCII));
    }

    private interface Function {
      long call(Call call);
    }

    private void function(int at, Function function) {
      memory.put64(protocol + at, firmware.guest(call -> {
        if (broken) {
          return EfiStep.done(0);
        }
        try {
          return EfiStep.done(function.call(call));
        } catch (EfiError e) {
          broken = is(Defect.EXCEPTION_BREAKS_IT);
          return EfiStep.done(is(Defect.STATUS_FOR_A_BOOLEAN) ? e.status().code() : 0);
        }
      }));
    }

    private boolean is(Defect wrong) {
      return defect == wrong;
    }

    private String text(long at) {
      StringBuilder text = new StringBuilder();
      for (long next = at; memory.get16(next) != 0; next += 2) {
        text.append((char) memory.get16(next));
      }
      if (is(Defect.WRITES_WHAT_IT_READS)) {
        memory.put16(at, 0);
      }
      return text.toString();
    }

    private String begun(String text, Defect wrong) {
      return is(wrong) && text.length() > BEGINNING ? text.substring(0, BEGINNING) : text;
    }

    private char upper(char each) {
      return each >= 'a' && each <= 'z' || each >= 0xE0 && each < 0xFF && each != 0xF7 ? (char) (each - 0x20) : each;
    }

    private char lower(char each) {
      return each >= 'A' && each <= 'Z' || each >= 0xC0 && each < 0xDF && each != 0xD7 ? (char) (each + 0x20) : each;
    }

    private long compare(Call call) {
      String one = begun(text(call.argument(1)), Defect.COMPARES_BEGINNINGS);
      String other = begun(text(call.argument(2)), Defect.COMPARES_BEGINNINGS);
      for (int i = 0; i < Math.min(one.length(), other.length()); i++) {
        int difference = folded(one.charAt(i)) - folded(other.charAt(i));
        if (difference != 0) {
          return is(Defect.ONLY_TELLS_APART) ? 1 : is(Defect.DIFFERENCE_WITHOUT_SIGN) ? difference & 0xFFFF_FFFFL : difference;
        }
      }
      return is(Defect.LONGER_IS_THE_SAME) ? 0 : one.length() - other.length();
    }

    private char folded(char each) {
      return is(Defect.CASE_MATTERS) ? each : is(Defect.BITS_ARE_CASE) ? (char) (each & ~0x20) : upper(each);
    }

    private long match(Call call) {
      String text = begun(text(call.argument(1)), Defect.MATCHES_BEGINNINGS);
      String pattern = begun(text(call.argument(2)), Defect.MATCHES_BEGINNINGS);
      tries = 0;
      return (is(Defect.TRIES_EACH_STAR) ? tries(text, 0, pattern, 0) : matches(text, pattern)) ? 1 : 0;
    }

    /** Whether the rest matches, by trying each star at each place. */
    private boolean tries(String text, int at, String pattern, int in) {
      if (++tries > TOO_MANY) {
        throw new AssertionError("it never comes to an end");
      }
      if (in == pattern.length()) {
        return at == text.length();
      }
      if (pattern.charAt(in) == '*') {
        return tries(text, at, pattern, in + 1) || at < text.length() && tries(text, at + 1, pattern, in);
      }
      return at < text.length() && one(text.charAt(at), pattern, in) && tries(text, at + 1, pattern, end(pattern, in));
    }

    private boolean matches(String text, String pattern) {
      int at = 0;
      int in = 0;
      int star = -1;
      int from = 0;
      while (at < text.length()) {
        if (in < pattern.length() && pattern.charAt(in) == '*') {
          if (is(Defect.STAR_ENDS_ALL)) {
            return true;
          }
          from = is(Defect.STAR_IS_SOMETHING) ? ++at : at;
          star = in++;
        } else if (in < pattern.length() && one(text.charAt(at), pattern, in)) {
          in = end(pattern, in);
          at++;
        } else if (star >= 0 && (!is(Defect.STAR_NEVER_GOES_BACK) || in == star + 1)) {
          in = star + 1;
          at = ++from;
        } else {
          return is(Defect.BEGINNING_MATCHES) && in == pattern.length();
        }
      }
      while (in < pattern.length() && (pattern.charAt(in) == '*' && !is(Defect.STAR_IS_SOMETHING) || pattern.charAt(in) == '?' && is(
          Defect.QUESTION_IS_OPTIONAL))) {
        in++;
      }
      return in >= pattern.length();
    }

    private int end(String pattern, int in) {
      int end = pattern.charAt(in) == '[' && !is(Defect.NO_SETS) ? pattern.indexOf(']', in) : in;
      return end < 0 ? pattern.length() : end + 1;
    }

    private boolean one(char each, String pattern, int in) {
      char wanted = pattern.charAt(in);
      if (wanted == '?') {
        return true;
      }
      if (wanted != '[' || is(Defect.NO_SETS)) {
        return is(Defect.PATTERNS_HAVE_CASE) ? each == wanted : upper(each) == upper(wanted);
      }
      boolean found = false;
      for (int i = in + 1; i < pattern.length() && pattern.charAt(i) != ']'; i++) {
        boolean range = pattern.charAt(i + 1) == '-' && !is(Defect.HYPHEN_IS_A_CHARACTER);
        char low = set(pattern.charAt(i));
        char high = set(pattern.charAt(range ? i + 2 : i));
        i += range ? 2 : 0;
        found |= set(each) >= low && (range && is(Defect.RANGE_WITHOUT_ITS_END) ? set(each) < high : set(each) <= high);
      }
      return found;
    }

    private char set(char each) {
      return is(Defect.SETS_HAVE_CASE) ? each : upper(each);
    }

    private long change(Call call, boolean upper) {
      String text = text(call.argument(1));
      for (int i = 0; i < text.length() && !is(Defect.CHANGES_NOTHING) && !(is(Defect.CHANGES_BEGINNINGS) && i == BEGINNING); i++) {
        char each = text.charAt(i);
        char changed = upper && !is(Defect.UPPER_IS_LOWER) ? upper(each) : lower(each);
        if (is(Defect.CHANGES_BITS) && each < 0x80) {
          changed = (char) (upper ? each & ~0x20 : each | 0x20);
        } else if (is(Defect.DOTLESS_I) && each == '\u0131') {
          changed = 'I';
        } else if (is(Defect.SHARP_S_IS_SS) && each == '\u00df') {
          changed = 'S';
        }
        memory.put16(call.argument(1) + 2L * i, changed);
      }
      if (is(Defect.WRITES_BEHIND)) {
        memory.put16(call.argument(1) + 2L * text.length() + 2, 0);
      }
      return 0;
    }

    private long fromFat(Call call) {
      long size = call.argument(1);
      long to = call.argument(3);
      long i = 0;
      for (; i != size || is(Defect.FAT_IGNORES_SIZE); i++) {
        int each = memory.get8(call.argument(2) + i);
        if (each == 0 || each == ' ' && is(Defect.FAT_ENDS_AT_A_SPACE) || i == BEGINNING && is(Defect.FAT_BEGINNINGS)) {
          break;
        }
        memory.put16(to + 2 * i, each);
      }
      if (!is(Defect.FAT_WITHOUT_NUL)) {
        memory.put16(to + 2 * i, 0);
      }
      return 0;
    }

    private long toFat(Call call) {
      String text = text(call.argument(1));
      long size = is(Defect.SIGNED_SIZE) ? Math.max(0, call.argument(2)) : call.argument(2);
      long to = call.argument(3);
      long at = 0;
      boolean replaced = false;
      for (int i = 0; i < text.length() && (at != size || is(Defect.LOOKS_BEHIND_THE_NAME)); i++) {
        char each = upper(text.charAt(i));
        if (each == '.' && !is(Defect.KEEPS_POINTS) || each == ' ' && !is(Defect.KEEPS_SPACES)) {
          continue;
        }
        boolean illegal = ILLEGAL.indexOf(each) >= 0 || each > 0xFF && !is(Defect.UNKNOWN_IS_CUT);
        replaced |= illegal && !is(Defect.SAYS_NOTHING_OF_ILLEGAL);
        if (at != size && !(illegal && is(Defect.DROPS_ILLEGAL))) {
          memory.put8(to + at++, illegal ? '_' : each);
        }
      }
      for (long rest = at; rest < Math.min(size, 11) && is(Defect.FILLS_WITH_SPACES); rest++) {
        memory.put8(to + rest, ' ');
      }
      if (is(Defect.WRITES_NUL)) {
        memory.put8(to + at, 0);
      }
      return replaced ? 1 : 0;
    }
  }

  @Override
  protected OfferedProtocols collation() {
    return new OfferedProtocols(new Twin().firmware);
  }
}
