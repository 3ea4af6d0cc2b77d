package org.xenolith.ui.workbench;

import org.eclipse.jface.action.IStatusLineManager;
import org.eclipse.ui.IWorkbenchWindow;

/** Says in the status line what the laboratory is doing. */
final class StatusText {
  private StatusText() { }

  /** From now on, until the window is closed. */
  static void show(IWorkbenchWindow window, IStatusLineManager line) {
    Laboratory laboratory = Laboratory.of(window);
    UiUpdate update = new UiUpdate(window.getShell(), () -> {
      Laboratory.Status status = laboratory.status();
      boolean failed = status.phase() == Laboratory.Phase.FAILED;
      line.setErrorMessage(failed ? status.text() : null);
      line.setMessage(failed ? "" : status.text());
    });
    laboratory.watch(update);
    window.getShell().addDisposeListener(e -> laboratory.forget(update));
    update.run();
  }
}
