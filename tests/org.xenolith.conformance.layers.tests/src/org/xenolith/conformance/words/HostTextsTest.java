// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.Checkout;

/**
 * What the platform's exceptions of input and output say reaches nobody as it is: HostReason of command.api puts it into words. A place where
 * such an exception is surely one of ours says so: {@code // own words: WHOSE}, on the line or up to two above.
 */
class HostTextsTest {
  private static final String OWN = "// own words: ";
  /** Puts them into words. */
  private static final String WORDS = "org/xenolith/command/api/HostReason";
  /** Tests' own kit: who reads it reads Java. */
  private static final String TESTS = "org/xenolith/testkit/";

  @Test
  void noExceptionOfTheHostsSpeaksForItself() throws IOException {
    List<String> found = new ArrayList<>();
    int classes = 0;
    for (Path folder : Checkout.bundleFolders()) {
      for (Path jar : jars(folder.resolve("target"))) {
        classes += look(jar, folder, found);
      }
    }
    classes += look(Checkout.root().resolve("product/target/xenolith/lib/launch.jar"), Checkout.root().resolve("product"), found);
    assertTrue(classes > 500, "only " + classes + " classes were looked at");
    assertEquals("", String.join("\n", found), "say it by HostReason.of(e), or with '" + OWN + "WHOSE' that the text is one of ours");
  }

  private static List<Path> jars(Path target) throws IOException {
    if (!Files.isDirectory(target)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(target)) {
      return files.filter(file -> file.getFileName().toString().matches("org\\.xenolith\\..*-[0-9.]+-SNAPSHOT\\.jar")).toList();
    }
  }

  private static int look(Path jar, Path project, List<String> found) throws IOException {
    int classes = 0;
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().filter(e -> e.getName().startsWith("org/xenolith/") && e.getName().endsWith(".class")
          && !e.getName().startsWith(WORDS) && !e.getName().startsWith(TESTS)).toList()) {
        classes++;
        try (InputStream in = file.getInputStream(entry)) {
          for (HostTexts.Use use : HostTexts.of(in.readAllBytes())) {
            if (!isOwn(project, use)) {
              found.add(project.getFileName() + " " + use);
            }
          }
        }
      }
    }
    return classes;
  }

  private static boolean isOwn(Path project, HostTexts.Use use) throws IOException {
    Path source = project.resolve("src/main/java").resolve(use.source());
    List<String> lines = Files.readAllLines(source, StandardCharsets.UTF_8);
    return lines.subList(Math.max(0, use.line() - 3), Math.min(lines.size(), use.line())).stream().anyMatch(line -> line.contains(OWN));
  }

  @Test
  void everyWayToTakeTheTextIsFoundAndOthersAreNot() throws IOException {
    assertEquals(6, uses(Careless.class).size(), uses(Careless.class).toString());
    assertEquals(List.of(), uses(Careful.class));
  }

  private static List<HostTexts.Use> uses(Class<?> type) throws IOException {
    try (InputStream in = type.getResourceAsStream(type.getName().replaceFirst(".*\\.", "") + ".class")) {
      return HostTexts.of(in.readAllBytes());
    }
  }

  /** What must be found; never run. */
  private static final class Careless {
    String caught(Path file) {
      try {
        return Files.readString(file);
      } catch (FileSystemException e) {
        return file + ": " + e;
      } catch (IOException e) {
        return e.getMessage();
      }
    }

    String twoKinds(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException | IllegalStateException e) {
        return "it fails: " + e.getMessage();
      }
    }

    String joined(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException | IllegalStateException e) {
        return "it fails: " + e;
      }
    }

    String valued(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        return String.valueOf(e);
      }
    }

    BiFunction<Path, IOException, String> given() {
      return (file, e) -> file + e.getMessage();
    }
  }

  /** What is all right. */
  private static final class Careful {
    String others(String text) {
      try {
        return text.substring(9);
      } catch (IndexOutOfBoundsException e) {
        return "it is short: " + e.getMessage() + e;
      }
    }

    String passedOn(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new IllegalStateException(file + " can't be read", e);
      }
    }

    String known(Path file) {
      try {
        return Files.readString(file);
      } catch (FileSystemException e) {
        return file + ": " + e.getReason();
      } catch (IOException e) {
        String kind = e.getClass().getSimpleName();
        return file + ": " + kind;
      }
    }
  }
}
