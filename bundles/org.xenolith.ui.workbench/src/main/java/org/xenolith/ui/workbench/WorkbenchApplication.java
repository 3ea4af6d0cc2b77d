// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.equinox.app.IApplication;
import org.eclipse.equinox.app.IApplicationContext;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.PlatformUI;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.launch.Framework;

/** The program: one window, until it is closed. The process ends with it, whatever is still running. */
public final class WorkbenchApplication implements IApplication {
  private static final long LEAVE_SECONDS = 10;
  /** How long bundles may take to stop after the window. */
  private static final long END_SECONDS = 20;
  private static final int OUR_FAULT = 4;
  /** Service of an application that runs (OSGi Compendium, Application Admin). */
  private static final String APPLICATION_HANDLE = "org.osgi.service.application.ApplicationHandle";
  private final CountDownLatch ended = new CountDownLatch(1);
  private final LaboratoryAdvisor advisor = new LaboratoryAdvisor();

  @Override
  public Object start(IApplicationContext context) {
    int code = OUR_FAULT;
    try {
      Display display = PlatformUI.createDisplay();
      try {
        code = PlatformUI.createAndRunWorkbench(display, advisor) == PlatformUI.RETURN_OK ? 0 : OUR_FAULT;
      } finally {
        display.dispose();
      }
      return IApplication.EXIT_OK;
    } finally {
      ended.countDown();
      // Equinox goes on without an application, for the consoles that it may have: the process has to be ended.
      Framework framework = FrameworkUtil.getBundle(WorkbenchApplication.class).getBundleContext().getBundle(0).adapt(Framework.class);
      int exit = code;
      Thread.ofPlatform().name("end").start(() -> end(framework, exit));
    }
  }

  /** Stops all bundles, so that they let go of what they have, and ends the process; one that doesn't stop must not keep it. */
  private static void end(Framework framework, int code) {
    try {
      awaitReturn(framework.getBundleContext());
      framework.stop();
      if (framework.waitForStop(TimeUnit.SECONDS.toMillis(END_SECONDS)).getType() != FrameworkEvent.WAIT_TIMEDOUT) {
        System.exit(code);
      }
    } catch (BundleException e) {
      System.err.println("xenolith: the bundles could not be stopped: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.err.println("xenolith: the bundles did not stop within " + END_SECONDS + " s of the window; the process is ended. Its threads:");
    Thread.getAllStackTraces().forEach((thread, stack) -> {
      if (!thread.isDaemon() && stack.length > 0) {
        System.err.println("  " + thread.getName() + ": " + stack[0]);
      }
    });
    Runtime.getRuntime().halt(OUR_FAULT);
  }

  /**
   * Waits until Equinox has noticed that the application has returned: it fails if it is stopped in the middle of that, with a trace
   * ("This instance of the application has been stopped").
   */
  private static void awaitReturn(BundleContext context) throws InterruptedException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
    while (context.getServiceReference(APPLICATION_HANDLE) != null && System.nanoTime() < limit) {
      Thread.sleep(10);
    }
  }

  /** Called when the framework ends first, after a signal: its bundles must not go while the window still draws. */
  @Override
  public void stop() {
    if (!PlatformUI.isWorkbenchRunning() || Display.getCurrent() != null) {
      return;
    }
    PlatformUI.getWorkbench().getDisplay().asyncExec(() -> {
      advisor.leaving().force();
      PlatformUI.getWorkbench().close();
    });
    try {
      ended.await(LEAVE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
