package org.xenolith.ui.workbench;

import java.nio.file.Path;
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

/** The providers that are installed, and what can be done to them while a guest runs. */
public final class BundlesView extends ViewPart {
  static final String ID = "org.xenolith.ui.workbench.bundles";
  private static final String OURS = "(objectClass=org.xenolith.*)";
  private final BundleContext context = FrameworkUtil.getBundle(BundlesView.class).getBundleContext();
  private Laboratory laboratory;
  private TableViewer table;
  private Label outcome;
  private UiUpdate update;
  private ServiceListener listener;

  @Override public void createPartControl(Composite parent) {
    laboratory = Laboratory.of(getSite());
    GridLayoutFactory.fillDefaults().applyTo(parent);
    table = Tables.in(parent, new TableColumnLayout());
    GridDataFactory.fillDefaults().grab(true, true).applyTo(table.getTable().getParent());
    Tables.column(table, "Bundle", 24, Provider::shortName);
    Tables.column(table, "Version", 24, Provider::version);
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
    GridLayoutFactory.swtDefaults().numColumns(3).applyTo(bar);
    button(bar, "Replace…", () -> selected().ifPresent(p ->
        jar("Replace " + p.name()).ifPresent(jar -> laboratory.replace(p.name(), jar))));
    button(bar, "Remove", () -> selected().ifPresent(p -> laboratory.remove(p.name())));
    button(bar, "Add…", () -> jar("Add a bundle").ifPresent(laboratory::add));
    outcome = new Label(bar, SWT.WRAP);
    GridDataFactory.fillDefaults().span(3, 1).grab(true, false).applyTo(outcome);
  }

  private static void button(Composite bar, String text, Runnable action) {
    Button button = new Button(bar, SWT.PUSH);
    button.setText(text);
    button.addListener(SWT.Selection, e -> action.run());
  }

  private Optional<Provider> selected() {
    Optional<Provider> one = Optional.ofNullable((Provider) table.getStructuredSelection().getFirstElement());
    if (one.isEmpty()) {
      outcome.setText("Select a bundle first.");
    }
    return one;
  }

  private Optional<Path> jar(String title) {
    return new JarDialog(getSite().getShell(), title).choose();
  }

  private void refresh() {
    String selected = Optional.ofNullable((Provider) table.getStructuredSelection().getFirstElement()).map(Provider::name)
        .orElse("");
    var rows = Provider.installed(context);
    table.setInput(rows);
    rows.stream().filter(p -> p.name().equals(selected)).findFirst()
        .ifPresent(p -> table.setSelection(new StructuredSelection(p)));
    outcome.setText(laboratory.lastChange());
    outcome.requestLayout();
  }

  @Override public void setFocus() {
    table.getControl().setFocus();
  }

  @Override public void dispose() {
    context.removeServiceListener(listener);
    laboratory.forget(update);
    super.dispose();
  }
}
