// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciRange;
import org.xenolith.pci.api.PciSlot;
import org.xenolith.pci.kit.BusRouting;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciBridge;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;

/**
 * A correct host bridge with an index and a data register, and a root port in itself, and twins of it with one defect each. The index
 * has the function in 31:12 and the register in 11:2; byte lanes are those of the data register.
 */
final class TwinPairBridge implements DeviceModel, MmioHandler {
  static final int INDEX = 0;
  static final int DATA = 4;
  static final int WINDOW = 8;

  enum Defect {
    NONE, INDEX_ISNT_STATE, CYCLE_AT_INDEX, WRITES_TWICE, CLAIMS_TOO_MUCH, CLAIMS_TOO_LITTLE, THROWS_AT_THE_END, ENDPOINT_HEADER,
    IGNORES_BUS_NUMBERS, IGNORES_WINDOWS, PORT_IS_ALWAYS_MASTER, NO_BUS_RESET, PORT_ISNT_STATE, UNTOLD_PORT
  }

  private final DeviceState state = new DeviceState();
  private final long[] index;
  private final PciHost host;
  private final PciBridge port;
  private final PciBusPort below;
  private final Defect defect;

  private TwinPairBridge(DeviceContext context, Defect defect) {
    this.defect = defect;
    index = (defect == Defect.INDEX_ISNT_STATE ? new DeviceState() : state).longs("index", 1);
    host = new PciHost(context, new PciBusPort());
    below = context.port(PciBusPort.class);
    port = new PciBridge(new PciSlot(host.root(), 0), below, defect == Defect.PORT_ISNT_STATE ? new DeviceState() : state,
        ConfigTable.bridge(0x1B36, 0xF3, defect == Defect.ENDPOINT_HEADER ? 0xFF_0000 : 0x06_0400, 0)
            .capability(Capability.express(Capability.Express.ROOT_PORT)).build());
    if (defect == Defect.PORT_IS_ALWAYS_MASTER) {
      below.connect(host);
    }
    AddressWindow registers = context.node().windows().getFirst();
    if (defect == Defect.CLAIMS_TOO_MUCH) {
      context.bus().window(new AddressWindow(registers.base(), 2 * registers.size()), AccessRule.UP_TO_WORD, this);
    } else {
      context.bus().window(0, AccessRule.UP_TO_WORD, this);
    }
    for (PciRange range : PciRange.of(context)) {
      context.bus().window(range.cpu(), AccessRule.ANY, window(range));
    }
  }

  static DeviceModelFactory factory(Defect defect) {
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return new ModelDescription("twin", "A host bridge with a register pair", "none");
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        return new TwinPairBridge(context, defect);
      }
    };
  }

  private MmioHandler window(PciRange range) {
    return new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        if (defect == Defect.THROWS_AT_THE_END && offset + 8 >= range.cpu().size()) {
          throw new IllegalStateException("no such address");
        }
        var found = defect == Defect.IGNORES_WINDOWS ? BusRouting.decode(below, false, range.bus() + offset) : null;
        return found != null ? found.device().readBar(found.bar(), range.bus() + offset - found.base(), size)
            : host.read(false, range.bus() + offset, size);
      }

      @Override
      public void write(long offset, int size, long value) {
        host.write(false, range.bus() + offset, size, value);
      }
    };
  }

  private int bus() {
    return (int) (index[0] >>> 20) & 0xFF;
  }

  private int devfn() {
    return (int) (index[0] >>> 12) & 0xFF;
  }

  private int register(long offset) {
    return (int) index[0] & 0xFFC | (int) offset & 3;
  }

  private boolean behind() {
    return defect == Defect.IGNORES_BUS_NUMBERS && bus() == 1 && below.function(devfn()) != null;
  }

  @Override
  public long read(long offset, int size) {
    if (offset < DATA) {
      return index[0] >>> 8 * offset;
    }
    return (behind() ? below.function(devfn()).readConfig(register(offset), size)
        : host.readConfig(bus(), devfn(), register(offset), size)) & 0xFFFF_FFFFL;
  }

  @Override
  public void write(long offset, int size, long value) {
    if (offset < DATA) {
      index[0] = size == 4 ? value & 0xFFFF_FFFCL : index[0];
      if (defect == Defect.CYCLE_AT_INDEX) {
        host.readConfig(bus(), devfn(), register(0), 4);
      }
      return;
    }
    boolean reset = bus() == 0 && register(offset) == 0x3E;
    if (defect == Defect.NO_BUS_RESET && reset) {
      return;
    }
    for (int i = defect == Defect.WRITES_TWICE ? 0 : 1; i < 2; i++) {
      host.writeConfig(bus(), devfn(), register(offset), size, (int) value);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    port.reset();
  }

  @Override
  public void restored() {
    port.restored();
    if (defect == Defect.PORT_IS_ALWAYS_MASTER) {
      below.connect(host);
    }
  }

  @Override
  public void removed() {
    port.removed();
    host.removed();
  }
}
