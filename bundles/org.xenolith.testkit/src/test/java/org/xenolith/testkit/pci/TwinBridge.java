// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciRange;
import org.xenolith.pci.api.PciUpstream;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.regs.DeviceState;

/** A correct host bridge, and twins of it with one defect each. */
final class TwinBridge implements DeviceModel, MmioHandler {
  enum Defect {
    NONE, NO_NAME, ABSENT_READS_ZERO, ALIASES, MUTE, WRONG_LANE, WIDE_WRITES, WINDOW_READS_ZERO, WINDOW_ISNT_TRANSLATED, ANONYMOUS,
    ONE_PIN, THROWS, RESET_FORGETS, HIDDEN_STATE, RESETS_THE_BUS, STAYS_CONNECTED
  }

  private final DeviceState state = new DeviceState();
  private final long[] writes = state.longs("writes", 1);
  private final PciHost host;
  private final PciBusPort bus;
  private final Defect defect;
  private int accesses;

  private TwinBridge(DeviceContext context, Defect defect) {
    this.defect = defect;
    bus = context.port(PciBusPort.class);
    context.bus().window(0, AccessRule.UP_TO_WORD, this);
    host = new PciHost(context);
    if (defect == Defect.ANONYMOUS || defect == Defect.ONE_PIN) {
      bus.connect(new Upstream());
    }
    for (PciRange range : PciRange.of(context)) {
      context.bus().window(range.cpu(), AccessRule.ANY, window(range));
    }
  }

  static DeviceModelFactory factory(Defect defect) {
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return new ModelDescription(defect == Defect.NO_NAME ? "" : "twin", "A host bridge", "none");
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        return new TwinBridge(context, defect);
      }
    };
  }

  private MmioHandler window(PciRange range) {
    long shift = defect == Defect.WINDOW_ISNT_TRANSLATED ? range.cpu().base() : range.bus();
    return new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        boolean nobody = host.decode(false, shift + offset) == null;
        return nobody && defect == Defect.WINDOW_READS_ZERO ? 0 : host.read(false, shift + offset, size);
      }

      @Override
      public void write(long offset, int size, long value) {
        host.write(false, shift + offset, size, value);
      }
    };
  }

  @Override
  public long read(long offset, int size) {
    int devfn = (int) offset >>> 12 & (defect == Defect.ALIASES ? 0x7F : 0xFF);
    int number = (int) offset >>> 20;
    int register = (int) offset & 0xFFF;
    boolean absent = host.route(number, devfn) == null;
    if (defect == Defect.THROWS && register == 0xC0) {
      throw new IllegalStateException("no such register");
    }
    if (defect == Defect.MUTE || defect == Defect.HIDDEN_STATE && ++accesses % 9 == 0) {
      return -1;
    }
    if (defect == Defect.WRONG_LANE) {
      return host.readConfig(number, devfn, register & ~3, 4);
    }
    return defect == Defect.ABSENT_READS_ZERO && absent ? 0 : host.readConfig(number, devfn, register, size) & 0xFFFF_FFFFL;
  }

  @Override
  public void write(long offset, int size, long value) {
    int devfn = (int) offset >>> 12 & 0xFF;
    int register = (int) offset & 0xFFF;
    writes[0]++;
    if (defect == Defect.WIDE_WRITES) {
      host.writeConfig((int) offset >>> 20, devfn, register & ~3, 4, (int) value << 8 * (register & 3));
    } else {
      host.writeConfig((int) offset >>> 20, devfn, register, size, (int) value);
    }
  }

  /** Between the bus and what is common to bridges, so that it can go wrong here. */
  private final class Upstream implements PciUpstream {
    @Override
    public DmaPort requester(int requester) {
      return host.requester(defect == Defect.ANONYMOUS ? 0 : requester);
    }

    @Override
    public void interrupt(int devfn, int pin, boolean level) {
      host.interrupt(devfn, defect == Defect.ONE_PIN ? 1 : pin, level);
    }

    @Override
    public void decodeChanged() {
      host.decodeChanged();
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    if (defect != Defect.RESET_FORGETS) {
      state.reset();
    }
  }

  @Override
  public void restored() {
    if (defect == Defect.RESETS_THE_BUS) {
      for (int devfn = 0; devfn < PciBusPort.FUNCTIONS; devfn++) {
        host.writeConfig(0, devfn, ConfigTable.COMMAND, 2, 0);
      }
    }
  }

  @Override
  public void removed() {
    if (defect != Defect.STAYS_CONNECTED) {
      host.removed();
    }
  }
}
