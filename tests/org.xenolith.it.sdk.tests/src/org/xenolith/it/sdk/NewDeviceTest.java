// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What {@code new device} makes, with and without each of its parts, compiles, passes its tests and is a bundle. */
class NewDeviceTest {
  private static final List<String> PARTS = List.of("interrupt", "dma", "disk");

  @TempDir
  Path folder;

  /** The two ends; what is between them takes eight seconds each. */
  @TestFactory
  Stream<DynamicTest> aDeviceWithoutAndWithAllPartsIsBuilt() throws Exception {
    return devices(List.of(List.of(), PARTS));
  }

  @TestFactory
  @Tag("full")
  Stream<DynamicTest> aDeviceWithSomePartsIsBuilt() throws Exception {
    List<List<String>> some = new ArrayList<>();
    for (int chosen = 1; chosen < (1 << PARTS.size()) - 1; chosen++) {
      int bits = chosen;
      some.add(PARTS.stream().filter(part -> (bits >> PARTS.indexOf(part) & 1) != 0).toList());
    }
    return devices(some);
  }

  private Stream<DynamicTest> devices(List<List<String>> all) throws Exception {
    run(GuideRun.root().resolve("xenolith").toString(), "sdk");
    return all.stream().map(parts -> DynamicTest.dynamicTest("with " + parts, () -> make(parts)));
  }

  private void make(List<String> parts) throws Exception {
    String name = "dev" + String.join("", parts);
    List<String> command = new ArrayList<>(List.of(GuideRun.root().resolve("xenolith").toString(), "new", "device", name));
    parts.forEach(part -> command.add("--" + part));
    run(command.toArray(String[]::new));
    try (Stream<Path> files = Files.walk(folder.resolve(name))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertFalse(Files.readString(file).matches("(?s).*@(NAME|CLASS|VENDOR|PACKAGE|if|else|end)\\b.*"), file.toString());
      }
    }
    String said = run(GuideRun.root().resolve("dist/sdk/build-model").toString(), name, name + ".jar");
    assertTrue(Files.exists(folder.resolve(name + ".jar")), said);
    String model = Files.readString(folder.resolve(name + "/src/main/java/com/example/" + name + "/D" + name.substring(1) + ".java"));
    assertEquals(parts, PARTS.stream().filter(part -> model.contains(switch (part) {
      case "interrupt" -> "InterruptLine line;";
      case "dma" -> "DmaPort memory;";
      default -> "BlockPort port;";
    })).toList());
  }

  private String run(String... command) throws Exception {
    Path said = folder.resolve("said.txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    int code = builder.start().waitFor();
    assertEquals(0, code, () -> String.join(" ", command) + "\n" + text(said));
    return text(said);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
