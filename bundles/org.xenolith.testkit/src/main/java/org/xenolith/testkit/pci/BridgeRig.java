// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import java.util.ArrayList;
import java.util.Random;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciRange;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;

/** A bridge of a {@link HostBridgeContract} with a function behind it. */
final class BridgeRig {
  private final HostBridgeContract contract;
  private final PciRange range;
  final FakeFunction function;
  final StateRecord fresh;
  FakeContext bridge;
  DeviceModel model;

  BridgeRig(HostBridgeContract contract, int pin) {
    this.contract = contract;
    bridge = new FakeContext(contract.node()).beside(contract.beside().toArray(PlatformNode[]::new));
    contract.around(bridge);
    model = bridge.create(contract.factory());
    fresh = model.state().save();
    function = new FakeFunction(bridge.at(FakeFunction.node(contract.busPath(), contract.devfn())), pin);
    range = PciRange.of(bridge).stream().filter(r -> !r.io()).findFirst()
        .orElseThrow(() -> new AssertionError("the node's ranges have no memory space"));
    contract.started(bridge);
  }

  long config(int register, int size) {
    return contract.readConfig(bridge, contract.bus(), contract.devfn(), register, size);
  }

  void config(int register, int size, long value) {
    contract.writeConfig(bridge, contract.bus(), contract.devfn(), register, size, value);
  }

  /** The function's BAR is in the middle of the window, so that a bridge that forgets to translate addresses is seen. */
  void enable() {
    config(ConfigTable.BAR0, 4, range.bus() + 0x1000);
    config(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MEMORY | ConfigTable.COMMAND_MASTER);
  }

  long port(int register, int size) {
    return contract.readConfig(bridge, contract.rootBus(), contract.rootPort(), register, size);
  }

  void port(int register, int size, long value) {
    contract.writeConfig(bridge, contract.rootBus(), contract.rootPort(), register, size, value);
  }

  /** Puts something between the bus and the function that notes its cycles. */
  CycleProbe probe() {
    PciBusPort bus = bridge.port(contract.busPath(), PciBusPort.class);
    CycleProbe probe = new CycleProbe(bus.function(contract.devfn()), new ArrayList<>());
    bus.plug(contract.devfn(), probe);
    return probe;
  }

  FakeContext takeOver() {
    replace();
    return bridge;
  }

  long cpu(long offset) {
    return range.cpu().base() + 0x1000 + offset;
  }

  void replace() {
    StateRecord record = model.state().save();
    FakeContext old = bridge;
    bridge = old.successor();
    model = bridge.create(contract.factory(), DeviceOrigin.HAND_OVER, record, old);
  }

  String run(Random random, int steps) {
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < steps; i++) {
      String what = "";
      try {
        what = step(random);
      } catch (ExternalAbort refused) {
        what = "abort";
      } catch (RuntimeException e) {
        throw new AssertionError("an access threw " + e, e);
      }
      seen.append(what).append(bridge.line(contract.line(1)).level() ? " high\n" : " low\n");
    }
    return seen.toString();
  }

  private String step(Random random) {
    int size = 1 << random.nextInt(3);
    int register = random.nextInt(0x100) & -size;
    switch (random.nextInt(8)) {
      case 0 -> {
        enable();
        return "enable";
      }
      case 1 -> {
        function.pin(random.nextBoolean());
        return "pin";
      }
      case 2 -> {
        int window = random.nextInt(Math.max(1, bridge.bus().windows()));
        long offset = bridge.claimed(window) ? random.nextLong(bridge.node().windows().get(window).size()) & -8L : 0;
        int wide = 1 << random.nextInt(4);
        if (bridge.claimed(window) && random.nextBoolean()) {
          bridge.write(window, offset, wide, random.nextLong() & -1L >>> 64 - 8 * wide);
        }
        return bridge.claimed(window) ? HostBridgeContract.hex(bridge.read(window, offset, wide)) : "";
      }
      case 3 -> {
        config(register, size, random.nextInt() & HostBridgeContract.ones(size));
        return "write";
      }
      case 4 -> {
        return HostBridgeContract.hex(contract.readConfig(bridge, random.nextInt(contract.lastBus() + 1), random.nextInt(256), register,
            size));
      }
      case 5 -> {
        bridge.writeAt(cpu(random.nextInt(64) & -size), size, random.nextInt() & HostBridgeContract.ones(size));
        return "store";
      }
      case 6 -> {
        return HostBridgeContract.hex(bridge.readAt(cpu(random.nextInt(64) & -size), size));
      }
      default -> {
        return HostBridgeContract.hex(config(register, size));
      }
    }
  }
}
