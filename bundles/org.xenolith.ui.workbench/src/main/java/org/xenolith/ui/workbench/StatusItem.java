// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import org.eclipse.jface.action.ContributionItem;
import org.eclipse.jface.action.StatusLineLayoutData;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CLabel;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.widgets.Composite;

/**
 * Says in the status line what the laboratory is doing. It has a place of its own there: the line's message belongs to whichever
 * view is active, and goes with it.
 */
final class StatusItem extends ContributionItem {
  private static final int CHARACTERS = 180;
  private final Laboratory laboratory;
  private CLabel label;
  private UiUpdate update;

  StatusItem(Laboratory laboratory) {
    super("org.xenolith.ui.workbench.status");
    this.laboratory = laboratory;
  }

  @Override
  public void fill(Composite line) {
    label = new CLabel(line, SWT.NONE);
    StatusLineLayoutData place = new StatusLineLayoutData();
    GC gc = new GC(line);
    place.widthHint = (int) (gc.getFontMetrics().getAverageCharacterWidth() * CHARACTERS);
    gc.dispose();
    label.setLayoutData(place);
    update = new UiUpdate(label, this::refresh);
    laboratory.watch(update);
    UiUpdate watching = update;
    label.addDisposeListener(e -> laboratory.forget(watching));
    refresh();
  }

  private void refresh() {
    Laboratory.Status status = laboratory.status();
    boolean failed = status.phase() == Laboratory.Phase.FAILED || status.phase() == Laboratory.Phase.REFUSED;
    String text = status.text().strip().replaceAll("\\s+", " ");
    label.setText(text);
    label.setToolTipText(text);
    label.setForeground(failed ? label.getDisplay().getSystemColor(SWT.COLOR_RED) : null);
  }
}
