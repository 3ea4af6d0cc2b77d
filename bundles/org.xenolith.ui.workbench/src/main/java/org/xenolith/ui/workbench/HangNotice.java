// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.Optional;
import org.eclipse.swt.widgets.Shell;
import org.xenolith.machine.control.Hang;

/** Shows a {@link HangDialog} when a model doesn't come back, and takes it away when it does or is off the bus. UI thread only. */
final class HangNotice {
  private final Shell window;
  private final Laboratory laboratory;
  private HangDialog dialog;
  /** The model that it is about; null for none. */
  private String instance;

  private HangNotice(Shell window, Laboratory laboratory) {
    this.window = window;
    this.laboratory = laboratory;
  }

  /** Watches as long as the window is there. */
  static void open(Shell window, Laboratory laboratory) {
    HangNotice notice = new HangNotice(window, laboratory);
    UiUpdate update = new UiUpdate(window, notice::follow);
    laboratory.watch(update);
    window.addDisposeListener(e -> laboratory.forget(update));
  }

  private void follow() {
    Optional<Hang> hang = laboratory.hang();
    String now = hang.map(h -> h.instance() + ' ' + h.bundle()).orElse(null);
    if (now == null && dialog != null) {
      dialog.close();
      dialog = null;
    }
    if (now != null && !now.equals(instance) && dialog == null) {
      dialog = new HangDialog(window, laboratory);
      dialog.open();
    }
    instance = now;
    // One that a person has closed stays closed until there is something else to say.
    if (dialog != null && dialog.getShell() == null) {
      dialog = null;
    }
    if (dialog != null) {
      dialog.show(hang.orElseThrow());
    }
  }
}
