// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.control.Machine;
import org.xenolith.pci.api.PciAddress;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciFunctionFacts;
import org.xenolith.pci.api.PciHostFacts;
import org.xenolith.pci.api.PciInventory;
import org.xenolith.pci.api.PciRange;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** Looks at the permanent ports of a machine's buses, and asks the functions that are there. */
@Component
public final class BusInventory implements PciInventory {
  @Override
  public List<PciHostFacts> hosts(Machine machine) {
    return looks(machine).stream().map(Look::facts).toList();
  }

  @Override
  public Optional<byte[]> config(Machine machine, PciAddress function) {
    return looks(machine).stream().filter(look -> look.segment == function.segment()).flatMap(look -> look.find(function).stream())
        .findFirst().map(ConfigReading::bytes);
  }

  private static List<Look> looks(Machine machine) {
    Map<String, String> bundles = machine.devices().stream().filter(fact -> !fact.bundle().isEmpty())
        .collect(Collectors.toMap(Machine.DeviceFact::instance, Machine.DeviceFact::bundle, (first, second) -> first));
    FunctionOwners owners = new FunctionOwners(machine);
    List<PlatformNode> hosts = HostBridgesPort.nodes(machine.platform());
    List<Look> looks = new ArrayList<>();
    for (int i = 0; i < hosts.size(); i++) {
      if (bundles.containsKey(hosts.get(i).path())) {
        looks.add(new Look(machine, bundles, owners, hosts.get(i), HostBridgesPort.segment(hosts.get(i), i)));
      }
    }
    return looks;
  }

  /** What is behind one host bridge. */
  private record Look(Machine machine, Map<String, String> bundles, FunctionOwners owners, PlatformNode host, int segment) {
    /** A function where it is found: its node may be missing, the bus behind it is at a node's path. */
    private record Found(int bus, int devfn, PciTarget function, PlatformNode node, String below) {}

    PciHostFacts facts() {
      List<Found> root = root();
      int first = root.isEmpty() ? bus(host.path()).number() : root.getFirst().bus;
      return new PciHostFacts(host.path(), bundles.get(host.path()), segment, first, ranges(), root.stream().map(this::facts).toList());
    }

    private PciBusPort bus(String path) {
      return machine.port(path, PciBusPort.class);
    }

    private List<PciRange> ranges() {
      try {
        return PciRange.of(machine.platform(), host);
      } catch (ModelException malformed) {
        return List.of();
      }
    }

    /**
     * The root bus is at the host bridge's node, unless it is within the bridge with the root port: then the bus behind that port is
     * there, or at the port's own node.
     */
    private List<Found> root() {
      Found within = within(host.path(), null);
      for (PlatformNode child : machine.platform().children(host.path())) {
        boolean bridge = child.property("device_type").filter(FdtProperty::looksLikeStrings).map(FdtProperty::string).filter("pci"::equals)
            .isPresent();
        if (within == null && bridge && bus(host.path()).function(place(child).orElse(0)) == null) {
          within = within(child.path(), child);
        }
      }
      return within == null ? on(host.path()) : List.of(within);
    }

    private Found within(String path, PlatformNode node) {
      PciTarget port = bus(path).bridge();
      return port == null || port.slot() == null ? null
          : new Found(port.slot().bus().number(), port.slot().devfn(), port, node, path);
    }

    /** The functions on the bus at a path. */
    private List<Found> on(String path) {
      PciBusPort bus = bus(path);
      List<Found> all = new ArrayList<>();
      for (int devfn = 0; devfn < PciBusPort.FUNCTIONS; devfn++) {
        PciTarget function = bus.function(devfn);
        if (function != null) {
          PlatformNode node = node(path, devfn);
          all.add(new Found(bus.number(), devfn, function, node, function.secondary() == null || node == null ? null : node.path()));
        }
      }
      return all;
    }

    private PlatformNode node(String path, int devfn) {
      return machine.platform().children(path).stream().filter(n -> place(n).filter(p -> p == devfn).isPresent()).findFirst().orElse(null);
    }

    private static Optional<Integer> place(PlatformNode node) {
      return node.property("reg").filter(p -> p.length() >= 4).map(p -> p.cell(0) >>> 8 & 0xFF);
    }

    private List<Found> below(Found found) {
      return found.below == null ? List.of() : on(found.below);
    }

    private PciFunctionFacts facts(Found found) {
      PciAddress address = PciAddress.of(segment, found.bus << 8 | found.devfn);
      ConfigReading config = new ConfigReading(found.function);
      Optional<String> node = Optional.ofNullable(found.node).map(PlatformNode::path);
      Platform platform = machine.platform();
      return new PciFunctionFacts(address, node, node.map(bundles::get), config.ids(), config.state(), found.function.bars(),
          config.capabilities(), config.interrupt(), config.link(), config.bridge(), RequesterIds.stream(platform, host, address.rid()),
          RequesterIds.device(platform, host, address.rid()), owners.of(address), below(found).stream().map(this::facts).toList());
    }

    Optional<PciTarget> find(PciAddress address) {
      return find(root(), address);
    }

    private Optional<PciTarget> find(List<Found> among, PciAddress address) {
      for (Found found : among) {
        Optional<PciTarget> here = (found.bus << 8 | found.devfn) == address.rid() ? Optional.of(found.function)
            : found.function.leadsTo(address.bus()) ? find(below(found), address) : Optional.empty();
        if (here.isPresent()) {
          return here;
        }
      }
      return Optional.empty();
    }
  }
}
