// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.List;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.PciConfiguration;
import org.xenolith.hyp.pci.kit.EcamBridge;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/** A driver of an ECAM bridge with one defect, or none. */
final class TwinHostBridge implements DeviceModelFactory {
  static final long BASE = 0x1000_0000L;

  private final Defect defect;
  private int made;

  /** What can be wrong with a driver. */
  enum Defect {
    NONE, TOUCHES_AT_ONCE, NARROW_READS, WIDE_WRITES, ZERO_FOR_ABSENT, ONE_FUNCTION, ANY_BUS, LETS_ERRORS_OUT, HALF_PAGES,
    PASSES_THROUGH, HALF_OF_EIGHT, FORGETS_AIM, STARTS_ANEW, STAYS, THROWS
  }

  TwinHostBridge(Defect defect) {
    this.defect = defect;
  }

  @Override
  public ModelDescription description() {
    return new ModelDescription("twin", "", "");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    made++;
    HostBridgesPort bridges = context.port(HostBridgesPort.class);
    HostBridgeDriver driver = new HostBridgeDriver() {
      @Override
      public List<String> compatible() {
        return List.of("twin,host");
      }

      @Override
      public HostBridge open(PlatformNode node, PhysicalBus bus) {
        if (defect == Defect.TOUCHES_AT_ONCE) {
          bus.read(BASE, 4);
        }
        return new Twin(new EcamBridge(node, bus, EcamBridge.ECAM, rid -> true), bus, made > 1);
      }
    };
    bridges.claim(driver, context);
    return new DeviceModel() {
      @Override
      public DeviceState state() {
        return new DeviceState();
      }

      @Override
      public void reset() {}

      @Override
      public void removed() {
        if (defect != Defect.STAYS) {
          bridges.release(driver);
        }
      }
    };
  }

  private final class Twin implements HostBridge {
    private final EcamBridge good;
    private final PhysicalBus bus;
    private final boolean later;
    private int last = -1;

    Twin(EcamBridge good, PhysicalBus bus, boolean later) {
      this.good = good;
      this.bus = bus;
      this.later = later;
    }

    @Override
    public int firstBus() {
      return good.firstBus();
    }

    @Override
    public int lastBus() {
      return good.lastBus();
    }

    @Override
    public List<AddressWindow> configuration() {
      return defect == Defect.HALF_PAGES ? List.of(new AddressWindow(BASE, 0x800)) : good.configuration();
    }

    @Override
    public int read(int rid, int register, int size) {
      last = rid;
      return switch (defect) {
        case NARROW_READS -> good.read(rid, register & ~3, 4) & (int) (-1L >>> 64 - 8 * size);
        case ZERO_FOR_ABSENT -> good.read(rid, 0, 4) == -1 ? 0 : good.read(rid, register, size);
        case ONE_FUNCTION -> good.read(rid & ~7, register, size);
        case ANY_BUS -> (int) bus.read(BASE, 4);
        case LETS_ERRORS_OUT -> (int) bus.read(BASE + ((rid & 0xFFFFL) - 0x1000 << 12) + register, size);
        default -> good.read(rid, register, size);
      };
    }

    @Override
    public void write(int rid, int register, int size, int value) {
      if (defect == Defect.WIDE_WRITES) {
        good.write(rid, register & ~3, 4, value);
      } else {
        good.write(rid, register, size, value);
      }
    }

    @Override
    public long trappedRead(PciConfiguration seen, long address, int size) {
      return switch (defect) {
        case PASSES_THROUGH -> bus.read(address, size);
        case HALF_OF_EIGHT -> good.trappedRead(seen, address, Math.min(size, 4));
        case FORGETS_AIM -> last == -1 ? good.trappedRead(seen, address, size) : seen.read(last, (int) address & 0xFFF, size);
        case THROWS -> {
          if (size == 3) {
            throw new IllegalArgumentException("size " + size);
          }
          yield good.trappedRead(seen, address, size);
        }
        case STARTS_ANEW -> later ? -1 : good.trappedRead(seen, address, size);
        default -> good.trappedRead(seen, address, size);
      };
    }

    @Override
    public void trappedWrite(PciConfiguration seen, long address, int size, long value) {
      good.trappedWrite(seen, address, size, value);
    }
  }
}
