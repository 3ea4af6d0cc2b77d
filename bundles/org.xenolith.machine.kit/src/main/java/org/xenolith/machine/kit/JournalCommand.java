// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a journal says of the command that made its machine, in a line of its header, so that who replays it needn't.
 *
 * @param terminal whether somebody sat at a terminal, for whom a guest may stay at a shell
 * @param words    the command's arguments
 */
public record JournalCommand(boolean terminal, List<String> words) {
  /** The form of journals that this version writes and reads: the number in their first line. */
  public static final int FORMAT = 2;
  /** What is before it. */
  public static final String NAME = "xenolith-journal";

  /** Name of an option of launches, which no user says, with the {@link #line} of a machine that may have to be made again; a snapshot doesn't hold it. */
  public static final String OPTION = "journal-command";
  private static final String BEGINNING = "command ";
  private static final String TERMINAL = "terminal";
  private static final String ALONE = "-";
  /** Lines of a header. */
  private static final int HEADER = 3;

  /** Takes a copy of the words. */
  public JournalCommand {
    words = List.copyOf(words);
  }

  /** Whether a line is one. */
  public static boolean is(String line) {
    return line.startsWith(BEGINNING);
  }

  /** The line without its end. */
  public String line() {
    return BEGINNING + (terminal ? TERMINAL : ALONE) + words.stream().map(word -> " " + URLEncoder.encode(word, StandardCharsets.UTF_8))
        .collect(Collectors.joining());
  }

  /**
   * The command of a journal; empty for a file that doesn't say one.
   *
   * @throws IOException if the file can't be read, or has one in its header that is damaged; the message names file and line
   */
  public static Optional<JournalCommand> of(Path journal) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(journal, StandardCharsets.ISO_8859_1)) {
      List<String> header = in.lines().limit(HEADER).toList();
      for (int i = 0; i < header.size(); i++) {
        if (is(header.get(i))) {
          return Optional.of(parse(header.get(i), journal + ", line " + (i + 1)));
        }
      }
      return Optional.empty();
    }
  }

  private static JournalCommand parse(String line, String place) throws IOException {
    List<String> fields = Arrays.asList(line.substring(BEGINNING.length()).split(" ", -1));
    try {
      return new JournalCommand(fields.getFirst().equals(TERMINAL), fields.stream().skip(1).map(PercentEncoding::decode).toList());
    } catch (IllegalArgumentException e) {
      throw new IOException(place + ": " + e.getMessage(), e);
    }
  }
}
