// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceListener;

/** The providers that are installed, and below them those that were removed; and what can be done to them while a guest runs. */
public final class BundlesView extends ViewPart {
  static final String ID = "org.xenolith.ui.workbench.bundles";
  private static final String OURS = "(objectClass=org.xenolith.*)";
  private final BundleContext context = FrameworkUtil.getBundle(BundlesView.class).getBundleContext();
  private Laboratory laboratory;
  private TableViewer table;
  private Label outcome;
  private Button replace;
  private Button remove;
  private Button restore;
  private UiUpdate update;
  private ServiceListener listener;

  @Override
  public void createPartControl(Composite parent) {
    laboratory = Laboratory.of(getSite());
    GridLayoutFactory.fillDefaults().applyTo(parent);
    table = Tables.in(parent, new TableColumnLayout());
    GridDataFactory.fillDefaults().grab(true, true).applyTo(table.getTable().getParent());
    Tables.column(table, "Bundle", 24, Provider::shortName);
    Tables.column(table, "Version", 24, Provider::state);
    Tables.column(table, "Offers", 52, Provider::offers);
    table.setContentProvider(ArrayContentProvider.getInstance());
    createActions(parent);
    update = new UiUpdate(table.getControl(), this::refresh);
    // Services come and go with their bundles, and tell when a bundle's components are really there.
    listener = event -> update.run();
    try {
      context.addServiceListener(listener, OURS);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(OURS, e);
    }
    laboratory.watch(update);
    refresh();
  }

  private void createActions(Composite parent) {
    Composite bar = new Composite(parent, SWT.NONE);
    GridDataFactory.fillDefaults().grab(true, false).applyTo(bar);
    GridLayoutFactory.swtDefaults().numColumns(4).applyTo(bar);
    replace = button(bar, "Replace…", () -> selected().ifPresent(p -> jar("Replace " + p.name()).ifPresent(jar -> laboratory.changes()
        .replace(p.name(), jar))));
    remove = button(bar, "Remove", () -> selected().ifPresent(laboratory.changes()::remove));
    restore = button(bar, "Restore", () -> selected().ifPresent(p -> laboratory.changes().restore(p.name())));
    button(bar, "Add…", () -> jar("Add a bundle").ifPresent(laboratory.changes()::add));
    table.addSelectionChangedListener(e -> enable());
    outcome = new Label(bar, SWT.WRAP);
    GridDataFactory.fillDefaults().span(4, 1).grab(true, false).applyTo(outcome);
  }

  static Button button(Composite bar, String text, Runnable action) {
    Button button = new Button(bar, SWT.PUSH);
    button.setText(text);
    button.addListener(SWT.Selection, e -> action.run());
    return button;
  }

  private Optional<Provider> selected() {
    return Optional.ofNullable((Provider) table.getStructuredSelection().getFirstElement());
  }

  /** What can be done to what is selected can be pressed, nothing else. */
  private void enable() {
    boolean installed = selected().map(p -> !p.removed()).orElse(false);
    replace.setEnabled(installed);
    remove.setEnabled(installed);
    restore.setEnabled(selected().map(Provider::removed).orElse(false));
  }

  private Optional<Path> jar(String title) {
    return FileQuestion.jar(getSite().getShell(), title).ask();
  }

  private void refresh() {
    String selected = selected().map(Provider::name).orElse("");
    List<Provider> rows = new ArrayList<>(Provider.installed(context));
    rows.addAll(laboratory.changes().removed(rows));
    table.setInput(rows);
    rows.stream().filter(p -> p.name().equals(selected)).findFirst()
        .ifPresent(p -> table.setSelection(new StructuredSelection(p)));
    enable();
    outcome.setText(laboratory.changes().last());
    outcome.requestLayout();
  }

  @Override
  public void setFocus() {
    table.getControl().setFocus();
  }

  @Override
  public void dispose() {
    context.removeServiceListener(listener);
    laboratory.forget(update);
    super.dispose();
  }
}
