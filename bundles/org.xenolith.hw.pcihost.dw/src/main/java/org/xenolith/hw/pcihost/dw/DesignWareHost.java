// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.dw;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;

/**
 * A host bridge with ECAM whose root bus is a link: there is one device at its other end, and it takes every configuration cycle of
 * type 0, as it doesn't know its own number (PCI Express Base 4.0, 2.2.6.2). A bridge has to let those of device 0 pass only; this
 * one doesn't. It has no registers that we know of in this mode and thus no state.
 */
final class DesignWareHost implements DeviceModel, MmioHandler {
  private static final int FUNCTION_SHIFT = 12;
  private static final int BUS_SHIFT = 20;
  private static final int REGISTER = 0xFFF;
  private static final int DEVFN = 0xFF;
  /** Functions of a device. */
  private static final int FUNCTION = 7;
  private static final long ABSENT = 0xFFFF_FFFFL;

  private final DeviceState state = new DeviceState();
  private final PciHost host;
  private final boolean ghosts;
  private final int firstBus;
  private final int buses;

  DesignWareHost(DeviceContext context) {
    ghosts = context.options().flag(DesignWareHostComponent.GHOST_DEVICES);
    for (PlatformNode node : context.platform().children(context.node().path())) {
      if (devfn(node) > FUNCTION) {
        throw new ModelException(node.path() + ": on the root bus of " + context.instance() + " there is room for device 0 only, as it is"
            + " a link; plug this in at 0.0 to 0.7, or behind a bridge in 0.0");
      }
    }
    context.bus().window(0, AccessRule.UP_TO_WORD, this);
    int configuration = (int) context.node().windows().get(0).size();
    state.shows("configuration", List.of(ListedRegister.of("configuration spaces", 0, configuration, "PCI Express Base 4.0, 7.2.2").saidBy(
        DesignWareHost.class)),
        spaces -> OptionalLong.empty());
    host = new PciHost(context);
    host.claimRanges();
    firstBus = host.root().number();
    buses = (int) (context.node().windows().get(0).size() >>> BUS_SHIFT);
  }

  private static int devfn(PlatformNode node) {
    return node.property("reg").filter(p -> p.length() >= 4).map(p -> p.cell(0) >>> 8 & DEVFN).orElse(0);
  }

  /** The function of the root bus or one below that a cycle reaches; -1 if it stops here. */
  private int reached(long offset) {
    int bus = (int) (offset >>> BUS_SHIFT);
    int devfn = (int) (offset >>> FUNCTION_SHIFT) & DEVFN;
    if (bus >= buses || bus == 0 && devfn > FUNCTION && !ghosts) {
      return -1;
    }
    return firstBus + bus << 8 | (bus == 0 ? devfn & FUNCTION : devfn);
  }

  @Override
  public long read(long offset, int size) {
    int id = reached(offset);
    return (id < 0 ? ABSENT >>> 32 - 8 * size : host.readConfig(id >>> 8, id & DEVFN, (int) offset & REGISTER, size)) & ABSENT;
  }

  @Override
  public void write(long offset, int size, long value) {
    int id = reached(offset);
    if (id >= 0) {
      host.writeConfig(id >>> 8, id & DEVFN, (int) offset & REGISTER, size, (int) value);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {}

  @Override
  public void removed() {
    host.removed();
  }
}
