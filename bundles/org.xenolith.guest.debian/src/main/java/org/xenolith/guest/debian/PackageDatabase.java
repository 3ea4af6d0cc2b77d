// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * dpkg's database of packages that are unpacked and not configured yet, as dpkg itself would have written it: the status of each, its list
 * of files and its scripts, and who waits for which trigger (dpkg(1), FILES; deb-triggers(5); doc/triggers.txt of dpkg).
 */
final class PackageDatabase {
  private static final String FOLDER = "var/lib/dpkg/";
  private static final String INFO = FOLDER + "info/";
  private static final String TRIGGERS = FOLDER + "triggers/";

  /**
   * A file of a package's control archive.
   *
   * @param mode permission bits
   */
  record ControlFile(int mode, byte[] content) {
    String text() {
      return new String(content, StandardCharsets.UTF_8);
    }
  }

  private record Info(String path, ControlFile file) {}

  private final SortedMap<String, String> status = new TreeMap<>();
  private final List<Info> info = new ArrayList<>();
  private final SortedMap<String, List<String>> triggers = new TreeMap<>();

  /**
   * Adds a package.
   *
   * @param control the files of its control archive by their names
   * @param paths of all its files, with a slash at their beginning, as dpkg lists them
   * @param digests MD5 of its configuration files, by their paths
   * @throws IOException if it has no description
   */
  void add(Map<String, ControlFile> control, List<String> paths, Map<String, String> digests) throws IOException {
    if (!control.containsKey("control")) {
      throw new IOException("it has no description");
    }
    String description = control.get("control").text().stripTrailing();
    String name = field(description, "Package");
    String whole = field(description, "Multi-Arch").equals("same") ? name + ":" + field(description, "Architecture") : name;
    StringBuilder text = new StringBuilder();
    for (String line : description.lines().toList()) {
      text.append(line).append('\n');
      if (line.startsWith("Package:")) {
        text.append("Status: install ok unpacked\n");
      }
    }
    List<String> configuration = lines(control, "conffiles").filter(digests::containsKey).toList();
    if (!configuration.isEmpty()) {
      text.append("Conffiles:\n");
      configuration.forEach(path -> text.append(' ').append(path).append(' ').append(digests.get(path)).append('\n'));
    }
    status.put(name, text.toString());
    control.forEach((member, file) -> {
      if (!member.equals("control")) {
        info.add(new Info(INFO + whole + "." + member, file));
      }
    });
    info.add(new Info(INFO + whole + ".list", new ControlFile(0644, (String.join("\n", paths) + "\n").getBytes(StandardCharsets.UTF_8))));
    lines(control, "triggers").map(line -> line.split("\\s+")).filter(word -> word.length == 2 && word[0].startsWith("interest"))
        .forEach(word -> triggers.computeIfAbsent(word[1], trigger -> new ArrayList<>())
            .add(whole + (word[0].equals("interest-noawait") ? "/noawait" : "")));
  }

  /** The paths of a package's configuration files. */
  static List<String> configuration(Map<String, ControlFile> control) {
    return lines(control, "conffiles").toList();
  }

  private static java.util.stream.Stream<String> lines(Map<String, ControlFile> control, String member) {
    ControlFile file = control.get(member);
    // A mark before a path says that the file is to be removed; none of a new package is.
    return file == null ? java.util.stream.Stream.empty()
        : file.text().lines().map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty());
  }

  private static String field(String description, String name) {
    return description.lines().filter(line -> line.startsWith(name + ": ")).map(line -> line.substring(name.length() + 2).strip())
        .findFirst().orElse("");
  }

  /** Writes the database. */
  void write(TreeArchive tree) throws IOException {
    for (String folder : List.of("var", "var/lib", "var/lib/dpkg", FOLDER + "info", FOLDER + "triggers", FOLDER + "updates", FOLDER
        + "alternatives", FOLDER + "parts")) {
      tree.folder(folder, 0755);
    }
    for (Info one : info) {
      tree.file(one.path, one.file.mode & 0777, one.file.content);
    }
    tree.file(INFO + "format", 0644, "1\n");
    tree.file(FOLDER + "status", 0644, String.join("\n", status.values()));
    for (String empty : List.of("available", "diversions", "statoverride")) {
      tree.file(FOLDER + empty, 0644, "");
    }
    StringBuilder ofFiles = new StringBuilder();
    for (Map.Entry<String, List<String>> trigger : triggers.entrySet()) {
      if (trigger.getKey().startsWith("/")) {
        trigger.getValue().forEach(who -> ofFiles.append(trigger.getKey()).append(' ').append(who).append('\n'));
      } else {
        tree.file(TRIGGERS + trigger.getKey(), 0644, String.join("\n", trigger.getValue()) + "\n");
      }
    }
    tree.file(TRIGGERS + "File", 0644, ofFiles.toString());
    tree.file(TRIGGERS + "Unincorp", 0644, "");
  }
}
