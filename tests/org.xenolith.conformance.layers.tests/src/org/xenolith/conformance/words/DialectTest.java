// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.BuiltBundle;
import org.xenolith.conformance.layers.Checkout;
import org.xenolith.conformance.sources.SourceFiles;

/**
 * No name of a type, method or field is of our dialect where the field has a word ({@code docs/glossary.md}), but for those of
 * {@code dialect.txt}, which only becomes shorter.
 */
class DialectTest {

  @Test
  void noNameIsNewInTheDialect() throws IOException {
    Set<String> known = new TreeSet<>(list());
    Set<String> found = new TreeSet<>();
    for (BuiltBundle bundle : Checkout.bundles()) {
      look(bundle.name().substring("org.xenolith.".length()), bundle.jar(), found);
    }
    for (Path file : SourceFiles.all(Checkout.root())) {
      String name = file.getFileName().toString();
      if (name.endsWith(".java") && Checkout.root().relativize(file).toString().matches("tests/.*|.*/src/test/.*") && Dialect.isDialect(name
          .substring(0, name.length() - ".java".length()))) {
        found.add(project(file) + " " + name.substring(0, name.length() - ".java".length()));
      }
    }
    assertEquals("", String.join("\n", found.stream().filter(name -> !known.contains(name)).toList()),
        "use the field's word (docs/glossary.md): a side exit, a register cache, locals, stack space, a budget, receiver enabled");
    assertEquals("", String.join("\n", known.stream().filter(name -> !found.contains(name)).toList()),
        "no longer so: take the lines out of dialect.txt");
  }

  private static List<String> list() throws IOException {
    try (InputStream list = DialectTest.class.getResourceAsStream("dialect.txt")) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#") && !line.isBlank())
          .toList();
    }
  }

  /** The folder of a test's project, as its list names it. */
  private static String project(Path file) {
    Path below = Checkout.root().relativize(file);
    return below.getName(0).toString().equals("bundles") ? below.getName(1).toString().substring("org.xenolith.".length()) + " test"
        : "tests";
  }

  private static void look(String bundle, Path jar, Set<String> found) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().filter(e -> e.getName().startsWith("org/xenolith/") && e.getName().endsWith(".class"))
          .toList()) {
        try (InputStream in = file.getInputStream(entry)) {
          found.addAll(Dialect.names(bundle, in.readAllBytes()));
        }
      }
    }
  }

  @Test
  void wordsAreToldFromPartsOfOthers() {
    for (String name : List.of("WaysOut", "X64WaysOut", "waysOut", "Told", "ToldChange", "isTold", "told", "HeldVectors", "Elsewhere",
        "elsewhere", "DomainsWork", "DeviceWays", "ArchitectureWays")) {
      assertTrue(Dialect.isDialect(name), name);
    }
    for (String name : List.of("Work", "Network", "Workbench", "WorkingDisk", "Framework", "work", "Ways", "sideways", "untold", "Toldo",
        "heldVectorsless")) {
      assertFalse(Dialect.isDialect(name), name);
    }
  }

  @Test
  void membersOfAnEngineAreSeen() throws IOException {
    assertEquals(Set.of("cpu.x DialectTest.Sample.deaf", "cpu.x DialectTest.Sample.left", "cpu.x DialectTest.Sample.told"), names("cpu.x",
        Sample.class));
    assertEquals(Set.of("launch DialectTest.Sample.told"), names("launch", Sample.class));
    assertEquals(Set.of(), names("cpu.x", Sides.class));
  }

  private static Set<String> names(String bundle, Class<?> type) throws IOException {
    try (InputStream code = type.getResourceAsStream(type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class")) {
      return Dialect.names(bundle, code.readAllBytes());
    }
  }

  private record Sides(int left, int right) {}

  private static final class Sample {
    private final long left = 1;
    private boolean deaf;

    boolean told() {
      return deaf || left > 2;
    }
  }
}
