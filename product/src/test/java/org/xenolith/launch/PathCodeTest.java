// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** A framework with a bundle whose class this test has on its class path, and one that has not. */
class PathCodeTest {
  private static final String CLASS = EchoActivator.class.getName();

  @TempDir
  Path folder;

  private Home home;

  @BeforeEach
  void makeProduct() throws IOException {
    home = new Home(folder.resolve("product"));
    Files.createDirectories(home.plugins());
    bundle("listed");
    bundle("other");
  }

  @Test
  void aListedBundlesClassesAreTheClassPaths() throws Exception {
    try (Platform platform = platform()) {
      assertSame(EchoActivator.class, bundle(platform, "listed").loadClass(CLASS));
      assertNotSame(EchoActivator.class, bundle(platform, "other").loadClass(CLASS));
    }
  }

  @Test
  void itIsABundleLikeAnyOther() throws Exception {
    try (Platform platform = platform()) {
      Bundle listed = bundle(platform, "listed");
      assertEquals(Bundle.ACTIVE, listed.getState());
      assertEquals("listed", listed.getHeaders("").get("Bundle-SymbolicName"));
      try (InputStream entry = listed.getEntry("OSGI-INF/note.txt").openStream()) {
        assertEquals("listed", new String(entry.readAllBytes(), StandardCharsets.UTF_8));
      }
      assertNull(listed.getEntry("OSGI-INF/nothing"));
      assertSame(listed, FrameworkUtil.getBundle(EchoActivator.class));
      assertNull(FrameworkUtil.getBundle(String.class));
    }
    assertNull(FrameworkUtil.getBundle(EchoActivator.class), "there is no framework any more");
  }

  @Test
  void aReplacedBundleHasClassesOfItsOwn() throws Exception {
    byte[] next = Files.readAllBytes(home.plugins().resolve("listed.jar"));
    try (Platform platform = platform()) {
      Bundle listed = bundle(platform, "listed");
      listed.update(new ByteArrayInputStream(next));
      Class<?> replaced = listed.loadClass(CLASS);
      assertNotSame(EchoActivator.class, replaced);
      assertSame(listed, FrameworkUtil.getBundle(replaced));
      assertEquals(Bundle.ACTIVE, listed.getState());
    }
  }

  @Test
  void aProcessWithoutTheClassPathLoadsBundlesFromTheirJars() throws IOException {
    assertFalse(home.onClassPath());
    assertNull(PathCode.of(home));
  }

  private Platform platform() throws Exception {
    Files.createDirectories(home.codeList().getParent());
    Files.write(home.codeList(), List.of("listed.jar " + EchoActivator.class.getPackageName()));
    return new Platform(home, Files.createDirectories(folder.resolve("storage")), true, PathCode.listed(home));
  }

  private static Bundle bundle(Platform platform, String name) {
    return Stream.of(platform.context().getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName())).findFirst().orElseThrow();
  }

  private void bundle(String name) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Import-Package", "org.osgi.framework");
    String path = CLASS.replace('.', '/') + ".class";
    try (var jar = new JarOutputStream(Files.newOutputStream(home.plugins().resolve(name + ".jar")), manifest)) {
      jar.putNextEntry(new JarEntry("OSGI-INF/note.txt"));
      jar.write(name.getBytes(StandardCharsets.UTF_8));
      jar.putNextEntry(new JarEntry(path));
      try (InputStream code = EchoActivator.class.getClassLoader().getResourceAsStream(path)) {
        code.transferTo(jar);
      }
    }
  }
}
