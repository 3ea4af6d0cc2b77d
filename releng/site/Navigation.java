
// SPDX-License-Identifier: EPL-2.0
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The list beside every page: the sections of {@code docs/README.md} with their links in that order, and the reference that is made. */
record Navigation(List<Section> sections) {
  private static final Pattern LINK = Pattern.compile("\\[([^]]+)]\\(([^)#]+)(#[^)]*)?\\)");

  /** A heading with the pages below it. */
  record Section(String title, List<Entry> entries) {
  }

  /** A page by the words that lead to it. */
  record Entry(String words, String place) {
  }

  static Navigation of(Pages pages, boolean javadoc) {
    List<Section> sections = new ArrayList<>();
    sections.add(new Section("", List.of(new Entry("Xenolith", "index.html"), new Entry("All pages", "pages.html"), new Entry(
        "What has changed", "CHANGELOG.html"))));
    List<Entry> entries = new ArrayList<>();
    for (String line : pages.of("docs/README.md").markdown().lines().toList()) {
      if (line.startsWith("## ")) {
        entries = new ArrayList<>();
        sections.add(new Section(line.substring(3), entries));
      }
      Matcher link = LINK.matcher(line);
      while (link.find()) {
        Page page = pages.of(java.nio.file.Path.of("docs").resolve(link.group(2)).normalize().toString());
        if (page != null) {
          String words = link.group(1);
          entries.add(new Entry(words.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + words.substring(1), page.place() + (link.group(3)
              == null ? "" : link.group(3))));
        }
      }
    }
    List<Entry> made = new ArrayList<>(List.of(new Entry("Commands and their options", "reference/commands.html"), new Entry("Registers",
        "reference/registers.html")));
    if (javadoc) {
      made.add(new Entry("Contracts (Javadoc)", "javadoc/index.html"));
    }
    sections.add(new Section("Made from the sources", made));
    return new Navigation(sections);
  }
}
