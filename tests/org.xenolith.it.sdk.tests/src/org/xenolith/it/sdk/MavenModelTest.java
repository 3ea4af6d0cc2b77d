// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A model that plain Maven or Tycho builds outside the tree, against the Maven repository alone, is installed, updated under a running guest, and uninstalled: in the product of an
 * unpacked archive.
 */
@Tag("full")
@ResourceLock(CommandRun.REPOSITORY)
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
    String xenolith = unpacked(run).toString();
    install(run, xenolith, jar, "com\\.example\\.acme 1\\.0\\.0\\b");
    changesUnderItsGuest(run, xenolith, () -> {
      replaceFirst("acme/pde.bnd", "Bundle-Version: 1.0.0", "Bundle-Version: 1.1.0");
      run.maven("acme", "clean");
      return jar;
    }, "1\\.0\\.0", "1\\.1\\.0");
  }

  @Test
  void aPlugInOfTychoRunsAndIsReplacedUnderItsGuest() throws Exception {
    CommandRun run = new CommandRun(folder);
    run.xenolith(0, "sdk", "repository", "--without-javadoc");
    run.xenolith(0, "new", "device", "acme", "--build", "pde", "--interrupt", "--dma", "--disk");
    run.maven("acme", "clean");
    run.maven("acme", "clean"); // Tycho reads what the first one left, ahead of its own "clean"
    String xenolith = unpacked(run).toString();
    install(run, xenolith, folder.resolve("acme/target/com.example.acme-1.0.0-SNAPSHOT.jar"), "com\\.example\\.acme 1\\.0\\.0\\.2");
    String models = run.run(0, List.of(xenolith, "models"));
    assertTrue(models.lines().anyMatch(line -> line.contains("com.example.acme") && line.contains("example,acme")), models);
    assertTrue(run.run(0, List.of(xenolith, "list")).startsWith("com.example.acme 1.0.0.2"));
    changesUnderItsGuest(run, xenolith, () -> {
      replaceFirst("acme/pde.bnd", "Bundle-Version: 1.0.0.", "Bundle-Version: 1.1.0.");
      replaceFirst("acme/pom.xml", "<version>1.0.0-SNAPSHOT</version>", "<version>1.1.0-SNAPSHOT</version>");
      run.run(0, List.of("rm", "-r", "acme/target")); // Tycho reads its version, too
      run.maven("acme");
      return folder.resolve("acme/target/com.example.acme-1.1.0-SNAPSHOT.jar");
    }, "1\\.0\\.0\\.\\d+", "1\\.1\\.0\\.\\d+");
  }

  private static void install(CommandRun run, String xenolith, Path jar, String says) throws Exception {
    String installed = run.run(0, List.of(xenolith, "install", jar.toString()));
    assertTrue(Pattern.compile(says).matcher(installed).find(), installed);
  }

  /** Boots a Debian that has the installed model, and updates and uninstalls that under it. @param update builds the next version, and returns its jar */
  private void changesUnderItsGuest(CommandRun run, String xenolith, Callable<Path> update, String before, String after) throws Exception {
    Path said = folder.resolve("boot.txt");
    Process boot = run.prepared(List.of(xenolith, "boot", "--guest", "debian", "--append", "xl.shell", "--stdin", "--node",
        "acme/acme.dtsi"), said).start();
    try {
      await(said, "xenolith:/# ");
      install(run, xenolith, update.call(), "com\\.example\\.acme " + after + "(?s:.*)in the place of " + before);
      await(said, "xenolith: installed: com.example.acme.jar: replaced com.example.acme " + before + " by " + after + ", 1 device of virt");
      run.run(0, List.of(xenolith, "uninstall", "com.example.acme"));
      await(said, "xenolith: installed: com.example.acme.jar: removed com.example.acme " + after + ", 1 device of virt affected");
    } finally {
      boot.descendants().forEach(ProcessHandle::destroyForcibly);
      boot.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private void replaceFirst(String file, String before, String after) throws Exception {
    String text = Files.readString(folder.resolve(file));
    assertTrue(text.contains(before), file + " hasn't '" + before + "':\n" + text);
    Files.writeString(folder.resolve(file), text.replaceFirst(Pattern.quote(before), after));
  }

  /** The command of an archive, with its runtime, and with what makes starts fast in a folder that goes with the test. */
  private Path unpacked(CommandRun run) throws Exception {
    run.xenolith(0, "dist");
    Path place = Files.createDirectory(folder.resolve("a place"));
    try (Stream<Path> all = Files.list(GuideRun.root().resolve("dist"))) {
      Path archive = all.filter(file -> file.getFileName().toString().matches("xenolith-\\d.*-linux-x86_64\\.tar\\.gz")).findFirst()
          .orElseThrow();
      run.run(0, List.of("tar", "-C", place.toString(), "-xzf", archive.toString()));
    }
    Path cache = Files.createDirectory(folder.resolve("cache"));
    run.set("XENOLITH_CACHE", cache.toString());
    Files.createSymbolicLink(cache.resolve("guests"), Files.createDirectories(ownCache().resolve("guests")));
    try (Stream<Path> trees = Files.list(place)) {
      Path xenolith = trees.findFirst().orElseThrow().resolve("bin/xenolith");
      run.run(0, List.of(xenolith.toString(), "prepare")); // else a first start has somebody make it who outlives the test
      return xenolith;
    }
  }

  private static Path ownCache() {
    return Path.of(System.getenv().getOrDefault("XENOLITH_CACHE", System.getProperty("user.home") + "/.cache/xenolith"));
  }

  private static void await(Path said, String regex) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    Pattern pattern = Pattern.compile(regex);
    while (!pattern.matcher(Files.readString(said)).find()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("'" + regex + "' isn't said:\n" + Files.readString(said));
      }
      Thread.sleep(100);
    }
  }
}
