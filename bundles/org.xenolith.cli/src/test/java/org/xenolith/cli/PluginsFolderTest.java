// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.machine.control.LiveChange;

final class PluginsFolderTest {
  @TempDir
  Path folder;

  private final List<String> added = new ArrayList<>();

  private final LiveChange change = new LiveChange() {
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
    public void begin(Path journal, Consumer<String> hears) {
      throw new AssertionError();
    }

    @Override
    public boolean installed(String symbolicName) {
      return false;
    }
  };

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
    return assertThrows(IOException.class, () -> PluginJar.symbolicName(jar)).getMessage();
  }

  @Test
  void bundleIsNamedWithoutItsDirectives() throws IOException {
    assertEquals("org.example.device", PluginJar.symbolicName(jar("org.example.device; singleton:=true")));
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
    StringWriter said = new StringWriter();
    try (PluginsFolder plugins = PluginsFolder.of(folder, change, new PrintWriter(said))) {
      assertEquals(List.of("added"), added);
      assertEquals("xenolith: plugins: plugin.jar: added org.example.device 1.0.0, offers no service", said.toString().strip());
    }
  }

  private static void mode(Path file, String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private String refused(Path plugins) {
    StringWriter said = new StringWriter();
    String message = assertThrows(BadInput.class, () -> PluginsFolder.named(new String[] {"boot", "--plugins", plugins.toString()}, change,
        new PrintWriter(said))).getMessage();
    assertEquals(List.of(), added);
    return said + message;
  }

  /** Whoever writes there has code of theirs run by somebody else. */
  @Test
  void folderThatOthersMayWriteIsRefused() throws IOException {
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    Files.move(jar("org.example.device"), plugins.resolve("device.jar"));
    for (String permissions : List.of("rwxr-xrwx", "rwxrwxrwx")) {
      mode(plugins, permissions);
      assertEquals("--plugins '" + plugins
          + "': refused: others may write it, and what is in it is executed. Take that from them: chmod go-w "
          + plugins, refused(plugins));
    }
    mode(plugins, "rwxr-xr-x");
    said(plugins);
    assertEquals(List.of("added"), added);
  }

  @Test
  void jarThatOthersMayWriteIsRefused() throws IOException {
    mode(jar("org.example.device"), "rw-r--rw-");
    assertTrue(refused(folder).startsWith("xenolith: plugins: " + folder.resolve("plugin.jar") + ": refused: others may write it"), refused(
        folder));
    assertTrue(refused(folder).endsWith("--plugins '" + folder + "': one jar in it can't be used; mend it, or take it out of the folder"),
        refused(folder));
  }

  /** Reading it could take for ever. */
  @Test
  void whatIsNoFileIsRefusedUnread() throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", folder.resolve("a.jar").toString()).start().waitFor());
    Files.createDirectory(folder.resolve("b.jar"));
    String said = refused(folder);
    assertTrue(said.contains("a.jar: a device, a pipe or a socket, not a file") && said.contains("b.jar: a folder, not a file")
        && said.contains("2 jars in it can't be used"), said);
  }

  /** It would end the line, and colour the next. */
  @Test
  void oddNameOfAFileIsShownWithItsControlCharacters() throws IOException {
    Files.move(jar("org.example.device"), folder.resolve("a\nb\u001b[31m.jar"));
    assertEquals("xenolith: plugins: a\\x0ab\\x1b[31m.jar: added org.example.device 1.0.0, offers no service", said(folder).strip());
  }

  private String said(Path plugins) {
    StringWriter said = new StringWriter();
    PluginsFolder.of(plugins, change, new PrintWriter(said)).close();
    return said.toString();
  }

  @Test
  void aLinkThatLeadsOutOfTheFolderIsRefused() throws IOException {
    Path elsewhere = jar("org.example.device");
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    Files.createSymbolicLink(plugins.resolve("a.jar"), elsewhere);
    Files.createSymbolicLink(plugins.resolve("b.jar"), Path.of("..", "plugin.jar"));
    Files.createSymbolicLink(plugins.resolve("none.jar"), Path.of("nowhere"));
    String said = said(plugins);
    assertEquals(List.of(), added);
    for (String name : List.of("a.jar", "b.jar")) {
      assertTrue(said.contains(name + ": refused: it is a link that leads out of the folder, to " + elsewhere.toRealPath()), said);
    }
  }

  @Test
  void aLinkWithinTheFolderAndALinkToTheFolderAreTaken() throws IOException {
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    Files.move(jar("org.example.device"), plugins.resolve("device-1.jar.kept"));
    Files.createSymbolicLink(plugins.resolve("device.jar"), Path.of("device-1.jar.kept"));
    said(Files.createSymbolicLink(folder.resolve("link"), plugins));
    assertEquals(List.of("added"), added);
  }
}
