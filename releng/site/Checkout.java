
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The pages that lie in the checkout: those of docs, each README that a reader comes to, and what the build makes of the bundles' READMEs. */
final class Checkout {
  private final Path root;

  Checkout(Path root) {
    this.root = root;
  }

  /** All pages, in the order of their files' names. */
  List<Page> pages() throws IOException {
    List<Page> pages = new ArrayList<>();
    for (String name : List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "NOTICE.md")) {
      pages.add(page(name));
    }
    for (String folder : List.of("docs", "bundles", "features", "product", "product-ui", "releng", "target-platform", "tests",
        "dist/reference")) {
      for (String file : markdown(folder)) {
        pages.add(page(file));
      }
    }
    String decisions = "docs/adr/README.md";
    if (!Files.exists(root.resolve(decisions))) {
      pages.add(new Page(decisions, place(decisions), decisions(pages)));
    }
    return pages;
  }

  /** A page with the titles of all decisions, which have none of their own. */
  private static String decisions(List<Page> pages) {
    StringBuilder text = new StringBuilder("# Decisions\n\nWhat was decided, when, and why; a page each.\n\n");
    for (Page page : pages) {
      if (page.source().startsWith("docs/adr/")) {
        String title = page.markdown().lines().filter(line -> line.startsWith("# ")).findFirst().orElse("# " + page.source()).substring(2);
        text.append("* [").append(title).append("](").append(page.source().substring("docs/adr/".length())).append(")\n");
      }
    }
    return text.toString();
  }

  private List<String> markdown(String folder) throws IOException {
    Path from = root.resolve(folder);
    if (!Files.isDirectory(from)) {
      return List.of();
    }
    try (Stream<Path> files = Files.find(from, 4, (path, attributes) -> attributes.isRegularFile() && path.toString().endsWith(".md"))) {
      return files.map(file -> root.relativize(file).toString().replace('\\', '/')).filter(file -> !file.contains("/target/") && !file
          .contains("/templates/") && !file
              .contains("/src")).sorted().toList();
    }
  }

  private Page page(String source) throws IOException {
    return new Page(source, place(source), Files.readString(root.resolve(source)));
  }

  /** Where a file of the checkout is in the site: docs lie at its root, a README is its folder's first page. */
  static String place(String source) {
    String name = source.startsWith("docs/") ? source.substring("docs/".length()) : source.startsWith("dist/") ? source.substring("dist/"
        .length()) : source;
    if (source.equals("docs/README.md")) {
      return "pages.html";
    }
    String page = name.substring(0, name.length() - ".md".length());
    if (page.equals("README") || page.endsWith("/README")) {
      page = page.substring(0, page.length() - "README".length()) + "index";
    }
    return page + ".html";
  }
}
