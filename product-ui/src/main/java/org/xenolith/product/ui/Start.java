// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.xenolith.launch.Folders;
import org.xenolith.launch.GuestMemory;
import org.xenolith.launch.Home;
import org.xenolith.launch.HostTrouble;
import org.xenolith.launch.Launch;
import org.xenolith.launch.PathCode;
import org.xenolith.launch.Platform;
import org.xenolith.launch.Publication;
import org.xenolith.launch.RunFolder;

/**
 * Starts the workbench from the product's folder that this class lies in, and keeps that folder as long as it runs; with the system property {@code xenolith.prepare}
 * only prepares the product, in its folder or in the one that {@link Home#PREPARED} names.
 */
public final class Start {
  /** In the product's folder: the host's libraries that draw. */
  static final String LIBRARIES = "lib/swt";
  private static final int BAD_INPUT = 2;
  /** The launcher script says what it means. */
  private static final int NO_DISPLAY = 3;
  /** The system property of the process that shows the JVM what a window needs: it is nobody's. */
  private static final String TRAINING = "xenolith.training";
  private static final int STOP_MILLISECONDS = 20_000;

  /** Keeps this product's folder; never closed. */
  @SuppressWarnings("unused")
  private static FileChannel running;
  /** What a person has arranged, locked until the process ends. */
  private static Workspace workspace;

  private Start() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    Home home = Home.ofThisProcess(Start.class);
    if (Boolean.getBoolean("xenolith.prepare")) {
      String elsewhere = System.getProperty(Home.PREPARED);
      if (elsewhere == null) {
        prepare(home);
      } else {
        FirstStart.prepare(home, Path.of(elsewhere));
      }
      return;
    }
    running = Publication.use(home.folder());
    GuestMemory.choose();
    if (!DisplayServer.answers(System.getenv())) {
      System.exit(NO_DISPLAY);
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    RunFolder folder = RunFolder.ofThisProcess(temporary);
    if (folder == null) {
      System.exit(BAD_INPUT);
    }
    try {
      workspace = Boolean.getBoolean(TRAINING) ? Workspace.ofRun(folder.folder()) : Workspace.ofUser(System.getenv(), folder.folder());
    } catch (IOException e) {
      System.err.println("xenolith: " + e.getMessage());
      folder.discard();
      System.exit(BAD_INPUT);
    }
    if (!workspace.said().isEmpty()) {
      System.err.println("xenolith: " + workspace.said());
    }
    try {
      run(home, folder);
    } catch (Exception e) {
      if (!HostTrouble.isSaid(e, temporary)) {
        throw e;
      }
      System.exit(BAD_INPUT);
    }
  }

  /** Starts all bundles once: some want a place for what a user has at once, which is gone afterwards. */
  static void prepare(Home home) throws Exception {
    RunFolder folder = RunFolder.ofThisProcess(Path.of(System.getProperty("java.io.tmpdir")));
    if (folder == null) {
      System.exit(BAD_INPUT);
    }
    try {
      Launch.prepare(home, PathCode.withOwnResources(home), new WorkbenchComposition(home, Workspace.ofRun(folder.folder()).folder(),
          null));
    } finally {
      folder.discard();
    }
  }

  /** Until the window is closed; then the application ends the process. */
  private static void run(Home home, RunFolder folder) throws Exception {
    MainThread application = new MainThread();
    WorkbenchComposition composition = new WorkbenchComposition(home, workspace.folder(), application);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(composition.framework(), folder), "end"));
    folder.requireRoom();
    System.setProperty("swt.library.path", home.folder().resolve(LIBRARIES).toString());
    boolean prepared = home.prepared();
    if (prepared) {
      // A run has a configuration of its own: bundles that it changes are the product's again at the next start.
      Folders.copy(home.configuration(), folder.storage());
    }
    try (Platform platform = new Platform(home, folder.storage(), !prepared, prepared ? PathCode.withOwnResources(home) : null,
        composition)) {
      application.run();
    }
  }

  /** The process ends, by a signal or because the window was closed. */
  private static void end(Framework framework, RunFolder folder) {
    try {
      if (framework != null) {
        // The window first, on its own thread: Eclipse lets go of all that it shows as soon as the framework begins to stop.
        for (Bundle bundle : framework.getBundleContext() == null ? new Bundle[0] : framework.getBundleContext().getBundles()) {
          if (bundle.getSymbolicName().equals(WorkbenchComposition.APPLICATIONS)) {
            bundle.stop(Bundle.STOP_TRANSIENT);
          }
        }
        framework.stop();
        framework.waitForStop(STOP_MILLISECONDS);
      }
    } catch (BundleException e) {
      System.err.println("xenolith: the bundles could not be stopped: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Platform.silence();
    folder.discard();
  }
}
