// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that plain Maven builds outside the tree, against the Maven repository alone, is installed, updated under a running guest, and uninstalled. */
@Tag("full")
class MavenModelTest {
  private static final long MOST_SECONDS = 120;
  @TempDir
  Path folder;

  @Test
  void aModelOfPlainMavenRunsAndIsReplacedUnderItsGuest() throws Exception {
    CommandRun run = new CommandRun(folder);
    run.xenolith(0, "sdk", "repository", "--without-javadoc");
    run.xenolith(0, "new", "device", "acme", "--build", "maven", "--interrupt", "--dma", "--disk");
    run.maven("acme", "clean");
    Path jar = folder.resolve("acme/target/acme-1.0.0.jar");
    run.xenolith(0, "install", jar);

    Path said = folder.resolve("boot.txt");
    Process boot = run.prepared(List.of(GuideRun.root().resolve("xenolith").toString(), "boot", "--guest", "debian", "--append", "xl.shell",
        "--stdin", "--node", "acme/acme.dtsi"), said).start();
    try {
      await(said, "xenolith:/# ");
      Path description = folder.resolve("acme/pde.bnd");
      Files.writeString(description, Files.readString(description).replace("1.0.0", "1.1.0"));
      run.maven("acme", "clean");
      String installed = run.xenolith(0, "install", jar);
      assertTrue(installed.contains("com.example.acme 1.1.0: installed in") && installed.contains("in the place of 1.0.0"), installed);
      await(said, "xenolith: installed: com.example.acme.jar: replaced com.example.acme 1.0.0 by 1.1.0, 1 device of virt");
      run.xenolith(0, "uninstall", "com.example.acme");
      await(said, "xenolith: installed: com.example.acme.jar: removed com.example.acme 1.1.0, 1 device of virt affected");
    } finally {
      boot.descendants().forEach(ProcessHandle::destroyForcibly);
      boot.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aPlugInOfTychoIsBuiltAndInstalled() throws Exception {
    CommandRun run = new CommandRun(folder);
    run.xenolith(0, "sdk", "repository", "--without-javadoc");
    run.xenolith(0, "new", "device", "acme", "--build", "pde", "--disk");
    run.maven("acme", "clean");
    run.xenolith(0, "install", folder.resolve("acme/target/com.example.acme-1.0.0-SNAPSHOT.jar"));
    String models = run.xenolith(0, "models");
    assertTrue(models.lines().anyMatch(line -> line.contains("com.example.acme") && line.contains("example,acme")), models);
    assertTrue(run.xenolith(0, "list").startsWith("com.example.acme 1.0.0.2"));
  }

  private static void await(Path said, String text) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!Files.readString(said).contains(text)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("'" + text + "' isn't said:\n" + Files.readString(said));
      }
      Thread.sleep(100);
    }
  }
}
