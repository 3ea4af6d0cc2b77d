
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What somebody else made and the JDK brings along, as the first line of its legal notice names it: {@code ## zlib v1.3.2}.
 *
 * @param name    without the version
 * @param version empty if the notice has none
 * @param place   the notice's file, in the archive
 */
record LegalNotice(String name, String version, String place) {
  private static final Pattern TITLE = Pattern.compile("## (.+?)(?:,? (?:Version |release )?v?[. ]{0,2}(\\d\\S*))?\\s*");

  /** Those of a folder and all below it, by their place; a notice that several modules share lies in one of them, with links from the others. */
  static List<LegalNotice> in(Path archive, Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files = all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && file.toString().endsWith(".md"))
          .sorted()
          .toList();
      List<LegalNotice> notices = new ArrayList<>();
      for (Path file : files) {
        notices.add(of(Files.readString(file), archive.relativize(file).toString()));
      }
      return notices;
    }
  }

  private static LegalNotice of(String text, String place) throws IOException {
    Matcher title = TITLE.matcher(text.lines().findFirst().orElse(""));
    if (!title.matches()) {
      throw new IOException(place + ": its first line names nothing, as '## NAME vVERSION' would");
    }
    return new LegalNotice(title.group(1), title.group(2) == null ? "" : title.group(2), place);
  }

  /** As a component of a list in CycloneDX: the notice has the terms, which are no single licence with an identifier of SPDX. */
  String json() {
    return "{\"type\": \"library\", \"bom-ref\": \"" + place + "\", \"name\": \"" + name.replace("\"", "\\\"") + "\"" + (version.isEmpty()
        ? ""
        : ", \"version\": \"" + version + "\"") + ", \"licenses\": [{\"license\": {\"name\": \"" + place + "\"}}]}";
  }
}
