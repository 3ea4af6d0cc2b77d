// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real process of {@code ./xenolith workbench}, looked at and typed at from outside. */
final class WorkbenchProcess implements AutoCloseable {
  private static final String TITLE = "Xenolith";
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);
  private static final int END_SECONDS = 30;
  private final Path temporary;
  private final Path said;
  private final Screen screen;
  private final Process process;

  /** Something that is to be so. */
  interface Look {
    boolean so() throws IOException;
  }

  private WorkbenchProcess(Path checkout, Path work, Map<String, String> environment) throws IOException {
    assertTrue(System.getenv("DISPLAY") != null, "no display: run ./xenolith test, which starts one");
    screen = new Screen(System.getenv("DISPLAY"));
    temporary = Files.createDirectory(work.resolve("tmp"));
    said = work.resolve("said.txt");
    ProcessBuilder command = new ProcessBuilder(checkout.resolve("xenolith").toString(), "workbench");
    command.redirectErrorStream(true).redirectOutput(said.toFile());
    command.environment().put("TMPDIR", temporary.toString());
    command.environment().put("XENOLITH_WORKSPACE", work.resolve("workspace").toString());
    command.environment().putAll(environment);
    process = command.start();
  }

  /** Starts that of a checkout, and waits for its window. */
  static WorkbenchProcess start(Path checkout, Path work, Map<String, String> environment) throws Exception {
    WorkbenchProcess workbench = new WorkbenchProcess(checkout, work, environment);
    try {
      workbench.await("the window", () -> workbench.text().contains("the workbench is open") && workbench.screen.window(TITLE).isPresent());
      return workbench;
    } catch (Throwable e) {
      workbench.close();
      throw e;
    }
  }

  /** Starts the one that the build has made. */
  static WorkbenchProcess start(Path work) throws Exception {
    return start(InstalledProduct.root(), work, Map.of());
  }

  /** Presses keys in its window. */
  void type(int... symbols) throws IOException {
    screen.type(screen.window(TITLE).orElseThrow(), symbols);
  }

  /** Presses keys in a dialog. */
  void typeIn(String dialog, int... symbols) throws IOException {
    screen.type(screen.window(dialog).orElseThrow(), symbols);
  }

  /** Asks the window to close. */
  void closeWindow() throws IOException {
    screen.close(screen.window(TITLE).orElseThrow());
  }

  /** Whether a window of this title is shown. */
  boolean shows(String title) throws IOException {
    return screen.window(title).isPresent();
  }

  boolean shows() throws IOException {
    return shows(TITLE);
  }

  void await(String what, Look look) throws Exception {
    long deadline = System.nanoTime() + PATIENCE;
    while (!look.so()) {
      assertTrue(process.isAlive(), () -> "the process ended before " + what + " came: " + text());
      assertTrue(System.nanoTime() < deadline, () -> "waited in vain for " + what + "; the process said: " + text());
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** The process goes on for some seconds. */
  void staysFor(int seconds) throws InterruptedException {
    assertFalse(process.waitFor(seconds, TimeUnit.SECONDS), () -> "the process ended against the person's will: " + text());
  }

  /** Ends it as {@code kill} does. */
  void terminate() throws InterruptedException {
    process.destroy();
    assertTrue(process.waitFor(END_SECONDS, TimeUnit.SECONDS), "it does not end when it is told to");
  }

  /** The process ends as it should, without a complaint. */
  void ends() throws Exception {
    assertTrue(process.waitFor(END_SECONDS, TimeUnit.SECONDS),
        () -> "the process is still there " + END_SECONDS + " s later; it said: " + text());
    assertEquals(0, process.exitValue(), this::text);
    complainsNot();
    leavesNothing();
  }

  /** Neither the framework nor a bundle has said that something is wrong. */
  void complainsNot() {
    assertFalse(text().contains("FrameworkEvent") || text().contains("Exception"), () -> "the framework complains: " + text());
  }

  /** What it kept while it ran is gone. */
  void leavesNothing() throws IOException {
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.filter(f -> f.getFileName().toString().startsWith("xenolith-")).toList());
    }
  }

  /** What it said so far on standard output and standard error. */
  String text() {
    try {
      return Files.readString(said);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws IOException {
    screen.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
