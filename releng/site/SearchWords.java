
// SPDX-License-Identifier: EPL-2.0
import java.util.List;
import java.util.stream.Collectors;

/** What the search looks through: the titles and headings of all pages; a script, since a page that was opened as a file may load no data. */
final class SearchWords {
  private final StringBuilder rows = new StringBuilder();

  void add(Page page, String title, List<Rendering.Place> headings) {
    rows.append('[').append(text(page.place())).append(',').append(text(title)).append(",[").append(headings.stream().skip(1).map(
        place -> "[" + text(place.anchor()) + ","
            + text(place.text()) + "]").collect(Collectors.joining(","))).append("]],\n");
  }

  /** The script that has them. */
  String script() {
    return "\"use strict\";\nconst pages = [\n" + rows + "];\n";
  }

  private static String text(String words) {
    StringBuilder text = new StringBuilder("\"");
    words.chars().forEach(c -> {
      if (c == '"' || c == '\\') {
        text.append('\\').append((char) c);
      } else if (c < ' ' || c == '<' || c > '~') {
        text.append("\\u%04x".formatted(c));
      } else {
        text.append((char) c);
      }
    });
    return text.append('"').toString();
  }
}
