// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiBridge;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiProcessor;
import org.xenolith.firmware.api.PsciConduit;
import org.xenolith.firmware.api.Untold;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/** A topology with the names and numbers that its tables share. */
final class DescribedMachine implements AcpiMachine {
  private static final String SCOPE = "\\_SB.";
  /** Aff3 and Aff2 to Aff0 of MPIDR_EL1. */
  private static final long AFFINITY = 0xff_00ff_ffffL;
  private static final String SEGMENT = "linux,pci-domain";

  private final Platform platform;
  private final AcpiSetting setting;
  private final NamespaceNames names = new NamespaceNames();
  private final List<AcpiProcessor> processors = new ArrayList<>();
  private final List<AcpiDevice> devices = new ArrayList<>();
  private final List<AcpiBridge> bridges = new ArrayList<>();
  private final Map<String, String> paths = new HashMap<>();
  private final Map<String, PlatformNode> nodes = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private final List<Untold> untold = new ArrayList<>();

  DescribedMachine(Platform platform, AcpiParts parts, AcpiSetting setting) {
    this.platform = platform;
    this.setting = setting;
    platform.nodes().forEach(node -> nodes.put(node.path(), node));
    platform.cpus().stream().filter(PlatformNode::enabled).forEach(this::addProcessor);
    for (PlatformNode node : platform.nodes()) {
      if (node.enabled() && node.slot().isEmpty()) {
        kind(node, parts.devices()).ifPresent(kind -> addDevice(node, kind));
        kind(node, parts.bridges()).ifPresent(kind -> addBridge(node, kind));
      }
    }
  }

  /** The kind of the most specific value of {@code compatible} that has one. */
  private static <T> Optional<T> kind(PlatformNode node, Map<String, T> kinds) {
    return node.compatible().stream().map(kinds::get).filter(Objects::nonNull).findFirst();
  }

  private void addProcessor(PlatformNode node) {
    int uid = processors.size();
    long mpidr = node.property("reg").filter(reg -> reg.length() == 4 || reg.length() == 8).map(FdtProperty::number)
        .orElseThrow(() -> new PlatformException(node.path() + ": a CPU's reg is one or two cells; give it its affinity")) & AFFINITY;
    OptionalLong mailbox = ParkedCpu.mailbox(node);
    if (mailbox.isEmpty() && setting.mailboxes().isPresent() && !byPsci(node)) {
      mailbox = OptionalLong.of(setting.mailboxes().getAsLong() + (long) uid * AcpiSetting.MAILBOX_BYTES);
    }
    AcpiProcessor processor = new AcpiProcessor(node, uid, SCOPE + names.next("C").text(), mpidr, mailbox);
    processors.add(processor);
    paths.put(node.path(), processor.path());
  }

  private void addDevice(PlatformNode node, AcpiDeviceKind kind) {
    Optional<Untold> without = kind.without(this, node);
    if (without.isPresent()) {
      told.add(node.path());
      untold.add(without.get());
      return;
    }
    NamespaceNames.Name name = names.next(kind.prefix());
    AcpiDevice device = new AcpiDevice(node, kind, SCOPE + name.text(), name.number());
    devices.add(device);
    paths.put(node.path(), device.path());
  }

  private void addBridge(PlatformNode node, AcpiBridgeKind kind) {
    kind.configuration(this, node).ifPresent(configuration -> {
      AcpiBridge bridge = new AcpiBridge(node, kind, SCOPE + names.next("PCI").text(), segment(node), configuration);
      bridges.add(bridge);
      paths.put(node.path(), bridge.path());
    });
  }

  /** The number that the topology gives, or the first that no bridge has. */
  private int segment(PlatformNode node) {
    long given = node.cell(SEGMENT, -1);
    if (given >= 0) {
      if (given > 0xffff || bridges.stream().anyMatch(bridge -> bridge.segment() == given)) {
        throw new PlatformException(node.path() + ": " + SEGMENT + " " + given + " isn't a number of 16 bits that no other bridge has; "
            + "give each bridge one of its own");
      }
      return (int) given;
    }
    Set<Integer> taken = new HashSet<>();
    platform.nodes().forEach(other -> taken.add((int) other.cell(SEGMENT, -1)));
    bridges.forEach(bridge -> taken.add(bridge.segment()));
    int free = 0;
    while (taken.contains(free)) {
      free++;
    }
    return free;
  }

  @Override
  public Platform platform() {
    return platform;
  }

  @Override
  public List<AcpiProcessor> processors() {
    return List.copyOf(processors);
  }

  @Override
  public List<AcpiDevice> devices() {
    return List.copyOf(devices);
  }

  @Override
  public List<AcpiBridge> bridges() {
    return List.copyOf(bridges);
  }

  @Override
  public Optional<String> namespacePath(String node) {
    return Optional.ofNullable(paths.get(node));
  }

  @Override
  public Optional<AcpiInterrupt> interrupt(InterruptSpecifier specifier) {
    return Optional.ofNullable(nodes.get(specifier.controller())).filter(GicNodes::isController)
        .flatMap(gic -> GicInterrupts.of(specifier.cells()));
  }

  @Override
  public List<AcpiInterrupt> interrupts(PlatformNode node) {
    List<AcpiInterrupt> found = new ArrayList<>();
    for (InterruptSpecifier specifier : node.interrupts()) {
      Optional<AcpiInterrupt> interrupt = interrupt(specifier);
      if (interrupt.isEmpty()) {
        untold(node, "its interrupt " + specifier + " is none of the GIC with a trigger", "wire it to the GIC");
        break;
      }
      found.add(interrupt.get());
    }
    return found;
  }

  @Override
  public TableIdentity identity() {
    return setting.identity();
  }

  @Override
  public PsciConduit psciConduit() {
    if (!platform.cpus().stream().filter(PlatformNode::enabled).allMatch(DescribedMachine::byPsci)) {
      return PsciConduit.NONE;
    }
    Optional<PlatformNode> psci = platform.nodes().stream().filter(node -> node.enabled()
        && node.compatible().stream().anyMatch(each -> each.startsWith("arm,psci"))).findFirst();
    return psci.flatMap(node -> node.property("method")).map(method -> switch (method.string()) {
      case "hvc" -> PsciConduit.HVC;
      case "smc" -> PsciConduit.SMC;
      default -> PsciConduit.NONE;
    }).orElse(PsciConduit.NONE);
  }

  private static boolean byPsci(PlatformNode cpu) {
    return cpu.property("enable-method").map(method -> method.string().equals("psci")).orElse(true);
  }

  @Override
  public void told(PlatformNode node) {
    told.add(node.path());
  }

  @Override
  public void untold(PlatformNode node, String what, String remedy) {
    told(node);
    Untold one = new Untold(node.path(), what, remedy);
    if (!untold.contains(one)) {
      untold.add(one);
    }
  }

  /** What was noted, and every node that nobody dealt with. */
  List<Untold> untold() {
    Map<String, Integer> order = new HashMap<>();
    List<Untold> all = new ArrayList<>(untold);
    for (PlatformNode node : platform.nodes()) {
      order.put(node.path(), order.size());
      if (node.enabled() && !told.contains(node.path()) && needsTelling(node)) {
        all.add(new Untold(node.path(), "no installed bundle describes " + String.join(", ", node.compatible()) + " in ACPI",
            "boot by device tree, or install a bundle that does"));
      }
    }
    all.sort(Comparator.comparing(each -> order.getOrDefault(each.path(), Integer.MAX_VALUE)));
    return all;
  }

  /** Buses are told with what is on them; what a launch plugs in is found by looking; what is ours alone no guest is shown. */
  private static boolean needsTelling(PlatformNode node) {
    return !node.parent().isEmpty() && !node.compatible().isEmpty() && !node.isCompatible("simple-bus") && node.slot().isEmpty()
        && !node.compatible().stream().allMatch(each -> each.startsWith("xenolith,"));
  }
}
