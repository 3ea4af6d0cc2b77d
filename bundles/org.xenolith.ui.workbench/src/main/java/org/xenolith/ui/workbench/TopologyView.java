// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jface.layout.TreeColumnLayout;
import org.eclipse.jface.viewers.ColumnLabelProvider;
import org.eclipse.jface.viewers.ColumnWeightData;
import org.eclipse.jface.viewers.ITreeContentProvider;
import org.eclipse.jface.viewers.TreeViewer;
import org.eclipse.jface.viewers.TreeViewerColumn;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.part.ViewPart;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.machine.control.Machine.DeviceFact;
import org.xenolith.platform.model.AddressedNode;
import org.xenolith.platform.model.Node;
import org.xenolith.platform.model.Platform;
import org.xenolith.platform.model.tree.TreeConversion;

/**
 * The hardware of the machine as the topology model has it, and the bundle that serves each device; below a node what is plugged into
 * it, and below the hypervisor's its subsystems.
 */
public final class TopologyView extends ViewPart {
  static final String ID = "org.xenolith.ui.workbench.topology";
  private Laboratory laboratory;
  private TreeViewer tree;
  private UiUpdate update;
  private org.xenolith.platform.api.Platform shown;
  private Map<String, String> serving = Map.of();
  private Map<String, List<Part>> parts = Map.of();

  @Override
  public void createPartControl(Composite parent) {
    laboratory = Laboratory.of(getSite());
    Composite area = new Composite(parent, SWT.NONE);
    area.setLayout(new TreeColumnLayout());
    tree = new TreeViewer(area, SWT.SINGLE | SWT.FULL_SELECTION | SWT.V_SCROLL);
    tree.getTree().setHeaderVisible(true);
    column("Node", 40, TopologyView::name);
    column("Address", 22, TopologyView::address);
    column("Served by", 28, this::servedBy);
    tree.setContentProvider(new Nodes());
    update = new UiUpdate(tree.getControl(), this::refresh);
    laboratory.watch(update);
    refresh();
  }

  private void column(String title, int weight, Function<Object, String> text) {
    TreeViewerColumn column = new TreeViewerColumn(tree, SWT.NONE);
    column.getColumn().setText(title);
    column.setLabelProvider(ColumnLabelProvider.createTextProvider(text::apply));
    ((TreeColumnLayout) tree.getTree().getParent().getLayout())
        .setColumnData(column.getColumn(), new ColumnWeightData(weight, 60, true));
  }

  private static String name(Object row) {
    return row instanceof Part part ? part.name() : ((Node) row).getParent() == null ? "/" : ((Node) row).getName();
  }

  private static String address(Object row) {
    return row instanceof AddressedNode addressed ? addressed.getWindows().stream()
        .map(w -> "0x" + Long.toHexString(w.base())).collect(Collectors.joining(" ")) : "";
  }

  private String servedBy(Object row) {
    return serving.getOrDefault(row instanceof Part part ? part.instance() : ((Node) row).getPath(), "");
  }

  private void refresh() {
    List<DeviceFact> devices = laboratory.devices();
    serving = devices.stream().collect(Collectors.toMap(DeviceFact::instance, TopologyView::server, (a, b) -> a + ", " + b));
    Optional<org.xenolith.platform.api.Platform> platform = laboratory.platform();
    Map<String, List<Part>> now = platform.isEmpty() ? Map.of()
        : Part.byNode(devices.stream().map(DeviceFact::instance).toList(), path -> platform.get().node(path).isPresent());
    boolean others = !now.equals(parts);
    parts = now;
    if (platform.orElse(null) == shown) {
      tree.refresh(true);
      if (others) {
        showSubsystems();
      }
      return;
    }
    shown = platform.orElse(null);
    if (shown == null) {
      setPartName("Topology");
      tree.setInput(null);
      return;
    }
    Platform model = TreeConversion.toModel(shown.name(), shown.source());
    setPartName("Topology: " + model.getName());
    tree.setInput(model);
    tree.expandToLevel(2);
    showSubsystems();
  }

  /** No guest sees the hypervisor's node, nobody would look below it. */
  private void showSubsystems() {
    if (tree.getInput() instanceof Platform model) {
      model.getRoot().getNodes().stream().filter(node -> node.getPath().equals(HypervisorNode.PATH))
          .forEach(node -> tree.setExpandedState(node, true));
    }
  }

  private static String server(DeviceFact device) {
    return device.bundle().isEmpty() ? "(absent)" : device.bundle().replaceFirst("^org\\.xenolith\\.", "") + " " + device.version();
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

  /** The model's nodes, and the parts of devices; the input is the platform. */
  private final class Nodes implements ITreeContentProvider {
    @Override
    public Object[] getElements(Object platform) {
      return new Object[] {((Platform) platform).getRoot()};
    }

    @Override
    public Object[] getChildren(Object row) {
      return row instanceof Node node ? Stream.concat(node.getNodes().stream(), parts(node).stream()).toArray() : new Object[0];
    }

    @Override
    public Object getParent(Object row) {
      return row instanceof Node node ? node.getParent() : null;
    }

    @Override
    public boolean hasChildren(Object row) {
      return row instanceof Node node && (!node.getNodes().isEmpty() || !parts(node).isEmpty());
    }

    private List<Part> parts(Node node) {
      return parts.getOrDefault(node.getPath(), List.of());
    }
  }
}
