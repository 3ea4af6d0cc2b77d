
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A page for each command, which is what {@code help} prints of it, and one with all of them. */
final class CommandPages {
  private final Path folder;
  private final Path scripts;

  /** Of the help texts in two folders: the product's, and those of commands that are the script's own. */
  CommandPages(Path folder, Path scripts) {
    this.folder = folder;
    this.scripts = scripts;
  }

  /** The pages; the texts lie in a file for each command, with a point between it and one of its own commands. */
  List<Page> pages() throws IOException {
    List<Page> pages = new ArrayList<>();
    StringBuilder list = new StringBuilder("# Commands and their options\n\nWhat `./xenolith help COMMAND` prints, a page each.\n\n");
    List<Path> files;
    try (Stream<Path> found = Files.list(folder); Stream<Path> own = Files.list(scripts)) {
      // A help that both have is the script's, which is asked first.
      Map<String, Path> named = new TreeMap<>();
      Stream.concat(found, own).filter(file -> file.toString().endsWith(".txt")).forEach(file -> named.put(file.getFileName().toString(),
          file));
      files = List.copyOf(named.values());
    }
    for (Path file : files) {
      String name = file.getFileName().toString().replace(".txt", "");
      if (name.equals(name.toUpperCase(Locale.ROOT))) {
        continue; // of the launcher itself, not of a command
      }
      String words = name.replace('.', ' ');
      String text = Files.readString(file).stripTrailing();
      pages.add(new Page("releng/help/" + file.getFileName(), "reference/commands/" + name + ".html", "# xenolith " + words + "\n\n"
          + fence(text) + "\n"));
      list.append("* [").append(words).append("](commands/").append(name).append(".html): ").append(summary(text)).append('\n');
    }
    pages.add(new Page("releng/help", "reference/commands.html", list.toString()));
    return pages;
  }

  /** The text as it is; its fence is longer than any run of backticks in it. */
  private static String fence(String text) {
    String fence = "```";
    while (text.contains(fence)) {
      fence += "`";
    }
    return fence + "output\n" + text + "\n" + fence;
  }

  /** The first sentence behind the usage, or nothing. */
  private static String summary(String text) {
    StringBuilder sentence = new StringBuilder();
    for (String line : text.lines().dropWhile(line -> line.matches("Usage:.*|xenolith .*| .*|")).toList()) {
      if (line.isBlank() || line.startsWith(" ")) {
        break;
      }
      sentence.append(sentence.isEmpty() ? "" : " ").append(line.strip());
    }
    String whole = sentence.toString();
    int end = whole.indexOf(". ");
    return (end < 0 ? whole : whole.substring(0, end + 1)).replace("*", "\\*").replace("<", "&lt;").replace("[", "\\[");
  }
}
