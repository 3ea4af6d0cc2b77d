// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
  @TempDir
  Path work;

  private Workspace of(Map<String, String> environment) throws IOException {
    Workspace workspace = Workspace.ofUser(environment, work.resolve("run"));
    if (workspace.lock() != null) {
      workspace.lock().close();
    }
    return workspace;
  }

  @Test
  void itIsInTheHomeUnlessItIsNamed() throws IOException {
    String home = work.toString();
    assertEquals(work.resolve(".local/state/xenolith/workbench"), of(Map.of("HOME", home)).folder());
    assertEquals(work.resolve("state/xenolith/workbench"), of(Map.of("HOME", home, "XDG_STATE_HOME", home + "/state")).folder());
    assertEquals(work.resolve(".local/state/xenolith/workbench"), of(Map.of("HOME", home, "XDG_STATE_HOME", "state")).folder(),
        "a relative path is to be ignored");
    assertEquals(work.resolve("mine"), of(Map.of("HOME", home, Workspace.VARIABLE, home + "/mine")).folder());
  }

  /** The second window works, and says what it can't. */
  @Test
  void oneWindowHasIt() throws IOException {
    Map<String, String> environment = Map.of("HOME", work.toString());
    Workspace first = Workspace.ofUser(environment, work.resolve("run"));
    assertEquals("", first.said());
    Workspace second = of(environment);
    assertEquals(work.resolve("run/workspace"), second.folder());
    assertEquals("what is arranged in this window won't be kept: another window has " + first.folder()
        + "; XENOLITH_WORKSPACE names another folder for this one", second.said());
    first.lock().close();
    assertEquals(first.folder(), of(environment).folder());
  }

  @Test
  void whoHasNoHomeIsTold() throws IOException {
    Workspace workspace = of(Map.of());
    assertEquals(work.resolve("run/workspace"), workspace.folder());
    assertTrue(workspace.said().contains("there is no HOME"), workspace::said);
  }

  @Test
  void aNamedOneThatCantBeHadIsRefused() throws IOException {
    Path file = Files.writeString(work.resolve("file"), "");
    String message = assertThrows(IOException.class, () -> of(Map.of(Workspace.VARIABLE, file.toString()))).getMessage();
    assertTrue(message.startsWith("XENOLITH_WORKSPACE=" + file + " can't be had: "), message);
    message = assertThrows(IOException.class, () -> of(Map.of(Workspace.VARIABLE, "a\0b"))).getMessage();
    assertTrue(message.contains("can't be a folder's name"), message);
  }
}
