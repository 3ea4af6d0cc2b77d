// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;

/** The command of an archive, in a tree as the archive has it, but for its runtime, which is the JDK of this process. {@link UnpackedArchiveTest} has all of it. */
class ArchiveCommandTest {

  @TempDir
  Path work;
  private Path link;

  @BeforeEach
  void unpack() throws IOException {
    Path tree = Files.createDirectories(work.resolve("a place/xenolith-1.0.0"));
    Files.createDirectories(tree.resolve("bin"));
    Files.createDirectories(tree.resolve("lib"));
    Path command = Files.copy(Product.root().resolve("releng/archive/xenolith"), tree.resolve("bin/xenolith"));
    command.toFile().setExecutable(true);
    Files.writeString(tree.resolve("lib/version"), "1.0.0\n");
    Files.createSymbolicLink(tree.resolve("lib/xenolith"), Product.root().resolve("product/target/xenolith").toRealPath());
    Files.createSymbolicLink(tree.resolve("runtime"), Path.of(System.getProperty("java.home")));
    link = Files.createSymbolicLink(work.resolve("xenolith"), command);
  }

  @Test
  void itRunsThroughALinkWithNothingInItsEnvironment() throws InterruptedException {
    Outcome version = run(Map.of("TMPDIR", work.toString()), "--version").expect(0);
    assertEquals("Xenolith 1.0.0\n", version.out());
    version.errHas(
        "^xenolith: there is no cache folder of this user's that can be written to: downloads are kept in .*/xenolith-cache-\\d+");
  }

  @Test
  void itKeepsWhatItMakesInTheUsersCache() throws InterruptedException {
    assertEquals("", run(Map.of("HOME", work.resolve("home").toString(), "TMPDIR", work.toString()), "version").expect(0).err());
    assertTrue(Files.isDirectory(work.resolve("home/.cache/xenolith")));
  }

  @Test
  void anotherJavaIsNotReplacedInSilence() throws InterruptedException {
    run(Map.of("HOME", work.toString(), "XENOLITH_JAVA_HOME", work.toString()), "version").expect(2).errHas(
        "^xenolith: XENOLITH_JAVA_HOME is '.*', which is no Java 25; name the folder of one, or unset it");
  }

  @Test
  void whatItPreparesIsAskedForByItsName() throws InterruptedException {
    run(Map.of("HOME", work.toString()), "prepare", "there").expect(2).errHas(
        "^xenolith: prepare: expected --here or nothing, got 'there'");
  }

  @Test
  void whatIsNotInTheArchiveIsSaid() throws InterruptedException, IOException {
    Map<String, String> home = Map.of("HOME", work.toString(), "DISPLAY", ":1");
    run(home, "workbench").expect(2).errHas(
        "^xenolith: this archive has no workbench; xenolith-workbench-1.0.0-linux-x86_64.tar.gz has one");
    run(home, "docs").expect(2).errHas(
        "^xenolith: .*/a place/xenolith-1.0.0/share/doc/index.html isn't there: this isn't the whole archive");
    Path page = Files.createDirectories(work.resolve("a place/xenolith-1.0.0/share/doc")).resolve("index.html");
    Files.writeString(page, "<!DOCTYPE html>");
    run(Map.of("HOME", work.toString()), "docs").expect(0).errHas("^xenolith: no browser could be started here; open .*/index.html in one");
    run(home, "docs", "boot").expect(2).errHas("^xenolith: docs takes no arguments, got 'boot'");
  }

  @Test
  void aWindowThatCannotOpenSaysWhyBeforeItStarts() throws InterruptedException, IOException {
    Files.createDirectories(work.resolve("a place/xenolith-1.0.0/lib/workbench"));
    run(Map.of("HOME", work.toString()), "workbench").expect(2).errHas("^xenolith: there is no display to open a window on");
    run(Map.of("HOME", work.toString(), "DISPLAY", ":1"), "workbench", "boot").expect(2).errHas(
        "^xenolith: workbench takes no arguments, got 'boot': what to boot is asked by Machine > Boot");
  }

  private Outcome run(Map<String, String> environment, String... arguments) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(link.toString()).redirectInput(new File("/dev/null"));
    builder.command().addAll(List.of(arguments));
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().putAll(environment);
    try (Program program = Program.start(builder)) {
      return program.await(Product.LONG);
    }
  }
}
