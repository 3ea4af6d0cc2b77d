package org.xenolith.ui.workbench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.equinox.app.IApplication;
import org.eclipse.equinox.app.IApplicationContext;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.PlatformUI;

/** The program: one window, until it is closed. */
public final class WorkbenchApplication implements IApplication {
  private static final long LEAVE_SECONDS = 10;
  private final CountDownLatch ended = new CountDownLatch(1);

  @Override public Object start(IApplicationContext context) {
    Display display = PlatformUI.createDisplay();
    try {
      PlatformUI.createAndRunWorkbench(display, new LaboratoryAdvisor());
      return IApplication.EXIT_OK;
    } finally {
      display.dispose();
      ended.countDown();
    }
  }

  /** Called when the framework ends first, after a signal: its bundles must not go while the window still draws. */
  @Override public void stop() {
    if (!PlatformUI.isWorkbenchRunning() || Display.getCurrent() != null) {
      return;
    }
    PlatformUI.getWorkbench().getDisplay().asyncExec(() -> PlatformUI.getWorkbench().close());
    try {
      ended.await(LEAVE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
