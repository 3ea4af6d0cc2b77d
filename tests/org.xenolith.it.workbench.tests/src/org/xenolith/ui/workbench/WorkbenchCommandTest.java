// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code ./xenolith workbench}, with the product that the build has made. */
@Tag("full")
class WorkbenchCommandTest {
  @TempDir
  Path work;

  @Test
  void commandOpensTheWindowWithoutComplaintAndLeavesNothingBehind() throws Exception {
    try (WorkbenchProcess workbench = WorkbenchProcess.start(work)) {
      workbench.complainsNot();
      keepsItsFolder();
      workbench.terminate();
      workbench.complainsNot();
      workbench.leavesNothing();
    }
  }

  /** A build may exchange the product meanwhile, and must not delete the folder that is run. */
  private static void keepsItsFolder() throws IOException {
    Path product = InstalledProduct.root().resolve("product-ui/target/workbench");
    assertTrue(Files.isSymbolicLink(product), "the product is no link that a build can exchange");
    try (FileChannel used = FileChannel.open(product.toRealPath().resolve("used"), StandardOpenOption.WRITE); FileLock alone = used
        .tryLock()) {
      assertNull(alone, "nobody keeps the folder that is run");
    }
  }

  @Test
  void commandSaysWhatItLacksWithoutADisplay() throws Exception {
    Path said = work.resolve("said.txt");
    ProcessBuilder command = command(said);
    command.environment().remove("DISPLAY");
    command.environment().remove("WAYLAND_DISPLAY");
    assertEquals(2, command.start().waitFor());
    assertTrue(text(said).contains("there is no display to open a window on"), text(said));
    assertTrue(text(said).contains("xvfb-run ./xenolith workbench"), text(said));
  }

  @Test
  void commandSaysThatADisplayCantBeOpenedBeforeItBuilds() throws Exception {
    Path said = work.resolve("said.txt");
    ProcessBuilder command = command(said);
    command.environment().remove("WAYLAND_DISPLAY");
    command.environment().put("DISPLAY", ":999");
    Process workbench = command.start();
    try {
      assertTrue(workbench.waitFor(60, TimeUnit.SECONDS), () -> "it does not end: " + text(said));
    } finally {
      workbench.destroy();
    }
    assertEquals(2, workbench.exitValue(), () -> text(said));
    assertTrue(text(said).startsWith("xenolith: the display :999 can't be opened"), text(said));
    assertEquals(1, text(said).lines().count(), text(said));
  }

  @Test
  void helpIsTheUsage() throws Exception {
    Path said = work.resolve("said.txt");
    ProcessBuilder command = command(said);
    command.command().add("--help");
    command.environment().remove("DISPLAY"); // who asks for help needs no window
    assertEquals(0, command.start().waitFor(), () -> text(said));
    assertTrue(text(said).startsWith("Usage: ./xenolith workbench"), text(said));
  }

  @Test
  void unknownArgumentIsRefused() throws Exception {
    Path said = work.resolve("said.txt");
    ProcessBuilder command = command(said);
    command.command().add("--frobnicate");
    assertEquals(2, command.start().waitFor(), () -> text(said));
    assertTrue(text(said).contains("workbench takes no arguments, but was given: --frobnicate; see ./xenolith workbench --help"), text(
        said));
  }

  private static ProcessBuilder command(Path said) {
    ProcessBuilder command = new ProcessBuilder(new ArrayList<>(List.of(InstalledProduct.root().resolve("xenolith").toString(),
        "workbench")));
    command.redirectErrorStream(true).redirectOutput(said.toFile());
    return command;
  }

  private static String text(Path said) {
    try {
      return Files.readString(said);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
