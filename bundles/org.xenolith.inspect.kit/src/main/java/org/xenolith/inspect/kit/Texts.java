// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.NearWords;
import org.xenolith.command.kit.WrittenNumber;

/** Lists and numbers in answers. */
public final class Texts {
  private static final int MOST = 12;

  private Texts() {}

  /** Words after one another, the first of many. */
  public static String list(List<String> words) {
    return words.isEmpty() ? "none" : String.join(", ", words.subList(0, Math.min(MOST, words.size()))) + (words.size() > MOST ? ", … ("
        + words
            .size() + ")" : "");
  }

  /** {@code ; did you mean A or B?}, or what is to be said where nothing is near. */
  public static String near(String typed, Collection<String> words, String otherwise) {
    Map<String, String> close = new LinkedHashMap<>();
    words.stream().filter(each -> Math.abs(each.length() - typed.length()) <= 2).forEach(each -> close.putIfAbsent(each.toLowerCase(
        Locale.ROOT), each));
    List<String> near = NearWords.of(typed, close.keySet()).stream().limit(3).map(close::get).toList();
    return near.isEmpty() ? otherwise : "; did you mean " + String.join(" or ", near) + "?";
  }

  /** A value of so many bits, as many digits as these need. */
  public static String value(long[] words, int bits) {
    StringBuilder text = new StringBuilder();
    for (int i = words.length - 1; i >= 0; i--) {
      int digits = (Math.min(64, bits - 64 * i) + 3) / 4;
      text.append(("%0" + digits + "x").formatted(words[i]));
    }
    return "0x" + text;
  }

  /** A word that is a number of things, from 1 on. @throws BadInput if it isn't, or more than {@code most} */
  public static int count(String word, String what, int most) {
    long number = number(word).orElseThrow(() -> new BadInput("'" + word + "' is no number of " + what));
    if (number < 1 || number > most) {
      throw new BadInput(word + " " + what + ": expected 1 to " + most);
    }
    return (int) number;
  }

  /** A word that is a number, as {@link WrittenNumber#word} takes it. */
  public static Optional<Long> number(String text) {
    return WrittenNumber.word(text).stream().boxed().findFirst();
  }
}
