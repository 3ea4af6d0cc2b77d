// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.sources;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The files of the checkout that people write: not what builds, IDEs and git put beside them. */
public final class SourceFiles {
  private static final Set<String> NOT_WRITTEN = Set.of("target", "dist", "bin", "bin-test", "bin-run", "src-gen", ".git", ".settings");
  /** Goes into guests and products as it is. */
  private static final String DATA = "/src/(main|test)/resources/";

  private SourceFiles() {}

  /** All of them, in name order. */
  public static List<Path> all(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes facts) {
        return !folder.equals(root) && NOT_WRITTEN.contains(folder.getFileName().toString()) ? FileVisitResult.SKIP_SUBTREE
            : FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
        if (facts.isRegularFile()) {
          files.add(file);
        }
        return FileVisitResult.CONTINUE;
      }
    });
    files.sort(null);
    return files;
  }

  /** Those of Java, C and shell, and scripts of whatever name, that don't name the licence where it belongs. */
  static List<String> withoutLicence(Path root) throws IOException {
    Pattern data = Pattern.compile(DATA);
    List<String> without = new ArrayList<>();
    for (Path file : all(root)) {
      String name = "/" + root.relativize(file);
      if (!data.matcher(name).find() && !licence(name, head(file))) {
        without.add(name.substring(1));
      }
    }
    return without;
  }

  /** Whether the first lines of a file name the licence, if it is one that must. */
  static boolean licence(String name, String head) {
    if (head.startsWith("#!")) {
      return head.lines().skip(1).findFirst().orElse("").equals("# SPDX-License-Identifier: EPL-2.0");
    }
    if (name.endsWith(".h")) {
      return head.startsWith("/* SPDX-License-Identifier: EPL-2.0 */\n");
    }
    if (name.matches(".*\\.(java|c)")) {
      return head.stripLeading().startsWith("// SPDX-License-Identifier: EPL-2.0\n");
    }
    return !name.endsWith(".sh") || head.startsWith("# SPDX-License-Identifier: EPL-2.0\n");
  }

  private static String head(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(200), StandardCharsets.UTF_8);
    }
  }
}
