package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginsFolderTest {
  @TempDir Path folder;

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

  @Test void bundleIsNamedWithoutItsDirectives() throws IOException {
    assertEquals("org.example.device", PluginsFolder.symbolicName(jar("org.example.device; singleton:=true")));
  }

  @Test void whatIsNoBundleIsSaidToBeNone() throws IOException {
    assertEquals("not a bundle: its manifest has no Bundle-SymbolicName", refusal(jar(null)));
    String noJar = "not a bundle: it is no jar file, or only part of one";
    Path file = folder.resolve("plugin.jar");
    assertEquals(noJar, refusal(Files.write(file, new byte[100])));
    assertEquals(noJar, refusal(Files.write(file, new byte[0])));
    byte[] whole = Files.readAllBytes(jar("org.example.device"));
    assertEquals(noJar, refusal(Files.write(file, Arrays.copyOf(whole, whole.length - 10))));
  }
}
