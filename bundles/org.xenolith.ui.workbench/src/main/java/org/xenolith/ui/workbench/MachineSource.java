// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.Map;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.AbstractSourceProvider;
import org.eclipse.ui.ISources;
import org.eclipse.ui.PlatformUI;

/** Tells the commands whether there is a machine: the variable {@link #MACHINE} is {@code present} or {@code absent}. */
public final class MachineSource extends AbstractSourceProvider {
  static final String MACHINE = "org.xenolith.ui.workbench.machine";
  private final Laboratory laboratory = Laboratory.of(PlatformUI.getWorkbench());
  private final Display display = PlatformUI.getWorkbench().getDisplay();
  private final Runnable watcher = this::tell;

  /** Made by the workbench. */
  public MachineSource() {
    laboratory.watch(watcher);
  }

  private String state() {
    return laboratory.busy() ? "present" : "absent";
  }

  private void tell() {
    if (!display.isDisposed()) {
      display.asyncExec(() -> fireSourceChanged(ISources.WORKBENCH, MACHINE, state()));
    }
  }

  @Override
  public Map<String, Object> getCurrentState() { return Map.of(MACHINE, state()); }

  @Override
  public String[] getProvidedSourceNames() { return new String[] {MACHINE}; }

  @Override
  public void dispose() {
    laboratory.forget(watcher);
  }
}
