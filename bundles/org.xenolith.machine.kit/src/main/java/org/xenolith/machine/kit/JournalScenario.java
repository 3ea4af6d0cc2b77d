// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a journal says of the scenario that made its machine, in a line of its header, in the place of a {@link JournalCommand}: who has the journal has the scenario.
 *
 * @param name       the scenario's
 * @param text       of its file
 * @param properties what was given for its properties
 */
public record JournalScenario(String name, String text, Map<String, String> properties) {
  private static final String BEGINNING = "scenario ";
  /** Which line of a header it is. */
  private static final int LINE = 3;

  /** Takes a copy of the properties. */
  public JournalScenario {
    properties = Map.copyOf(properties);
  }

  /** Whether a line is one. */
  public static boolean is(String line) {
    return line.startsWith(BEGINNING);
  }

  /** The line without its end. */
  public String line() {
    StringBuilder line = new StringBuilder(BEGINNING + encoded(name) + ' ' + encoded(text));
    properties.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(each -> line.append(' ').append(encoded(each.getKey()
        + '=' + each.getValue())));
    return line.toString();
  }

  private static String encoded(String word) {
    return URLEncoder.encode(word, StandardCharsets.UTF_8);
  }

  /**
   * The scenario of a journal; empty for a file that doesn't say one.
   *
   * @throws IOException if the file can't be read, or is none, is of another version, or has a scenario that is damaged; the message names the line
   */
  public static Optional<JournalScenario> of(Path journal) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(journal, StandardCharsets.ISO_8859_1)) {
      List<String> header = in.lines().limit(LINE + 1).toList();
      String first = header.isEmpty() ? "" : header.getFirst();
      if (!first.startsWith(JournalCommand.NAME + ' ')) {
        throw new IOException("not a journal");
      }
      if (!first.equals(JournalCommand.NAME + ' ' + JournalCommand.FORMAT)) {
        throw new IOException("line 1: it is of another version of Xenolith, \"" + first + "\"; this one reads format "
            + JournalCommand.FORMAT + ": use that version, or record anew");
      }
      if (header.size() < LINE || !is(header.get(LINE - 1))) {
        return Optional.empty();
      }
      if (header.size() == LINE) {
        // The CPUs' lines follow at once.
        throw new IOException("line " + LINE + ": the file is cut, nothing follows its scenario; get the whole file");
      }
      return Optional.of(parse(header.get(LINE - 1)));
    }
  }

  private static JournalScenario parse(String line) throws IOException {
    String[] fields = line.substring(BEGINNING.length()).split(" ", -1);
    Map<String, String> properties = new LinkedHashMap<>();
    try {
      for (int i = 2; i < fields.length; i++) {
        String[] property = PercentEncoding.decode(fields[i]).split("=", 2);
        properties.put(property[0], property.length < 2 ? "" : property[1]);
      }
      if (fields.length < 2) {
        throw new IOException("line " + LINE + ": it has no text of a scenario");
      }
      return new JournalScenario(PercentEncoding.decode(fields[0]), PercentEncoding.decode(fields[1]), properties);
    } catch (IllegalArgumentException e) {
      throw new IOException("line " + LINE + ": " + e.getMessage(), e);
    }
  }
}
