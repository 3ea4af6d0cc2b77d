// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The index of an archive as apt has read it and checked it by its signature: the folder {@code lists} of its state, in which the signed releases are, too, and beside it a file that says
 * when that was and which SHA-256 each file had. What has changed since isn't the index that was checked.
 *
 * @param read     when it was read
 * @param releases what the signed releases say of themselves, for people
 */
record KeptIndex(Instant read, List<String> releases) {
  private static final String LISTS = "lists";
  private static final String RECORD = "checked";
  private static final String BEGIN = "xenolith-index 1 ";
  private static final String RELEASE = "_InRelease";
  private static final DateTimeFormatter FOR_PEOPLE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  /** Notes that all of a state's index was read and checked. */
  static void note(Path state, Instant now) throws IOException {
    String text = BEGIN + now + "\n" + digests(state).entrySet().stream().map(one -> one.getValue() + " " + one.getKey() + "\n").collect(
        Collectors.joining());
    Path unfinished = Files.writeString(state.resolve(RECORD + ".new"), text);
    Files.move(unfinished, state.resolve(RECORD), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The index of a state is about to change: until it is noted again there is none. */
  static void forget(Path state) throws IOException {
    Files.deleteIfExists(state.resolve(RECORD));
  }

  /** That of a state; empty if none was read, or its files aren't those that were checked. */
  static Optional<KeptIndex> of(Path state) {
    try {
      List<String> lines = Files.readAllLines(state.resolve(RECORD));
      SortedMap<String, String> noted = new TreeMap<>();
      for (String line : lines.subList(1, lines.size())) {
        noted.put(line.substring(line.indexOf(' ') + 1), line.substring(0, line.indexOf(' ')));
      }
      if (!lines.getFirst().startsWith(BEGIN) || noted.isEmpty() || !noted.equals(digests(state))) {
        return Optional.empty();
      }
      List<String> releases = new ArrayList<>();
      for (String name : noted.keySet()) {
        if (name.endsWith(RELEASE)) {
          releases.add(release(state.resolve(LISTS).resolve(name)));
        }
      }
      return Optional.of(new KeptIndex(Instant.parse(lines.getFirst().substring(BEGIN.length())), releases));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // then it is read anew
    }
  }

  /** All files of the index, with their SHA-256. */
  private static SortedMap<String, String> digests(Path state) throws IOException {
    SortedMap<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(state.resolve(LISTS))) {
      for (Path file : files.filter(Files::isRegularFile).filter(one -> !one.getFileName().toString().equals("lock")).toList()) {
        digests.put(file.getFileName().toString(), Digests.sha256(file));
      }
    }
    return digests;
  }

  /** What a release calls itself, and its date, as people read them (Debian's repository format, "Release files"). */
  private static String release(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    return field(text, "Codename") + " of " + field(text, "Date");
  }

  private static String field(String text, String name) {
    return text.lines().filter(line -> line.startsWith(name + ": ")).map(line -> line.substring(name.length() + 2).strip()).findFirst()
        .orElse(
            "unknown");
  }

  @Override
  public String toString() {
    return "read on " + FOR_PEOPLE.format(read) + " and checked by its signature then (" + String.join("; ", releases) + ")";
  }
}
