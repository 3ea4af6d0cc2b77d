// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.xgene;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/** The driver; its state is what the hardware domain wrote to the selectors. */
final class XgeneDriver implements DeviceModel, HostBridgeDriver {
  private final DeviceState state = new DeviceState();
  private final DeviceContext context;
  private final Workarounds workarounds;
  private final HostBridgesPort bridges;
  /** By path, for the order. */
  private final Map<String, XgeneBridge> ports = new TreeMap<>();

  XgeneDriver(DeviceContext context) {
    this.context = context;
    workarounds = Workarounds.of(context);
    bridges = context.port(HostBridgesPort.class);
    bridges.claim(this, context);
    state.children("ports", () -> ports.values().forEach(port -> port.state().reset()),
        () -> ports.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().state(), (a, b) -> a, TreeMap::new)),
        path -> ports.containsKey(path) ? ports.get(path).state() : XgeneBridge.nobodys());
  }

  @Override
  public List<String> compatible() {
    return List.of("apm,xgene-storm-pcie", "apm,xgene-pcie");
  }

  @Override
  public HostBridge open(PlatformNode node, PhysicalBus bus) {
    XgeneBridge port = new XgeneBridge(node, bus, workarounds,
        text -> context.events().report("pci-bridge", context.instance(), node.path() + ": " + text));
    ports.put(node.path(), port);
    return port;
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    bridges.release(this);
  }
}
