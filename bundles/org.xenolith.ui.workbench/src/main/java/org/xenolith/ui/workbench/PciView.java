// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.List;
import org.eclipse.jface.viewers.ColumnLabelProvider;
import org.eclipse.jface.viewers.ITreeContentProvider;
import org.eclipse.jface.viewers.TreeViewer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.part.ViewPart;
import org.xenolith.pci.api.PciHostFacts;

/** The PCI buses of the machine: with what is where, whose it is and which bundle answers. */
public final class PciView extends ViewPart {
  static final String ID = "org.xenolith.ui.workbench.pci";
  private static final int PERIOD = 1000;
  private Laboratory laboratory;
  private TreeViewer tree;
  private UiUpdate update;
  private List<PciHostFacts> shown = List.of();

  @Override
  public void createPartControl(Composite parent) {
    laboratory = Laboratory.of(getSite());
    tree = new TreeViewer(parent, SWT.SINGLE | SWT.FULL_SELECTION | SWT.V_SCROLL | SWT.H_SCROLL);
    tree.setLabelProvider(ColumnLabelProvider.createTextProvider(line -> ((BusLine) line).text()));
    tree.setContentProvider(new Lines());
    update = new UiUpdate(tree.getControl(), this::refresh);
    laboratory.watch(update);
    refresh();
    look();
  }

  private void refresh() {
    if (!laboratory.buses().equals(shown)) {
      shown = laboratory.buses();
      tree.setInput(shown.stream().map(BusLine::of).toList());
      tree.expandAll();
    }
  }

  /** A guest's changes of configuration space are told to nobody out here, so that the machine is asked while somebody looks. */
  private void look() {
    if (tree.getControl().isDisposed()) {
      return;
    }
    if (tree.getControl().isVisible()) {
      laboratory.askForBuses();
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

  /** Lines; the input is a list of them. */
  private static final class Lines implements ITreeContentProvider {
    @Override
    public Object[] getElements(Object lines) {
      return ((List<?>) lines).toArray();
    }

    @Override
    public Object[] getChildren(Object line) {
      return ((BusLine) line).below().toArray();
    }

    @Override
    public Object getParent(Object line) {
      return null;
    }

    @Override
    public boolean hasChildren(Object line) {
      return !((BusLine) line).below().isEmpty();
    }
  }
}
