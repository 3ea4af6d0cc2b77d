// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.swt.SWT;
import org.eclipse.swt.SWTException;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;

/** Brings news to a control on the UI thread: any thread may ask any number of times, one update does for all of them. */
final class UiUpdate implements Runnable {
  private final Control control;
  private final Display display;
  private final Runnable update;
  private final AtomicBoolean asked = new AtomicBoolean();

  /** UI thread only. */
  UiUpdate(Control control, Runnable update) {
    this.control = control;
    this.display = control.getDisplay();
    this.update = update;
  }

  /** Asks for the update and returns at once. */
  @Override
  public void run() {
    if (!asked.compareAndSet(false, true)) {
      return;
    }
    try {
      display.asyncExec(this::now);
    } catch (SWTException e) {
      if (e.code != SWT.ERROR_DEVICE_DISPOSED) {
        throw e;
      } // else the window is gone: nobody is there to be told
    }
  }

  private void now() {
    asked.set(false);
    if (!control.isDisposed()) {
      update.run();
    }
  }
}
