
// SPDX-License-Identifier: EPL-2.0
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All pages by the files that they come from, and what links of theirs lead to besides: files of the checkout, which are put beside the pages. */
final class Pages {
  private final Path root;
  private final Map<String, Page> bySource = new LinkedHashMap<>();
  private final Map<String, Path> attached = new TreeMap<>();

  Pages(Path root, List<Page> pages) {
    this.root = root;
    pages.forEach(page -> bySource.put(page.source(), page));
  }

  Collection<Page> all() {
    return bySource.values();
  }

  /** The page that comes from a file of the checkout or is a folder's first, or null. */
  Page of(String source) {
    Page page = bySource.get(source);
    return page != null ? page : bySource.get(source.isEmpty() ? "README.md" : source + "/README.md");
  }

  /** The page at a place of the site, or null. */
  Page at(String place) {
    return bySource.values().stream().filter(page -> page.place().equals(place)).findFirst().orElse(null);
  }

  /** Where a file of the checkout that isn't a page lies in the site from now on; null if there is none. What a browser would not show it is given as text. */
  String attach(String source) {
    Path file = root.resolve(source);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    String place = source.startsWith("docs/images/") ? source.substring("docs/".length()) : "files/" + source + (source.matches(
        ".*\\.(json|txt|png|svg|html)") ? ""
            : ".txt");
    attached.put(place, file);
    return place;
  }

  /** Whether a folder of the checkout is there, of which the site has no page. */
  boolean folder(String source) {
    return Files.isDirectory(root.resolve(source));
  }

  /** The files that {@link #attach} was asked for, by their places. */
  Map<String, Path> attached() {
    return attached;
  }
}
