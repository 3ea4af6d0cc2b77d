package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code ./xenolith workbench}, with the product that the build has made. */
class WorkbenchCommandTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

  @TempDir Path work;

  @Test void commandOpensTheWindowWithoutComplaintAndLeavesNothingBehind() throws Exception {
    Path temporary = Files.createDirectory(work.resolve("tmp"));
    Path said = work.resolve("said.txt");
    Process workbench = start(said, temporary);
    try {
      long deadline = System.nanoTime() + PATIENCE;
      while (!Files.readString(said).contains("the workbench is open")) {
        assertTrue(workbench.isAlive(), () -> "it ended: " + text(said));
        assertTrue(System.nanoTime() < deadline, () -> "it does not open: " + text(said));
        TimeUnit.MILLISECONDS.sleep(50);
      }
      assertFalse(text(said).contains("!ENTRY"), () -> "the framework complains: " + text(said));
      workbench.destroy();
      assertTrue(workbench.waitFor(30, TimeUnit.SECONDS), "it does not end when it is told to");
    } finally {
      workbench.destroyForcibly();
    }
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.filter(f -> f.getFileName().toString().startsWith("xenolith-workbench-")).toList());
    }
  }

  @Test void commandSaysWhatItLacksWithoutADisplay() throws Exception {
    Path said = work.resolve("said.txt");
    ProcessBuilder command = command(said);
    command.environment().remove("DISPLAY");
    command.environment().remove("WAYLAND_DISPLAY");
    assertEquals(2, command.start().waitFor());
    assertTrue(text(said).contains("there is no display to open a window on"), text(said));
    assertTrue(text(said).contains("xvfb-run ./xenolith workbench"), text(said));
  }

  @Test void commandSaysThatADisplayCantBeOpenedBeforeItBuilds() throws Exception {
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

  @Test void helpIsTheUsage() throws Exception {
    Path said = work.resolve("said.txt");
    ProcessBuilder command = command(said);
    command.command().add("--help");
    command.environment().remove("DISPLAY"); // who asks for help needs no window
    assertEquals(0, command.start().waitFor(), () -> text(said));
    assertTrue(text(said).startsWith("Usage: ./xenolith workbench"), text(said));
  }

  @Test void unknownArgumentIsRefused() throws Exception {
    Path said = work.resolve("said.txt");
    ProcessBuilder command = command(said);
    command.command().add("--frobnicate");
    assertEquals(2, command.start().waitFor(), () -> text(said));
    assertTrue(text(said).contains("workbench takes no arguments, but was given: --frobnicate; see ./xenolith workbench --help"), text(said));
  }

  private Process start(Path said, Path temporary) throws IOException {
    ProcessBuilder command = command(said);
    command.environment().put("TMPDIR", temporary.toString());
    return command.start();
  }

  private static ProcessBuilder command(Path said) {
    ProcessBuilder command = new ProcessBuilder(new ArrayList<>(List.of(InstalledProduct.root().resolve("xenolith").toString(), "workbench")));
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
