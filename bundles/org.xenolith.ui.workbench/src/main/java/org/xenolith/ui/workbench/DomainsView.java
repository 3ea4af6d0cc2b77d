package org.xenolith.ui.workbench;

import org.eclipse.jface.layout.TableColumnLayout;
import org.eclipse.jface.viewers.ArrayContentProvider;
import org.eclipse.jface.viewers.TableViewer;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.part.ViewPart;

/** The domains of a machine with a hypervisor; empty for one without. */
public final class DomainsView extends ViewPart {
  static final String ID = "org.xenolith.ui.workbench.domains";
  private static final int PERIOD = 1000;
  private Laboratory laboratory;
  private TableViewer table;
  private UiUpdate update;

  @Override public void createPartControl(Composite parent) {
    laboratory = Laboratory.of(getSite());
    table = Tables.in(parent, new TableColumnLayout());
    Tables.column(table, "Domid", 14, (DomainFact d) -> Integer.toString(d.id()));
    Tables.column(table, "Name", 36, DomainFact::name);
    Tables.column(table, "State", 20, DomainFact::state);
    Tables.column(table, "vCPUs", 14, DomainFact::vcpus);
    Tables.column(table, "MiB", 16, (DomainFact d) -> Long.toString(d.memory()));
    table.setContentProvider(ArrayContentProvider.getInstance());
    update = new UiUpdate(table.getControl(), () -> table.setInput(laboratory.domains()));
    laboratory.watch(update);
    update.run();
    look();
  }

  /** Domains tell nobody out here what becomes of them, so they are asked while somebody looks. */
  private void look() {
    if (table.getControl().isDisposed()) {
      return;
    }
    if (table.getControl().isVisible()) {
      laboratory.askForDomains();
    }
    table.getControl().getDisplay().timerExec(PERIOD, this::look);
  }

  @Override public void setFocus() {
    table.getControl().setFocus();
  }

  @Override public void dispose() {
    laboratory.forget(update);
    super.dispose();
  }
}
