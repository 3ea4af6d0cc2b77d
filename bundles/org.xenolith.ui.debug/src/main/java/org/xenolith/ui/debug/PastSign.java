// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.Arrays;
import java.util.Optional;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.IDebugEventSetListener;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.menus.WorkbenchWindowControlContribution;

/** Says beside the buttons that lead through a machine's past, by words and by the colour of their bar, that it is the past that is looked at: nobody should take what was for what is. */
public final class PastSign extends WorkbenchWindowControlContribution implements IDebugEventSetListener {
  private static final Color AMBER = new Color(255, 200, 87);
  private static final Color DARK = new Color(40, 30, 0);
  /** Its width doesn't change with what it says: the bar would have to be laid out anew. */
  private static final String WIDEST = "In the past: 0,000.000000000 s";
  private Label label;

  @Override
  protected Control createControl(Composite parent) {
    label = new Label(parent, SWT.CENTER);
    label.setText(WIDEST);
    label.addDisposeListener(e -> DebugPlugin.getDefault().removeDebugEventListener(this));
    DebugPlugin.getDefault().addDebugEventListener(this);
    label.getDisplay().asyncExec(this::show);
    return label;
  }

  @Override
  public void handleDebugEvents(DebugEvent[] events) {
    if (Arrays.stream(events).anyMatch(each -> each.getSource() instanceof MachineTarget)) {
      Display display = label.isDisposed() ? null : label.getDisplay();
      if (display != null) {
        display.asyncExec(this::show);
      }
    }
  }

  private static Optional<MachineTarget> past() {
    return Arrays.stream(DebugPlugin.getDefault().getLaunchManager().getDebugTargets()).filter(MachineTarget.class::isInstance).map(
        MachineTarget.class::cast).filter(each -> !each.isTerminated() && each.machine().shown().inPast()).findFirst();
  }

  private void show() {
    if (label.isDisposed()) {
      return;
    }
    Optional<MachineTarget> past = past();
    label.setText(past.map(each -> "In the past: " + each.seconds()).orElse(""));
    label.setToolTipText(past.map(each -> each.getName() + ": Resume, or To the present, leads back").orElse(null));
    label.setForeground(past.isPresent() ? DARK : null);
    // The bar that it is in, to both sides.
    for (Control each = label; each != null && each != label.getShell(); each = each.getParent()) {
      each.setBackground(past.isPresent() ? AMBER : null);
    }
  }
}
