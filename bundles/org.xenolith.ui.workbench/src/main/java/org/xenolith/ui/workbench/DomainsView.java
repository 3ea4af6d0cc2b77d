// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.layout.TableColumnLayout;
import org.eclipse.jface.viewers.ArrayContentProvider;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.jface.viewers.TableViewer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.part.ViewPart;

/** The domains of a machine with a hypervisor, and what can be done to them; empty for one without. */
public final class DomainsView extends ViewPart {
  static final String ID = "org.xenolith.ui.workbench.domains";
  private static final int PERIOD = 1000;
  private Laboratory laboratory;
  private TableViewer table;
  private UiUpdate update;
  private Label outcome;
  private Button create;
  private final Map<Action, Button> buttons = new EnumMap<>(Action.class);

  /** What can be done to a domain: commands of {@code xl}. */
  private enum Action {
    PAUSE("Pause", "pause", d -> !d.paused()),
    UNPAUSE("Unpause", "unpause", DomainFact::paused),
    SHUTDOWN("Shut down", "shutdown", d -> d.destroyable() && !d.paused()),
    DESTROY("Destroy", "destroy", DomainFact::destroyable);

    private final String text;
    private final String command;
    private final Predicate<DomainFact> fits;

    Action(String text, String command, Predicate<DomainFact> fits) {
      this.text = text;
      this.command = command;
      this.fits = fits;
    }
  }

  @Override
  public void createPartControl(Composite parent) {
    laboratory = Laboratory.of(getSite());
    GridLayoutFactory.fillDefaults().applyTo(parent);
    table = Tables.in(parent, new TableColumnLayout());
    GridDataFactory.fillDefaults().grab(true, true).applyTo(table.getTable().getParent());
    Tables.column(table, "Domid", 14, (DomainFact d) -> Integer.toString(d.id()));
    Tables.column(table, "Name", 36, DomainFact::name);
    Tables.column(table, "State", 20, DomainFact::state);
    Tables.column(table, "vCPUs", 14, DomainFact::vcpus);
    Tables.column(table, "MiB", 16, (DomainFact d) -> Long.toString(d.memory()));
    table.setContentProvider(ArrayContentProvider.getInstance());
    createActions(parent);
    update = new UiUpdate(table.getControl(), this::refresh);
    laboratory.watch(update);
    update.run();
    look();
  }

  private void createActions(Composite parent) {
    Composite bar = new Composite(parent, SWT.NONE);
    GridDataFactory.fillDefaults().grab(true, false).applyTo(bar);
    GridLayoutFactory.swtDefaults().numColumns(5).applyTo(bar);
    create = BundlesView.button(bar, "Create…", () -> new CreateDialog(getSite().getShell()).command().ifPresent(laboratory
        .domains()::command));
    for (Action action : Action.values()) {
      buttons.put(action, BundlesView.button(bar, action.text, () -> selected().ifPresent(d -> laboratory.domains().command(action.command
          + " " + d.id()))));
    }
    outcome = new Label(bar, SWT.WRAP);
    GridDataFactory.fillDefaults().span(5, 1).grab(true, false).applyTo(outcome);
    table.addSelectionChangedListener(e -> enable());
  }

  private Optional<DomainFact> selected() {
    return Optional.ofNullable((DomainFact) table.getStructuredSelection().getFirstElement());
  }

  private void refresh() {
    int selected = selected().map(DomainFact::id).orElse(-1);
    List<DomainFact> rows = laboratory.domains().facts();
    table.setInput(rows);
    rows.stream().filter(d -> d.id() == selected).findFirst().ifPresent(d -> table.setSelection(new StructuredSelection(d)));
    outcome.setText(laboratory.domains().last());
    outcome.requestLayout();
    enable();
  }

  /** What can be done to what is selected can be pressed, nothing else. */
  private void enable() {
    create.setEnabled(laboratory.domains().present());
    buttons.forEach((action, button) -> button.setEnabled(selected().map(action.fits::test).orElse(false)));
  }

  /** Domains tell nobody out here what becomes of them, so they are asked while somebody looks. */
  private void look() {
    if (table.getControl().isDisposed()) {
      return;
    }
    if (table.getControl().isVisible()) {
      laboratory.domains().look();
    }
    table.getControl().getDisplay().timerExec(PERIOD, this::look);
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
