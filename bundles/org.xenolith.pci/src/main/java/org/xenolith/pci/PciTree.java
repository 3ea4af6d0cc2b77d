// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.kit.Sbdf;
import org.xenolith.machine.control.Machine;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciBridge;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.platform.api.PlatformNode;

/** The PCI buses of a machine as text: what is where, and which bundle answers. Read on the machine's thread. */
final class PciTree {
  private static final int LINE = 16;
  private final Machine machine;
  private final boolean dump;
  private final Map<String, String> bundles;
  private final FunctionOwners owners;
  private final StringBuilder text = new StringBuilder();

  /** @param dump whether configuration spaces are shown, byte by byte as {@code lspci -xxxx} shows them */
  PciTree(Machine machine, boolean dump) {
    this.machine = machine;
    this.dump = dump;
    owners = new FunctionOwners(machine);
    bundles = machine.devices().stream().filter(fact -> !fact.bundle().isEmpty())
        .collect(Collectors.toMap(Machine.DeviceFact::instance, Machine.DeviceFact::bundle, (first, second) -> first));
  }

  String text() {
    for (PlatformNode host : machine.platform().nodes()) {
      if (host.enabled() && host.property("device_type").map(p -> p.string().equals("pci")).orElse(false) && bundles.containsKey(host
          .path())) {
        text.append(host.path()).append("  ").append(bundles.get(host.path())).append('\n');
        PciTarget within = machine.port(host.path(), PciBusPort.class).bridge();
        if (within == null) {
          bus(host, host.path(), "  ");
        } else {
          function(within.slot().bus().number(), within.slot().devfn(), within, null, "  ");
          ids(host, within.slot().bus().number() << 8 | within.slot().devfn());
          details(within, "  ");
          bus(host, host.path(), "    ");
        }
      }
    }
    return text.isEmpty() ? "There is no PCI host bridge with a model.\n" : text.toString();
  }

  private void bus(PlatformNode host, String path, String indent) {
    PciBusPort bus = machine.port(path, PciBusPort.class);
    for (int devfn = 0; devfn < PciBusPort.FUNCTIONS; devfn++) {
      PciTarget function = bus.function(devfn);
      if (function != null) {
        PlatformNode node = node(path, devfn);
        function(bus.number(), devfn, function, node, indent);
        ids(host, bus.number() << 8 | devfn);
        details(function, indent);
        if (function.secondary() != null && node != null) {
          bus(host, node.path(), indent + "  ");
        }
      }
    }
  }

  /** What the fabric takes its requests for, and whose it is. */
  private void ids(PlatformNode host, int rid) {
    int index = HostBridgesPort.nodes(machine.platform()).indexOf(host);
    Optional<String> owner = index < 0 ? Optional.empty() : owners.of(Sbdf.of(HostBridgesPort.segment(host, index), rid));
    List<String> known = Stream.of(RequesterIds.stream(machine.platform(), host, rid), RequesterIds.device(machine.platform(), host, rid),
        owner.map("owner "::concat)).flatMap(Optional::stream).toList();
    text.append(known.isEmpty() ? "" : "  ").append(String.join(", ", known)).append('\n');
  }

  private PlatformNode node(String path, int devfn) {
    return machine.platform().children(path).stream().filter(n -> n.property("reg").filter(p -> p.length() >= 4)
        .map(p -> (p.cell(0) >>> 8 & 0xFF) == devfn).orElse(false)).findFirst().orElse(null);
  }

  private void function(int bus, int devfn, PciTarget function, PlatformNode node, String indent) {
    text.append(indent).append("%02x:%02x.%d %04x:%04x class %06x".formatted(bus, devfn >> 3, devfn & 7,
        function.readConfig(ConfigTable.VENDOR_ID, 2), function.readConfig(ConfigTable.DEVICE_ID, 2),
        function.readConfig(8, 4) >>> 8));
    if (function instanceof PciBridge) {
      text.append(" to bus %02x..%02x".formatted(function.readConfig(0x19, 1), function.readConfig(0x1A, 1)));
    }
    if (node != null) {
      text.append("  ").append(node.name()).append("  ").append(bundles.getOrDefault(node.path(), "no model"));
    }
  }

  private void details(PciTarget function, String indent) {
    if (function instanceof PciEndpoint endpoint) {
      bars(endpoint.config().table(), endpoint::base, indent);
    } else if (function instanceof PciBridge bridge) {
      bars(bridge.config().table(), bridge::base, indent);
    }
    if (dump) {
      bytes(function);
    }
  }

  private void bars(ConfigTable table, ToLongFunction<ConfigTable.Bar> base, String indent) {
    for (ConfigTable.Bar bar : table.bars()) {
      long at = base.applyAsLong(bar);
      text.append(indent).append("        BAR %d %s 0x%x..0x%x%n".formatted(bar.index(), bar.kind().toString().toLowerCase(Locale.ROOT), at,
          at + bar.size() - 1));
    }
  }

  private void bytes(PciTarget function) {
    for (int at = 0; at < ConfigTable.SIZE; at += LINE) {
      text.append("%02x:".formatted(at));
      for (int i = 0; i < LINE; i++) {
        text.append(" %02x".formatted(function.readConfig(at + i, 1)));
      }
      text.append('\n');
    }
  }

  /** Usage, a line each. */
  static List<String> usage() {
    return List.of("pcitree                  PCI buses: functions, BARs, ids, owners, which bundle answers",
        "pcitree -x               the same with all bytes of configuration space, as lspci -xxxx shows them");
  }
}
