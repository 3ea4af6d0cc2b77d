
// SPDX-License-Identifier: EPL-2.0
import java.util.stream.Collectors;

/** What is around a page's text: its head, the list of pages, the field of the search, the headings of the page. */
final class Layout {
  private Layout() {
  }

  static String html(Page page, Rendering.Rendered made, Navigation navigation, String version) {
    String up = page.up();
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <link rel="stylesheet" href="%ssite.css">
        <script src="%ssearch.js" data-up="%s" defer></script>
        </head>
        <body>
        <a class="skip" href="#text">To the text</a>
        <nav aria-label="Pages">
        <label for="search">Search</label>
        <input id="search" type="search" autocomplete="off" aria-controls="found">
        <ul id="found"></ul>
        %s</nav>
        <main id="text">
        %s
        <footer>Xenolith %s. Made from <code>%s</code>.</footer>
        </main>
        %s</body>
        </html>
        """.formatted(escape(made.title()), up, up, up, sections(page, navigation), made.html(), escape(version), escape(page.source()),
        contents(made));
  }

  private static String sections(Page page, Navigation navigation) {
    StringBuilder html = new StringBuilder();
    for (Navigation.Section section : navigation.sections()) {
      html.append(section.title().isEmpty() ? "" : "<h2>" + escape(section.title()) + "</h2>\n").append("<ul>\n");
      for (Navigation.Entry entry : section.entries()) {
        html.append("<li><a").append(entry.place().equals(page.place()) ? " aria-current=\"page\"" : "").append(" href=\"").append(page
            .up()).append(entry.place())
            .append("\">").append(escape(entry.words())).append("</a></li>\n");
      }
      html.append("</ul>\n");
    }
    return html.toString();
  }

  /** The list of a long page's sections. */
  private static String contents(Rendering.Rendered made) {
    var below = made.headings().stream().filter(place -> place.level() == 2).toList();
    if (below.size() < 3) {
      return "";
    }
    return below.stream().map(place -> "<li><a href=\"#" + escape(place.anchor()) + "\">" + escape(place.text()) + "</a></li>\n").collect(
        Collectors.joining("",
            "<aside aria-label=\"On this page\">\n<ul>\n", "</ul>\n</aside>\n"));
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
