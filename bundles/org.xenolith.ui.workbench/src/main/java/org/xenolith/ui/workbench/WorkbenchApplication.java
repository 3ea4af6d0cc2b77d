package org.xenolith.ui.workbench;

import org.eclipse.equinox.app.IApplication;
import org.eclipse.equinox.app.IApplicationContext;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.PlatformUI;

/** The program: one window, until it is closed. */
public final class WorkbenchApplication implements IApplication {
  @Override public Object start(IApplicationContext context) {
    Display display = PlatformUI.createDisplay();
    try {
      PlatformUI.createAndRunWorkbench(display, new LaboratoryAdvisor());
      return IApplication.EXIT_OK;
    } finally {
      display.dispose();
    }
  }

  @Override public void stop() {
    if (PlatformUI.isWorkbenchRunning()) {
      Display display = PlatformUI.getWorkbench().getDisplay();
      display.asyncExec(() -> PlatformUI.getWorkbench().close());
    }
  }
}
