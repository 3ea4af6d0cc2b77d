// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.xenolith.launch.HostTrouble;

/**
 * Where the window keeps what a person has arranged: layouts, launch configurations, breakpoints. It is the user's, from one start to the next, and one window's at a time; what can't
 * have it has one of its own that is gone with it.
 *
 * @param folder the folder
 * @param lock   locked until the process ends; null for one that is gone then
 * @param said   what a person should know of it; empty for nothing
 */
record Workspace(Path folder, FileChannel lock, String said) {
  /** The variable that names another folder. */
  static final String VARIABLE = "XENOLITH_WORKSPACE";
  private static final String LOCK = "lock";
  /** Of the user's state (XDG Base Directory Specification 0.8), in the folder that XDG_STATE_HOME names or in this one of the home. */
  private static final String STATE = ".local/state";
  private static final String OURS = "xenolith/workbench";

  /** One that is gone with its run. */
  static Workspace ofRun(Path run) {
    return new Workspace(run.resolve("workspace"), null, "");
  }

  /**
   * The user's.
   *
   * @param environment of the process
   * @param run         the folder of the run
   * @throws IOException if the folder that {@link #VARIABLE} names can't be had; the message says why
   */
  static Workspace ofUser(Map<String, String> environment, Path run) throws IOException {
    String named = environment.getOrDefault(VARIABLE, "");
    try {
      return locked(folder(named, environment));
    } catch (IOException | InvalidPathException e) {
      String why = e instanceof IOException trouble ? HostTrouble.reason(trouble) : "'" + ((InvalidPathException) e).getInput()
          + "' can't be a folder's name";
      if (!named.isEmpty()) {
        throw new IOException(VARIABLE + "=" + named + " can't be had: " + why, e);
      }
      return new Workspace(ofRun(run).folder, null, "what is arranged in this window won't be kept: " + why);
    }
  }

  private static Path folder(String named, Map<String, String> environment) throws IOException {
    if (!named.isEmpty()) {
      return Path.of(named).toAbsolutePath();
    }
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    if (state.startsWith("/")) {
      return Path.of(state, OURS);
    }
    String home = environment.getOrDefault("HOME", "");
    if (home.isEmpty()) {
      throw new IOException("there is no HOME; " + VARIABLE + " names a folder for it");
    }
    return Path.of(home, STATE, OURS);
  }

  private static Workspace locked(Path folder) throws IOException {
    Files.createDirectories(folder);
    FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return new Workspace(folder, channel, "");
      }
    } catch (OverlappingFileLockException e) {
      // It is this process' own.
    }
    channel.close();
    throw new IOException("another window has " + folder + "; " + VARIABLE + " names another folder for this one");
  }
}
