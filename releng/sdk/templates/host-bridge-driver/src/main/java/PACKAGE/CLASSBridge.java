package @PACKAGE@;

import java.util.List;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.PciConfiguration;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

/** One bridge: bus, device and function are bits 27:20 and 19:12 of an address in its ECAM. */
final class @CLASS@Bridge implements HostBridge {
  private final PhysicalBus bus;
  private final AddressWindow ecam;
  private final int firstBus;

  @CLASS@Bridge(PlatformNode node, PhysicalBus bus) {
    this.bus = bus;
    ecam = node.windows().getFirst();
    firstBus = (int) node.cell("bus-range", 0);
  }

  @Override public int firstBus() {
    return firstBus;
  }

  @Override public int lastBus() {
    return firstBus + (int) (ecam.size() >>> 20) - 1;
  }

  @Override public List<AddressWindow> configuration() {
    return List.of(ecam);
  }

  @Override public int read(int rid, int register, int size) {
    try {
      return covers(rid) ? (int) bus.read(address(rid, register), size) : none(size);
    } catch (ExternalAbort nobody) {
      return none(size);
    }
  }

  @Override public void write(int rid, int register, int size, int value) {
    try {
      if (covers(rid)) {
        bus.write(address(rid, register), size, value & 0xFFFF_FFFFL >>> 32 - 8 * size);
      }
    } catch (ExternalAbort nobody) {
      // What no function takes is lost.
    }
  }

  /** The hardware domain believes that it has the ECAM: an access there is a configuration cycle. */
  @Override public long trappedRead(PciConfiguration seen, long address, int size) {
    long offset = address - ecam.base();
    if (size == 8) {
      return trappedRead(seen, address, 4) | trappedRead(seen, address + 4, 4) << 32;
    }
    return seen.read(rid(offset), (int) offset & 0xFFF, size) & 0xFFFF_FFFFL >>> 32 - 8 * size;
  }

  @Override public void trappedWrite(PciConfiguration seen, long address, int size, long value) {
    long offset = address - ecam.base();
    if (size == 8) {
      trappedWrite(seen, address, 4, value & 0xFFFF_FFFFL);
      trappedWrite(seen, address + 4, 4, value >>> 32);
    } else {
      seen.write(rid(offset), (int) offset & 0xFFF, size, (int) value);
    }
  }

  private int rid(long offset) {
    return (firstBus << 8) + (int) (offset >>> 12);
  }

  private boolean covers(int rid) {
    int number = rid >>> 8;
    return number >= firstBus && number <= lastBus();
  }

  private long address(int rid, int register) {
    return ecam.base() + ((long) rid - (firstBus << 8) << 12) + register;
  }

  private static int none(int size) {
    return (int) (0xFFFF_FFFFL >>> 32 - 8 * size);
  }
}
