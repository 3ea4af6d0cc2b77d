// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * What doesn't keep to a rule yet ({@code not-yet.txt} beside this class): a list that only becomes shorter. An entry that isn't needed
 * any more fails as what breaks a rule and isn't listed.
 */
final class NotYet {
  private static final String FILE = "not-yet.txt";

  private NotYet() {}

  /**
   * What is wrong, one line each; "" when nothing is.
   *
   * @param rule  first word of this rule's entries
   * @param found what breaks it: from what an entry names to what is to be done about it
   */
  static String complaints(String rule, SortedMap<String, String> found) {
    return complaints(rule, found, entries());
  }

  static String complaints(String rule, SortedMap<String, String> found, List<String> entries) {
    List<String> listed = entries.stream().filter(entry -> entry.startsWith(rule + " ")).map(entry -> entry.substring(rule.length() + 1))
        .toList();
    List<String> complaints = new ArrayList<>();
    found.forEach((name, message) -> {
      if (!listed.contains(name)) {
        complaints.add(message);
      }
    });
    for (String name : listed) {
      if (!found.containsKey(name)) {
        complaints.add(FILE + ": \"" + rule + " " + name + "\" keeps to the rule, or is no more: take the entry out");
      }
    }
    return String.join("\n", complaints);
  }

  static List<String> entries() {
    try (InputStream file = NotYet.class.getResourceAsStream(FILE)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip).filter(line -> !line.isEmpty() && !line
          .startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
