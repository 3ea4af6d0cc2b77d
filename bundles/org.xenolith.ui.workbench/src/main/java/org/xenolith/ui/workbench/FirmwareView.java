// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.xenolith.command.api.OptionName.option;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.layout.TableColumnLayout;
import org.eclipse.jface.layout.TreeColumnLayout;
import org.eclipse.jface.viewers.ArrayContentProvider;
import org.eclipse.jface.viewers.ColumnLabelProvider;
import org.eclipse.jface.viewers.ColumnViewerToolTipSupport;
import org.eclipse.jface.viewers.ColumnWeightData;
import org.eclipse.jface.viewers.ITreeContentProvider;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.jface.viewers.StructuredViewer;
import org.eclipse.jface.viewers.TableViewer;
import org.eclipse.jface.viewers.TreeViewer;
import org.eclipse.jface.viewers.TreeViewerColumn;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Menu;
import org.eclipse.swt.widgets.MenuItem;
import org.eclipse.ui.part.ViewPart;
import org.xenolith.efi.boot.api.FirmwareFacts;
import org.xenolith.machine.control.Machine.DeviceFact;

/**
 * Firmware of bundles, the board's and that of domains: its controllers below one another with their protocols and who uses them, how what is selected came
 * about, layer by layer, and what can be done to both while boot services are there.
 */
public final class FirmwareView extends ViewPart {
  static final String ID = "org.xenolith.ui.workbench.firmware";
  private static final int PERIOD = 1000;
  private Laboratory laboratory;
  private Label hint;
  private TreeViewer tree;
  private TableViewer chain;
  private Label outcome;
  private Button connect;
  private Button disconnect;
  private Button replace;
  private UiUpdate update;
  private List<FirmwareFacts> facts = List.of();
  private List<DeviceFact> devices = List.of();
  private List<FirmwareRow> rows = List.of();
  /** Rows that were there before: those that are new are opened. */
  private final Set<FirmwareRow> known = new HashSet<>();
  /** Whether the latest thing that was asked for here was another bundle. */
  private boolean replaced;

  @Override
  public void createPartControl(Composite parent) {
    laboratory = Laboratory.of(getSite());
    GridLayoutFactory.fillDefaults().applyTo(parent);
    hint = new Label(parent, SWT.WRAP);
    GridDataFactory.fillDefaults().grab(true, false).indent(5, 5).applyTo(hint);
    SashForm parts = new SashForm(parent, SWT.VERTICAL);
    GridDataFactory.fillDefaults().grab(true, true).applyTo(parts);
    createTree(parts);
    createChain(parts);
    parts.setWeights(58, 42);
    createActions(parent);
    update = new UiUpdate(tree.getControl(), this::refresh);
    laboratory.watch(update);
    refresh();
    look();
  }

  private void createTree(Composite parent) {
    Composite area = new Composite(parent, SWT.NONE);
    area.setLayout(new TreeColumnLayout());
    tree = new TreeViewer(area, SWT.SINGLE | SWT.FULL_SELECTION | SWT.V_SCROLL);
    tree.getTree().setHeaderVisible(true);
    column("Controller, protocol, user", 38, FirmwareRow::what);
    column("Device path, use", 38, FirmwareRow::path);
    column("Drivers", 24, FirmwareRow::drivers);
    ColumnViewerToolTipSupport.enableFor(tree);
    tree.setContentProvider(new Rows());
    tree.setInput(this);
    tree.addSelectionChangedListener(e -> showChain());
  }

  private void column(String title, int weight, Function<FirmwareRow, String> text) {
    TreeViewerColumn column = new TreeViewerColumn(tree, SWT.NONE);
    column.getColumn().setText(title);
    column.setLabelProvider(new ColumnLabelProvider() {
      @Override
      public String getText(Object row) {
        return text.apply((FirmwareRow) row);
      }

      /** Device paths are longer than columns. */
      @Override
      public String getToolTipText(Object row) {
        String whole = getText(row);
        return whole.isEmpty() ? null : whole;
      }
    });
    ((TreeColumnLayout) tree.getTree().getParent().getLayout()).setColumnData(column.getColumn(), new ColumnWeightData(weight, 60, true));
  }

  private void createChain(Composite parent) {
    chain = Tables.in(parent, new TableColumnLayout());
    Tables.column(chain, "Made of", 22, FirmwareRow::what);
    Tables.column(chain, "On", 26, FirmwareRow::path);
    Tables.column(chain, "Published by", 26, FirmwareRow::drivers);
    Tables.column(chain, "Bundle", 30, FirmwareRow::bundle);
    chain.setContentProvider(ArrayContentProvider.getInstance());
    chain.addSelectionChangedListener(e -> enable());
  }

  private void createActions(Composite parent) {
    Composite bar = new Composite(parent, SWT.NONE);
    GridDataFactory.fillDefaults().grab(true, false).applyTo(bar);
    GridLayoutFactory.swtDefaults().numColumns(4).applyTo(bar);
    connect = BundlesView.button(bar, "Connect", () -> request("connect"));
    disconnect = BundlesView.button(bar, "Disconnect", () -> request("disconnect"));
    replace = BundlesView.button(bar, "Replace…", () -> provider().map(DeviceFact::bundle).ifPresent(this::replace));
    outcome = new Label(bar, SWT.WRAP);
    GridDataFactory.fillDefaults().align(SWT.FILL, SWT.CENTER).grab(true, false).applyTo(outcome);
    offer(tree.getControl(), connect, disconnect, replace);
    offer(chain.getControl(), replace);
  }

  /** Offers the same where it is clicked. */
  private static void offer(Control at, Button... actions) {
    Menu menu = new Menu(at);
    for (Button action : actions) {
      MenuItem item = new MenuItem(menu, SWT.PUSH);
      item.setText(action.getText());
      item.addListener(SWT.Selection, e -> action.notifyListeners(SWT.Selection, new Event()));
      menu.addListener(SWT.Show, e -> item.setEnabled(action.isEnabled()));
    }
    at.setMenu(menu);
  }

  private void request(String what) {
    replaced = false;
    selected(tree).ifPresent(row -> laboratory.firmware().request(what, row.firmware().name(), row.handle()));
  }

  private void replace(String bundle) {
    FileQuestion.jar(getSite().getShell(), "Replace " + bundle).ask().ifPresent(jar -> {
      replaced = true;
      laboratory.changes().replace(bundle, jar);
    });
  }

  private static Optional<FirmwareRow> selected(StructuredViewer viewer) {
    return Optional.ofNullable((FirmwareRow) viewer.getStructuredSelection().getFirstElement());
  }

  /** The bundle behind the link of the chain that is selected, or else behind the row of the tree. */
  private Optional<DeviceFact> provider() {
    return selected(chain).or(() -> selected(tree)).flatMap(FirmwareRow::provider);
  }

  private void refresh() {
    List<FirmwareFacts> now = laboratory.firmware().facts();
    List<DeviceFact> served = laboratory.devices();
    if (!now.equals(facts) || !served.equals(devices)) {
      facts = now;
      devices = served;
      rows = now.stream().map(each -> FirmwareRow.of(each, served)).toList();
      tree.refresh(true);
      Set<FirmwareRow> there = new HashSet<>();
      rows.forEach(row -> open(row, there));
      known.clear();
      known.addAll(there);
      showChain();
    }
    showHint(hintText());
    outcome.setText(replaced ? laboratory.changes().last() : laboratory.firmware().last());
    outcome.requestLayout();
    enable();
  }

  /** Shows what is below controllers from which others were made, once. */
  private void open(FirmwareRow row, Set<FirmwareRow> there) {
    there.add(row);
    boolean controllers = row.handle() == 0 || row.below().stream().anyMatch(each -> each.handle() != row.handle());
    if (controllers && !known.contains(row)) {
      tree.setExpandedState(row, true);
    }
    row.below().forEach(each -> open(each, there));
  }

  private String hintText() {
    if (!rows.isEmpty()) {
      return "";
    }
    if (laboratory.firmware().present()) {
      return "No boot services now: they are over since a kernel has taken the machine, or no guest has entered the firmware.";
    }
    String how = laboratory.empty().shown(option("firmware").toString());
    return laboratory.platform().isEmpty() ? "No machine. One that is booted with xenolith as its " + how + " is seen here while its boot "
        + "services are there." : "This machine has no firmware of bundles; boot with xenolith as its " + how + ".";
  }

  /** Takes no room without a text. */
  private void showHint(String text) {
    hint.setText(text);
    hint.setVisible(!text.isEmpty());
    ((GridData) hint.getLayoutData()).exclude = text.isEmpty();
    hint.requestLayout();
  }

  private void showChain() {
    Optional<FirmwareRow> link = selected(chain);
    List<FirmwareRow> links = selected(tree).map(row -> row.chain(devices)).orElse(List.of());
    chain.setInput(links);
    link.filter(links::contains).ifPresent(each -> chain.setSelection(new StructuredSelection(each)));
    enable();
  }

  /** What can be done to what is selected can be pressed, nothing else. */
  private void enable() {
    connect.setEnabled(selected(tree).isPresent());
    disconnect.setEnabled(selected(tree).filter(row -> row.handle() != 0).isPresent());
    replace.setEnabled(provider().isPresent());
  }

  /** Drivers come and go without telling anybody out here, so that the machine is asked while somebody looks. */
  private void look() {
    if (tree.getControl().isDisposed()) {
      return;
    }
    if (tree.getControl().isVisible()) {
      laboratory.firmware().look();
    }
    tree.getControl().getDisplay().timerExec(PERIOD, this::look);
  }

  @Override
  public void setFocus() {
    tree.getControl().setFocus();
  }

  @Override
  public void dispose() {
    laboratory.forget(update);
    super.dispose();
  }

  /** The rows; whatever the input is. */
  private final class Rows implements ITreeContentProvider {
    @Override
    public Object[] getElements(Object input) {
      return rows.toArray();
    }

    @Override
    public Object[] getChildren(Object row) {
      return ((FirmwareRow) row).below().toArray();
    }

    @Override
    public Object getParent(Object row) {
      return null;
    }

    @Override
    public boolean hasChildren(Object row) {
      return !((FirmwareRow) row).below().isEmpty();
    }
  }
}
