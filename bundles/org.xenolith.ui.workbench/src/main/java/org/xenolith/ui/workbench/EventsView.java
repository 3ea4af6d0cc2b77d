package org.xenolith.ui.workbench;

import org.eclipse.jface.layout.TableColumnLayout;
import org.eclipse.jface.viewers.ArrayContentProvider;
import org.eclipse.jface.viewers.TableViewer;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.part.ViewPart;
import org.xenolith.ui.workbench.EventTrail.Entry;

/** What the machine reported, latest first. */
public final class EventsView extends ViewPart {
  static final String ID = "org.xenolith.ui.workbench.events";
  private TableViewer table;
  private Laboratory laboratory;
  private UiUpdate update;

  @Override public void createPartControl(Composite parent) {
    laboratory = Laboratory.of(getSite());
    table = Tables.in(parent, new TableColumnLayout());
    Tables.column(table, "Number", 12, (Entry e) -> Long.toString(e.number()));
    Tables.column(table, "Event", 22, Entry::kind);
    Tables.column(table, "Place", 26, Entry::place);
    Tables.column(table, "Details", 60, Entry::text);
    table.setContentProvider(ArrayContentProvider.getInstance());
    update = new UiUpdate(table.getControl(), () -> table.setInput(laboratory.trail().latest()));
    laboratory.watchEvents(update);
    update.run();
  }

  @Override public void setFocus() {
    table.getControl().setFocus();
  }

  @Override public void dispose() {
    laboratory.forget(update);
    super.dispose();
  }
}
