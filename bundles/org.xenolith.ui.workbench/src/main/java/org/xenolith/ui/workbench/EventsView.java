// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import org.eclipse.jface.layout.TableColumnLayout;
import org.eclipse.jface.viewers.ArrayContentProvider;
import org.eclipse.jface.viewers.TableViewer;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.part.ViewPart;
import org.xenolith.ui.workbench.EventTrail.Entry;

/** What the machine reported, latest first. They go with the machine, but for those of one that failed: they may say why. */
public final class EventsView extends ViewPart {
  static final String ID = "org.xenolith.ui.workbench.events";
  private TableViewer table;
  private Laboratory laboratory;
  private UiUpdate update;

  @Override
  public void createPartControl(Composite parent) {
    laboratory = Laboratory.of(getSite());
    table = Tables.in(parent, new TableColumnLayout());
    Tables.column(table, "Number", 8, (Entry e) -> Long.toString(e.number()));
    Tables.column(table, "Virtual time, s", 24, Entry::seconds);
    Tables.column(table, "Event", 24, Entry::kind);
    Tables.column(table, "Place", 24, Entry::place);
    Tables.column(table, "Details", 36, Entry::text);
    table.setContentProvider(ArrayContentProvider.getInstance());
    update = new UiUpdate(table.getControl(), this::refresh);
    laboratory.watch(update);
    laboratory.watchEvents(update);
    refresh();
  }

  private void refresh() {
    setPartName(laboratory.status().phase() == Laboratory.Phase.FAILED ? "Events of the machine that failed" : "Events");
    table.setInput(laboratory.trail().latest());
  }

  @Override
  public void setFocus() {
    table.getControl().setFocus();
  }

  @Override
  public void dispose() {
    laboratory.forget(update);
    super.dispose();
  }
}
