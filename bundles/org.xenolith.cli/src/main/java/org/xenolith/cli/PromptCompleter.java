// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/**
 * What a line of the monitor prompt can go on with: commands, bundles that serve devices, nodes, files.
 *
 * @param commands names of those that there are
 * @param bundles  names of those that serve devices
 * @param consoles names of what the terminal can be the console of
 * @param more     what the last of some words can be for a command that a bundle has added
 */
record PromptCompleter(Supplier<? extends Collection<String>> commands, Supplier<? extends Collection<String>> bundles,
    Supplier<? extends Collection<String>> consoles, Function<List<String>, List<String>> more) implements Completer {
  private static final int MOST_FILES = 500;

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    List<String> words = line.words();
    of(words, line.wordIndex()).forEach(word -> candidates.add(new Candidate(word, word, null, null, null, null, !word.endsWith("/"))));
  }

  /** What may stand at that place of the words. */
  Collection<String> of(List<String> words, int place) {
    if (place == 0) {
      return new TreeSet<>(commands.get());
    }
    String first = words.getFirst();
    if (place > 1) {
      return place == 2 && first.equals("replace") ? files(words.get(place)) : more.apply(words.subList(0, place + 1));
    }
    return switch (first) {
      case "help" -> new TreeSet<>(commands.get());
      case "replace", "remove" -> new TreeSet<>(bundles.get());
      case "console" -> new TreeSet<>(consoles.get());
      case "add" -> files(words.get(place));
      default -> more.apply(words.subList(0, place + 1));
    };
  }

  /** Jars and folders that begin so. */
  private static List<String> files(String begun) {
    String folder = begun.substring(0, begun.lastIndexOf('/') + 1);
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(folder.isEmpty() ? "." : folder))) {
      files.limit(MOST_FILES).forEach(file -> {
        boolean below = Files.isDirectory(file);
        if (below || file.toString().endsWith(".jar")) {
          found.add(folder + file.getFileName() + (below ? "/" : ""));
        }
      });
    } catch (IOException | InvalidPathException e) {
      return List.of(); // there is nothing to go on with
    }
    return found.stream().sorted().toList();
  }
}
