// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process of {@code ./xenolith workbench} ends when its window does. */
@Tag("full")
class WorkbenchEndsTest {
  @TempDir
  Path work;
  private WorkbenchProcess workbench;

  @BeforeEach
  void open() throws Exception {
    workbench = WorkbenchProcess.start(work);
  }

  @AfterEach
  void close() throws Exception {
    workbench.close();
  }

  @Test
  void processEndsWhenTheWindowIsClosed() throws Exception {
    workbench.closeWindow();
    workbench.ends();
  }

  @Test
  void processEndsAfterQuit() throws Exception {
    // The menu by its key; Quit is the last entry of the first menu.
    workbench.type(Screen.F10, Screen.DOWN, Screen.UP, Screen.ENTER);
    workbench.ends();
  }

  @Test
  void machineThatRunsIsEndedOnlyWithConsent() throws Exception {
    workbench.type(Screen.F10, Screen.DOWN, Screen.ENTER);
    workbench.await("the boot dialog", () -> workbench.shows("Boot"));
    workbench.typeIn("Boot", Screen.ENTER);
    workbench.await("the machine", () -> !workbench.shows("Boot"));
    workbench.closeWindow();
    workbench.await("the question", () -> workbench.shows("Quit"));
    workbench.typeIn("Quit", Screen.ESCAPE);
    workbench.await("the end of the question", () -> !workbench.shows("Quit"));
    workbench.staysFor(3);
    assertTrue(workbench.shows(), "the window is gone");
    workbench.closeWindow();
    workbench.await("the question", () -> workbench.shows("Quit")); // the machine is still there
    workbench.typeIn("Quit", Screen.ENTER);
    workbench.ends();
  }
}
