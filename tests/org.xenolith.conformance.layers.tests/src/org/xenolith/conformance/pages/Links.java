// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.xenolith.conformance.sources.SourceFiles;

/** Where the links of Markdown pages lead: to files that are there, and to headings in them. */
public final class Links {
  /** Inline links and images, but for those to the web. */
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```|`[^`\n]*`");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?) *#*$");

  private Links() {}

  /** The pages of a folder and those below it that people write, but for what new models are made of. */
  static List<Path> pages(Path root) throws IOException {
    return SourceFiles.all(root).stream().filter(file -> file.toString().endsWith(".md") && !root.relativize(file).toString().contains(
        "/templates/")).toList();
  }

  /** The links of these pages that lead nowhere, each with its page. */
  static List<String> broken(Path root, List<Path> pages) throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages) {
      broken.addAll(broken(root, page, Files.readString(page)));
    }
    return broken;
  }

  /** The links of a page with this text that lead nowhere; the file may be one that isn't made yet. */
  public static List<String> broken(Path root, Path page, String text) throws IOException {
    List<String> broken = new ArrayList<>();
    for (MatchResult link : LINK.matcher(CODE.matcher(text).replaceAll("")).results().toList()) {
      Path to = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
      String place = root.relativize(page) + " links to " + link.group(1);
      if (!to.equals(page) && !Files.exists(to)) {
        broken.add(place + ", which isn't there");
      } else if (link.group(2) != null && to.toString().endsWith(".md")) {
        if (!anchors(to.equals(page) ? text : Files.readString(to)).contains(link.group(2))) {
          broken.add(place + '#' + link.group(2) + ", which is no heading there");
        }
      }
    }
    return broken;
  }

  /** What headings are called in links: lower case, without punctuation, hyphens for spaces; a number behind one that was there before. */
  static Set<String> anchors(String page) {
    Set<String> anchors = new HashSet<>();
    Map<String, Integer> times = new HashMap<>();
    HEADING.matcher(Pattern.compile("(?ms)^```.*?^```").matcher(page).replaceAll("")).results().forEach(heading -> {
      String words = heading.group(1).replaceAll("\\[([^]]*)\\]\\([^)]*\\)", "$1").toLowerCase(Locale.ROOT);
      String anchor = words.replaceAll("[^\\p{L}\\p{N}\\- _]", "").replace(' ', '-');
      int before = times.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? anchor : anchor + '-' + before);
    });
    return anchors;
  }
}
