// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing that Xenolith reads or writes depends on the charset of the machine it runs on. */
class CharsetsTest {

  @Test
  void everyBundleAndTheLauncherNameTheCharset() throws IOException {
    List<Path> jars = new ArrayList<>();
    jars.addAll(jars("product/target/xenolith/plugins"));
    jars.addAll(jars("product/target/xenolith/lib"));
    for (Path folder : Checkout.bundleFolders()) {
      jars.addAll(jars("bundles/" + folder.getFileName() + "/target")); // also what is not headless
    }
    List<String> found = new ArrayList<>();
    int classes = 0;
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile())) {
        for (JarEntry entry : file.stream().filter(e -> e.getName().startsWith("org/xenolith/") && e.getName().endsWith(".class"))
            .toList()) {
          try (InputStream in = file.getInputStream(entry)) {
            DefaultCharsets.uses(in.readAllBytes()).forEach(use -> found.add(entry.getName().replaceFirst("\\.class$", "") + " uses "
                + use));
          }
          classes++;
        }
      }
    }
    assertTrue(classes > 500, "only " + classes + " classes were looked at");
    assertEquals(List.of(), found, "each needs a charset (or Locale.ROOT), for example StandardCharsets.UTF_8");
  }

  /** Of the bundles' own tests all; of the test projects those that the build has compiled by now. */
  @Test
  void everyTestNamesTheCharset() throws IOException {
    List<String> found = new ArrayList<>();
    int classes = 0;
    List<Path> folders = new ArrayList<>(Checkout.bundleFolders().stream().map(folder -> folder.resolve("target/test-classes")).toList());
    try (Stream<Path> projects = Files.list(Checkout.root().resolve("tests"))) {
      projects.map(folder -> folder.resolve("target/classes")).forEach(folders::add);
    }
    for (Path folder : folders.stream().filter(Files::isDirectory).toList()) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".class") && !f.toString().endsWith("$Careless.class")).toList()) {
          DefaultCharsets.uses(Files.readAllBytes(file)).forEach(use -> found.add(folder.relativize(file) + " uses " + use));
          classes++;
        }
      }
    }
    assertTrue(classes > 200, "only " + classes + " classes were looked at");
    assertEquals(List.of(), found, "each needs a charset (or Locale.ROOT), for example StandardCharsets.UTF_8");
  }

  private static List<Path> jars(String folder) throws IOException {
    Path path = Checkout.root().resolve(folder);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> file.getFileName().toString().matches("(org\\.xenolith\\.|launch).*\\.jar")).sorted().toList();
    }
  }

  @Test
  void whatDependsOnThePlatformIsFoundAndWhatDoesNotIsNot() throws IOException {
    assertEquals(Set.of("java/lang/String.getBytes()[B", "java/lang/String.<init>([B)V",
        "java/io/InputStreamReader.<init>(Ljava/io/InputStream;)V",
        "java/io/PrintWriter.<init>(Ljava/io/OutputStream;Z)V", "java/io/PrintStream.<init>(Ljava/lang/String;)V",
        "java/lang/String.toLowerCase()Ljava/lang/String;"), uses(Careless.class));
    assertEquals(Set.of(), uses(Careful.class));
  }

  private static Set<String> uses(Class<?> type) throws IOException {
    try (InputStream in = type.getResourceAsStream(type.getName().replaceFirst(".*\\.", "") + ".class")) {
      return DefaultCharsets.uses(in.readAllBytes());
    }
  }

  /** What must be found; never run. */
  private static final class Careless {
    void all(InputStream in) throws IOException {
      byte[] bytes = "ä".getBytes();
      new InputStreamReader(in).read();
      new PrintWriter(new ByteArrayOutputStream(), true).print(new String(bytes).toLowerCase());
      new PrintStream("file").close();
    }
  }

  /** The same as it must be. */
  private static final class Careful {
    void all(InputStream in) throws IOException {
      byte[] bytes = "ä".getBytes(StandardCharsets.UTF_8);
      new InputStreamReader(in, StandardCharsets.UTF_8).read();
      new PrintWriter(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8).print(new String(bytes, StandardCharsets.UTF_8)
          .toLowerCase(Locale.ROOT));
      new PrintWriter(new StringWriter()).close();
      new PrintStream("file", StandardCharsets.UTF_8).close();
      new ByteArrayInputStream(bytes).close();
    }
  }
}
