package org.xenolith.ui.workbench;

import org.eclipse.swt.graphics.Point;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.application.IWorkbenchWindowConfigurer;
import org.eclipse.ui.application.WorkbenchAdvisor;
import org.eclipse.ui.application.WorkbenchWindowAdvisor;

/** What the workbench starts with. Not final: the UI test hooks into its life. */
public class LaboratoryAdvisor extends WorkbenchAdvisor {
  private static final Point SIZE = new Point(1280, 860);

  @Override public String getInitialWindowPerspectiveId() {
    return LaboratoryPerspective.ID;
  }

  @Override public WorkbenchWindowAdvisor createWorkbenchWindowAdvisor(IWorkbenchWindowConfigurer window) {
    return new WorkbenchWindowAdvisor(window) {
      @Override public void preWindowOpen() {
        window.setTitle("Xenolith");
        window.setInitialSize(SIZE);
        window.setShowMenuBar(true);
        window.setShowCoolBar(true);
        window.setShowStatusLine(true);
      }

      @Override public void postWindowOpen() {
        StatusText.show(window.getWindow(), window.getActionBarConfigurer().getStatusLineManager());
        System.err.println("xenolith: the workbench is open"); // for who waits for it in a script
      }
    };
  }

  /** A machine ends with the window: nothing would show it any more. */
  @Override public boolean preShutdown() {
    Laboratory.of(PlatformUI.getWorkbench()).stop();
    return true;
  }
}
