// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
      assertTrue(listed.getEntry("OSGI-INF/").getPath().endsWith("/OSGI-INF/"), "a folder, of which the jar has no entry");
      assertNull(listed.getEntry("nothing/"));
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
  void aProcessThatEndsStopsWhatCameWhileItRanAndNothingElse() throws Exception {
    platform().close();
    bundle("late");
    byte[] late = Files.readAllBytes(home.plugins().resolve("late.jar"));
    try (Platform platform = new Platform(home, folder.resolve("storage"), false, PathCode.listed(home), new Headless())) {
      Bundle came = platform.context().installBundle("late", new ByteArrayInputStream(late));
      came.start();
      platform.leave(bundle -> {});
      assertEquals(Bundle.RESOLVED, came.getState());
      assertEquals(Bundle.ACTIVE, bundle(platform, "listed").getState());
      assertEquals(Bundle.ACTIVE, bundle(platform, "other").getState());
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
    return new Platform(home, Files.createDirectories(folder.resolve("storage")), true, PathCode.listed(home), new Headless());
  }

  private static Bundle bundle(Platform platform, String name) {
    return Stream.of(platform.context().getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName())).findFirst().orElseThrow();
  }

  private void bundle(String name) throws IOException {
    new MadeBundle(name).header("Import-Package", "org.osgi.framework").entry("OSGI-INF/note.txt", name.getBytes(StandardCharsets.UTF_8))
        .type(EchoActivator.class).into(home);
  }
}
