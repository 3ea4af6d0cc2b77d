// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
    for (PlatformNode node : platform.nodes()) {
      nodes.put(node.path(), node);
    }
    for (PlatformNode cpu : platform.cpus()) {
      if (cpu.enabled()) {
        addProcessor(cpu);
      }
    }
    for (PlatformNode node : platform.nodes()) {
      if (node.enabled() && node.slot().isEmpty()) {
        AcpiDeviceKind device = kind(node, parts.devices());
        if (device != null) {
          addDevice(node, device);
        }
        AcpiBridgeKind bridge = kind(node, parts.bridges());
        if (bridge != null) {
          addBridge(node, bridge);
        }
      }
    }
  }

  /** The kind of the most specific value of {@code compatible} that has one; null: none has. */
  private static <T> @Nullable T kind(PlatformNode node, Map<String, T> kinds) {
    for (String name : node.compatible()) {
      T kind = kinds.get(name);
      if (kind != null) {
        return kind;
      }
    }
    return null;
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
    AcpiBridgeKind.Configuration configuration = kind.configuration(this, node).orElse(null);
    if (configuration != null) {
      AcpiBridge bridge = new AcpiBridge(node, kind, SCOPE + names.next("PCI").text(), segment(node), configuration);
      bridges.add(bridge);
      paths.put(node.path(), bridge.path());
    }
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
    for (PlatformNode other : platform.nodes()) {
      taken.add((int) other.cell(SEGMENT, -1));
    }
    for (AcpiBridge bridge : bridges) {
      taken.add(bridge.segment());
    }
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
    PlatformNode controller = nodes.get(specifier.controller());
    if (controller == null) {
      return Optional.empty();
    }
    if (ApicNodes.isIoApic(controller)) {
      int place = ApicNodes.io(platform).indexOf(controller);
      return place < 0 ? Optional.empty() : IoApicInterrupts.of(place * ApicNodes.INPUTS, specifier.cells());
    }
    return GicNodes.isController(controller) ? GicInterrupts.of(specifier.cells()) : Optional.empty();
  }

  @Override
  public boolean pinsAreActiveLow() {
    return ApicNodes.local(platform).isPresent();
  }

  @Override
  public List<AcpiInterrupt> interrupts(PlatformNode node) {
    List<AcpiInterrupt> found = new ArrayList<>();
    for (InterruptSpecifier specifier : node.interrupts()) {
      Optional<AcpiInterrupt> interrupt = interrupt(specifier);
      if (interrupt.isEmpty()) {
        untold(node, "its interrupt " + specifier + " is none of a GIC or I/O APIC, with a trigger", "wire it to one");
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
    for (PlatformNode cpu : platform.cpus()) {
      if (cpu.enabled() && !byPsci(cpu)) {
        return PsciConduit.NONE;
      }
    }
    for (PlatformNode node : platform.nodes()) {
      FdtProperty method = node.enabled() && isPsci(node) ? node.property("method").orElse(null) : null;
      if (method != null) {
        return switch (method.string()) {
          case "hvc" -> PsciConduit.HVC;
          case "smc" -> PsciConduit.SMC;
          default -> PsciConduit.NONE;
        };
      }
    }
    return PsciConduit.NONE;
  }

  private static boolean isPsci(PlatformNode node) {
    boolean psci = false;
    for (String name : node.compatible()) {
      psci |= name.startsWith("arm,psci");
    }
    return psci;
  }

  private static boolean byPsci(PlatformNode cpu) {
    FdtProperty method = cpu.property("enable-method").orElse(null);
    return method == null || method.string().equals("psci");
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
    all.sort(Comparator.comparingInt(each -> order.getOrDefault(each.path(), Integer.MAX_VALUE)));
    return all;
  }

  private static boolean isOurs(PlatformNode node) {
    boolean ours = true;
    for (String name : node.compatible()) {
      ours &= name.startsWith("xenolith,");
    }
    return ours;
  }

  /** Buses are told with what is on them; what a launch plugs in is found by looking; what is ours alone no guest is shown. */
  private static boolean needsTelling(PlatformNode node) {
    return !node.parent().isEmpty() && !node.compatible().isEmpty() && !node.isCompatible("simple-bus") && node.slot().isEmpty()
        && !isOurs(node);
  }
}
