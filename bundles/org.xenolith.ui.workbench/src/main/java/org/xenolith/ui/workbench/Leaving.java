// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;

/**
 * The end of the workbench. With a machine running it needs a person's consent; then the machine ends first, and saves what it was
 * asked to save, while the window stays alive: nothing here waits for it.
 */
final class Leaving {
  private static final int LOOK = 100;
  /** How long a machine may take to end before the workbench leaves without it, in milliseconds. */
  private static final long PATIENCE = 10_000;
  private boolean forced;
  private boolean agreed;
  private long since;

  /** Nobody is asked any more: the program is being ended from outside. */
  void force() {
    forced = true;
  }

  /** Whether the workbench may close now. If not, it is closed later, when the machine is gone, or it stays. */
  boolean may() {
    Laboratory laboratory = Laboratory.of(PlatformUI.getWorkbench());
    if (forced || !laboratory.busy()) {
      laboratory.stop();
      return true;
    }
    if (!agreed && ask(laboratory)) {
      agreed = true;
      since = System.currentTimeMillis();
      laboratory.stop();
      closeWithoutMachine(laboratory);
    }
    return false;
  }

  private static boolean ask(Laboratory laboratory) {
    IWorkbenchWindow window = PlatformUI.getWorkbench().getActiveWorkbenchWindow();
    Shell shell = window == null ? null : window.getShell();
    return agreed(shell, laboratory, "Quit", "Quitting stops it as if its power was cut.", "Stop and quit");
  }

  /**
   * Whether the person means it.
   *
   * @param what     the window's title
   * @param means    a sentence: what becomes of the machine
   * @param agreeing the button that says so
   */
  static boolean agreed(Shell shell, Laboratory laboratory, String what, String means, String agreeing) {
    String saves = laboratory.saves() ? " Its snapshot is written first." : " What its guest has not written to a disk is lost.";
    return MessageDialog.open(MessageDialog.QUESTION, shell, what, "A machine is running: " + laboratory.status().text() + "\n\n" + means
        + saves, 0, agreeing, "Cancel") == 0;
  }

  private void closeWithoutMachine(Laboratory laboratory) {
    boolean patient = System.currentTimeMillis() - since < PATIENCE || laboratory.status().phase() == Laboratory.Phase.SAVING;
    if (laboratory.busy() && patient) {
      Display.getCurrent().timerExec(LOOK, () -> closeWithoutMachine(laboratory));
      return;
    }
    forced = true;
    PlatformUI.getWorkbench().close();
  }
}
