// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtAddresses;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtFaults;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtInterrupts;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReference;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.kit.GuestNodes;
import org.xenolith.hyp.arm.kit.V2mFrame;
import org.xenolith.hyp.build.arm.dt.HandledNode.DeviceResources;
import org.xenolith.hyp.build.arm.dt.HandledNode.Handling;

/**
 * Derives the hardware domain's tree from the host's: what the hypervisor keeps is left out, the interrupt controller and
 * the timer are written anew in their places, everything else is passed on with its phandles and in its order, disabled
 * devices too; then come the nodes of the hypervisor, PSCI, the vCPUs and the memory. The result is the one that Xen 4.17
 * makes of the same tree; the tests hold it against real ones. Where the hypervisor drives PCI host bridges, which that Xen
 * can't, their segments are numbered and references to an ITS that the domain doesn't have go.
 */
final class Dom0Tree {
  private static final String CHOSEN = "/chosen";
  private static final String STATUS = "status";
  private static final String PASSTHROUGH = "xen,passthrough";
  private static final String SEGMENT = "linux,pci-domain";
  private static final int IOMMU_ROW = 4;
  private static final int TIMER_PPIS = 3;
  private static final int FIRST_PPI = 16;
  /** Of the IOMMU bindings: meaningless to a domain that doesn't see the IOMMU. */
  private static final Set<String> IOMMU_PROPERTIES = Set.of("iommus", "iommu-map", "iommu-map-mask");
  /** Of {@code /chosen}: the host's own, or given anew. */
  private static final Set<String> BOOT_PROPERTIES = Set.of("xen,xen-bootargs", "xen,dom0-bootargs", "bootargs",
      "linux,initrd-start", "linux,initrd-end", "stdout-path", "linux,stdout-path");

  private final FdtNode root;
  private final FdtIndex index;
  private final Dom0Facts facts;
  private final FdtFaults faults;
  private final HostGic gic;
  private final HostDevices devices;
  private final HostNodes nodes;
  private final MessageReferences references;
  private final Set<Integer> ownPhandles = new HashSet<>();
  private final List<HandledNode> handled = new ArrayList<>();

  private Dom0Tree(Fdt host, Dom0Facts facts, FdtFaults faults) {
    this.facts = facts;
    this.faults = faults;
    root = host.root();
    index = host.index();
    gic = HostGic.of(index);
    devices = new HostDevices(host, index, gic.node(), faults);
    nodes = new HostNodes(gic.node(), facts.ownNodes());
    references = new MessageReferences(gic, facts.pci(), new FdtAddresses(index, faults));
    for (String path : facts.ownNodes()) {
      FdtNode node = index.node(path).orElseThrow(() -> new FdtException(FdtException.NO_OFFSET,
          "the hypervisor is said to use " + path + ", which the host's tree doesn't have",
          "look at the paths of the tree"));
      FdtIndex.phandleOf(node).ifPresent(ownPhandles::add);
    }
    index.byPath().values().stream().filter(HostNodes::isWithheldIommu)
        .forEach(node -> FdtIndex.phandleOf(node).ifPresent(ownPhandles::add));
  }

  /**
   * Derives it.
   *
   * @param host   the host's tree
   * @param faults hears of windows and interrupts that can't be given to the domain
   * @throws FdtException if the tree lacks what every domain needs: a GIC, a timer, a CPU
   */
  static Dom0Plan of(Fdt host, Dom0Facts facts, FdtFaults faults) {
    Dom0Tree tree = new Dom0Tree(host, facts, faults);
    Fdt derived = Fdt.of(tree.root());
    return new Dom0Plan(derived, tree.handled);
  }

  private FdtNode root() {
    FdtNode passed = passed(root, "/", false).orElseThrow();
    FdtBuilder made = FdtBuilder.root();
    FdtAddresses addresses = new FdtAddresses(index, faults);
    GuestNodes own = new GuestNodes(made, addresses.addressCells(root), addresses.sizeCells(root));
    if (!root.has("#address-cells") || !root.has("#size-cells")) {
      throw new FdtException(FdtException.NO_OFFSET, "the host's root node doesn't give its cell counts",
          "add #address-cells and #size-cells");
    }
    if (passed.child("chosen").isEmpty()) {
      FdtBuilder chosen = made.child("chosen");
      bootProperties(List.of()).forEach(chosen::add);
    }
    FdtBuilder hypervisor = own.hypervisor(facts.hypervisor(), gic.phandle());
    facts.efi().ifPresent(efi -> efi.write(hypervisor.child("uefi"), "xen"));
    own.psci();
    own.cpus(cpuCompatible(), facts.vcpus());
    own.memory(facts.memory());
    List<FdtNode> children = new ArrayList<>(passed.children());
    children.addAll(made.build().children());
    return new FdtNode("", passed.properties(), children);
  }

  private Optional<FdtNode> passed(FdtNode node, String path, boolean withheldAbove) {
    Handling handling = nodes.handling(node, path);
    if (handling == Handling.PASSED && (withheldAbove || node.has(PASSTHROUGH))) {
      handling = Handling.WITHHELD;
    }
    switch (handling) {
      case LEFT_OUT, USED_BY_HYPERVISOR -> {
        handled.add(new HandledNode(path, handling, DeviceResources.NONE, DeviceResources.NONE));
        return Optional.empty();
      }
      case GIC -> {
        return Optional.of(interruptController(path));
      }
      case TIMER -> {
        handled.add(new HandledNode(path, handling, DeviceResources.NONE, DeviceResources.NONE));
        return Optional.of(timer(node));
      }
      case PASSED, WITHHELD -> {
      }
    }
    boolean withheld = handling == Handling.WITHHELD;
    handled.add(new HandledNode(path, handling, withheld ? DeviceResources.NONE : devices.of(node),
        withheld ? DeviceResources.NONE : devices.below(node)));
    List<FdtNode> children = new ArrayList<>();
    for (FdtNode child : node.children()) {
      passed(child, (path.equals("/") ? "" : path) + "/" + child.name(), withheld).ifPresent(children::add);
    }
    return Optional.of(new FdtNode(node.name(), properties(node, path, withheld), children));
  }

  private List<FdtProperty> properties(FdtNode node, String path, boolean withheld) {
    if (path.equals(CHOSEN)) {
      return bootProperties(node.properties());
    }
    Set<String> dropped = references.dropped(node);
    dropped.add(STATUS);
    if (behindOwnIommu(node)) {
      dropped.addAll(IOMMU_PROPERTIES);
    }
    List<FdtProperty> properties = new ArrayList<>();
    node.properties().stream().filter(p -> !dropped.contains(p.name())).forEach(properties::add);
    Integer segment = facts.pci().segments().get(path);
    if (segment != null && !node.has(SEGMENT)) {
      properties.add(FdtProperty.ofCells(SEGMENT, segment));
    }
    // at the end, because a withheld device gets another one
    if (withheld) {
      properties.add(FdtProperty.ofStrings(STATUS, "disabled"));
    } else {
      node.property(STATUS).ifPresent(properties::add);
    }
    return properties;
  }

  private boolean behindOwnIommu(FdtNode node) {
    return refersToOwn(node, "iommus", 0, Integer.MAX_VALUE) || refersToOwn(node, "iommu-map", 1, IOMMU_ROW);
  }

  private boolean refersToOwn(FdtNode node, String property, int first, int step) {
    return MessageReferences.phandles(node, property, first, step).stream().anyMatch(ownPhandles::contains);
  }

  /** What a kernel finds in {@code /chosen}: the host's properties but those of its boot, then the domain's own. */
  private List<FdtProperty> bootProperties(List<FdtProperty> host) {
    List<FdtProperty> properties = new ArrayList<>();
    host.stream().filter(p -> !BOOT_PROPERTIES.contains(p.name())).forEach(properties::add);
    Optional<FdtProperty> kept = named(host, "xen,dom0-bootargs").or(() -> named(host, "bootargs"));
    facts.bootArgs().map(args -> FdtProperty.ofStrings("bootargs", args))
        .or(() -> kept.map(p -> new FdtProperty("bootargs", p.value()))).ifPresent(properties::add);
    facts.initrd().ifPresent(initrd -> {
      properties.add(FdtProperty.ofU64("linux,initrd-start", initrd.base()));
      properties.add(FdtProperty.ofU64("linux,initrd-end", initrd.base() + initrd.size()));
    });
    return properties;
  }

  private static Optional<FdtProperty> named(List<FdtProperty> properties, String name) {
    return properties.stream().filter(p -> p.name().equals(name)).findFirst();
  }

  private FdtNode interruptController(String path) {
    List<HostGic.GivenFrame> frames = new ArrayList<>();
    List<RoutedInterrupt> messages = new ArrayList<>();
    List<FdtWindow> windows = new ArrayList<>();
    FdtAddresses addresses = new FdtAddresses(index, faults);
    for (FdtNode node : gic.v2mFrames()) {
      List<FdtWindow> window = addresses.windows(node);
      Optional<V2mFrame> given = facts.v2mFrames().stream()
          .filter(f -> !window.isEmpty() && window.getFirst().base() == f.base()).findFirst();
      given.ifPresent(frame -> {
        frames.add(new HostGic.GivenFrame(node, frame));
        windows.add(window.getFirst());
        for (int i = 0; i < frame.count(); i++) {
          messages.add(new RoutedInterrupt(frame.firstIntid() + i, true));
        }
      });
    }
    handled.add(new HandledNode(path, Handling.GIC, new DeviceResources(windows, messages), DeviceResources.NONE));
    return gic.forDomain(devices.entryCells(gic.node()), frames, references.given());
  }

  private FdtNode timer(FdtNode host) {
    int[] intids = new int[TIMER_PPIS];
    List<FdtReference> interrupts = new FdtInterrupts(index, faults).of(host);
    for (int i = 0; i < TIMER_PPIS; i++) {
      if (i >= interrupts.size() || interrupts.get(i).cells().length < 2 || interrupts.get(i).cells()[0] != 1) {
        throw new FdtException(FdtException.NO_OFFSET, index.pathOf(host) + " has fewer than three PPIs",
            "name the secure, the physical and the virtual timer's");
      }
      intids[i] = interrupts.get(i).cells()[1] + FIRST_PPI;
    }
    FdtBuilder parent = FdtBuilder.root();
    FdtBuilder made = GuestNodes.timer(parent.child("timer"), intids, gic.phandle());
    host.property("clock-frequency").ifPresent(made::add);
    return parent.build().children().getFirst();
  }

  private FdtProperty cpuCompatible() {
    return root.child("cpus").flatMap(cpus -> cpus.children().stream()
        .filter(c -> c.baseName().equals("cpu")).flatMap(c -> c.property("compatible").stream()).findFirst())
        .orElseThrow(() -> new FdtException(FdtException.NO_OFFSET, "the host's tree has no CPU with a compatible",
            "describe the CPUs in /cpus"));
  }
}
