package org.xenolith.ui.workbench;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jface.layout.TreeColumnLayout;
import org.eclipse.jface.viewers.ColumnLabelProvider;
import org.eclipse.jface.viewers.ColumnWeightData;
import org.eclipse.jface.viewers.ITreeContentProvider;
import org.eclipse.jface.viewers.TreeViewer;
import org.eclipse.jface.viewers.TreeViewerColumn;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.part.ViewPart;
import org.xenolith.machine.control.Machine.DeviceFact;
import org.xenolith.platform.model.AddressedNode;
import org.xenolith.platform.model.Node;
import org.xenolith.platform.model.Platform;
import org.xenolith.platform.model.tree.TreeConversion;

/** The hardware of the machine as the topology model has it, and the bundle that serves each device. */
public final class TopologyView extends ViewPart {
  static final String ID = "org.xenolith.ui.workbench.topology";
  private Laboratory laboratory;
  private TreeViewer tree;
  private UiUpdate update;
  private org.xenolith.platform.api.Platform shown;
  private Map<String, String> serving = Map.of();

  @Override public void createPartControl(Composite parent) {
    laboratory = Laboratory.of(getSite());
    Composite area = new Composite(parent, SWT.NONE);
    area.setLayout(new TreeColumnLayout());
    tree = new TreeViewer(area, SWT.SINGLE | SWT.FULL_SELECTION | SWT.V_SCROLL);
    tree.getTree().setHeaderVisible(true);
    column("Node", 40, TopologyView::name);
    column("Address", 22, TopologyView::address);
    column("Served by", 28, node -> serving.getOrDefault(node.getPath(), ""));
    tree.setContentProvider(new Nodes());
    update = new UiUpdate(tree.getControl(), this::refresh);
    laboratory.watch(update);
    refresh();
  }

  private void column(String title, int weight, Function<Node, String> text) {
    TreeViewerColumn column = new TreeViewerColumn(tree, SWT.NONE);
    column.getColumn().setText(title);
    column.setLabelProvider(ColumnLabelProvider.createTextProvider(node -> text.apply((Node) node)));
    ((TreeColumnLayout) tree.getTree().getParent().getLayout())
        .setColumnData(column.getColumn(), new ColumnWeightData(weight, 60, true));
  }

  private static String name(Node node) {
    return node.getParent() == null ? "/" : node.getName();
  }

  private static String address(Node node) {
    return node instanceof AddressedNode addressed ? addressed.getWindows().stream()
        .map(w -> "0x" + Long.toHexString(w.base())).collect(Collectors.joining(" ")) : "";
  }

  private void refresh() {
    serving = laboratory.devices().stream()
        .collect(Collectors.toMap(DeviceFact::instance, TopologyView::server, (a, b) -> a + ", " + b));
    Optional<org.xenolith.platform.api.Platform> platform = laboratory.platform();
    if (platform.isPresent() && platform.get() != shown) {
      shown = platform.get();
      Platform model = TreeConversion.toModel(shown.name(), shown.source());
      setPartName("Topology: " + model.getName());
      tree.setInput(model);
      tree.expandToLevel(2);
    } else {
      tree.refresh(true);
    }
  }

  private static String server(DeviceFact device) {
    return device.bundle().isEmpty() ? "(absent)" : device.bundle().replaceFirst("^org\\.xenolith\\.", "") + " " + device.version();
  }

  @Override public void setFocus() {
    tree.getControl().setFocus();
  }

  @Override public void dispose() {
    laboratory.forget(update);
    super.dispose();
  }

  /** The model's nodes; the input is the platform. */
  private static final class Nodes implements ITreeContentProvider {
    @Override public Object[] getElements(Object platform) {
      return new Object[] {((Platform) platform).getRoot()};
    }

    @Override public Object[] getChildren(Object node) {
      return ((Node) node).getNodes().toArray();
    }

    @Override public Object getParent(Object node) {
      return ((Node) node).getParent();
    }

    @Override public boolean hasChildren(Object node) {
      return !((Node) node).getNodes().isEmpty();
    }
  }
}
