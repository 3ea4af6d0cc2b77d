// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.machine.control.LiveChange;

final class PluginsFolderTest {
  @TempDir
  Path folder;

  private Path jar(String symbolicName) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (symbolicName != null) {
      manifest.getMainAttributes().putValue("Bundle-SymbolicName", symbolicName);
    }
    Path jar = folder.resolve("plugin.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }

  private static String refusal(Path jar) {
    return assertThrows(IOException.class, () -> PluginsFolder.symbolicName(jar)).getMessage();
  }

  @Test
  void bundleIsNamedWithoutItsDirectives() throws IOException {
    assertEquals("org.example.device", PluginsFolder.symbolicName(jar("org.example.device; singleton:=true")));
  }

  @Test
  void whatIsNoBundleIsSaidToBeNone() throws IOException {
    assertEquals("not a bundle: its manifest has no Bundle-SymbolicName", refusal(jar(null)));
    String noJar = "not a bundle: it is no jar file, or only part of one";
    Path file = folder.resolve("plugin.jar");
    assertEquals(noJar, refusal(Files.write(file, new byte[100])));
    assertEquals(noJar, refusal(Files.write(file, new byte[0])));
    byte[] whole = Files.readAllBytes(jar("org.example.device"));
    assertEquals(noJar, refusal(Files.write(file, Arrays.copyOf(whole, whole.length - 10))));
  }

  @Test
  void whatLiesThereIsTakenBeforeAnybodyWatches() throws IOException {
    jar("org.example.device");
    List<String> added = new ArrayList<>();
    LiveChange change = new LiveChange() {
      @Override
      public Change add(InputStream jar) {
        added.add("added");
        return new Change(true, "org.example.device", "1.0.0", 0, 0, "");
      }

      @Override
      public Change replace(String symbolicName, InputStream jar) {
        throw new AssertionError("it wasn't there before");
      }

      @Override
      public Change remove(String symbolicName) {
        throw new AssertionError("it is there still");
      }

      @Override
      public byte[] content(String symbolicName) {
        throw new AssertionError("nobody asked for it");
      }

      @Override
      public boolean installed(String symbolicName) {
        return false;
      }
    };
    StringWriter said = new StringWriter();
    try (PluginsFolder plugins = PluginsFolder.of(folder, change, new PrintWriter(said))) {
      assertEquals(List.of("added"), added);
      assertEquals("xenolith: plugins: plugin.jar: added org.example.device 1.0.0, offers no service", said.toString().strip());
    }
  }
}
