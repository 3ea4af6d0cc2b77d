package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process of {@code ./xenolith workbench}, looked at and typed at from outside: it ends when its window does. */
class WorkbenchEndsTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);
  private static final int END_SECONDS = 30;
  private static final String TITLE = "Xenolith";

  @TempDir Path work;
  private Path temporary;
  private Path said;
  private Screen screen;
  private Process workbench;

  private interface Look {
    boolean so() throws IOException;
  }

  @BeforeEach void open() throws Exception {
    assertTrue(System.getenv("DISPLAY") != null, "no display: run ./xenolith test, which starts one");
    screen = new Screen(System.getenv("DISPLAY"));
    temporary = Files.createDirectory(work.resolve("tmp"));
    said = work.resolve("said.txt");
    ProcessBuilder command = new ProcessBuilder(InstalledProduct.root().resolve("xenolith").toString(), "workbench");
    command.redirectErrorStream(true).redirectOutput(said.toFile());
    command.environment().put("TMPDIR", temporary.toString());
    workbench = command.start();
    await("the window", () -> Files.readString(said).contains("the workbench is open") && screen.window(TITLE).isPresent());
  }

  @AfterEach void close() throws Exception {
    screen.close();
    workbench.descendants().forEach(ProcessHandle::destroyForcibly);
    workbench.destroyForcibly();
  }

  @Test void processEndsWhenTheWindowIsClosed() throws Exception {
    screen.close(screen.window(TITLE).orElseThrow());
    ends();
  }

  @Test void processEndsAfterQuit() throws Exception {
    // The menu by its key; Quit is the last entry of the first menu.
    screen.type(screen.window(TITLE).orElseThrow(), Screen.F10, Screen.DOWN, Screen.UP, Screen.ENTER);
    ends();
  }

  @Test void machineThatRunsIsEndedOnlyWithConsent() throws Exception {
    screen.type(screen.window(TITLE).orElseThrow(), Screen.F10, Screen.DOWN, Screen.ENTER);
    await("the boot dialog", () -> screen.window("Boot").isPresent());
    screen.type(screen.window("Boot").orElseThrow(), Screen.ENTER);
    await("the machine", () -> screen.window("Boot").isEmpty());
    screen.close(screen.window(TITLE).orElseThrow());
    await("the question", () -> screen.window("Quit").isPresent());
    screen.type(screen.window("Quit").orElseThrow(), Screen.ESCAPE);
    await("the end of the question", () -> screen.window("Quit").isEmpty());
    assertFalse(workbench.waitFor(3, TimeUnit.SECONDS), () -> "the process ended against the person's will: " + text());
    assertTrue(screen.window(TITLE).isPresent(), "the window is gone");
    screen.close(screen.window(TITLE).orElseThrow());
    await("the question", () -> screen.window("Quit").isPresent()); // the machine is still there
    screen.type(screen.window("Quit").orElseThrow(), Screen.ENTER);
    ends();
  }

  private void ends() throws Exception {
    assertTrue(workbench.waitFor(END_SECONDS, TimeUnit.SECONDS),
        () -> "the process is still there " + END_SECONDS + " s later; it said: " + text());
    assertEquals(0, workbench.exitValue(), this::text);
    assertFalse(text().contains("!ENTRY"), () -> "the framework complains: " + text());
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.filter(f -> f.getFileName().toString().startsWith("xenolith-workbench-")).toList());
    }
  }

  private void await(String what, Look look) throws Exception {
    long deadline = System.nanoTime() + PATIENCE;
    while (!look.so()) {
      assertTrue(workbench.isAlive(), () -> "the process ended before " + what + " came: " + text());
      assertTrue(System.nanoTime() < deadline, () -> "waited in vain for " + what + "; the process said: " + text());
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private String text() {
    try {
      return Files.readString(said);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
