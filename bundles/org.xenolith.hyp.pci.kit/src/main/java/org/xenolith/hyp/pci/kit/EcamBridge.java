// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci.kit;

import java.util.List;
import java.util.function.IntPredicate;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PciConfiguration;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.xen.abi.XenErrno;

/**
 * A host bridge whose configuration space is a window, in which an address says the function (PCI Express Base 4.0, 7.2.2; binding
 * host-generic-pci). The window begins with the first bus of {@code bus-range}. Drivers of bridges that almost are such use it, too.
 */
public final class EcamBridge implements HostBridge {
  /** Bits of an address below the bus, for ECAM. */
  public static final int ECAM = 20;
  /** Bits of an address below the bus, for CAM, which has 256 bytes for a function. */
  public static final int CAM = 16;
  private static final int FUNCTION_BITS = 8;
  /** A function has a word at least, and all buses are within 64 bits of address. */
  private static final int LEAST_SHIFT = FUNCTION_BITS + 2;
  private static final int MOST_SHIFT = 55;
  /** Bytes of a function's configuration space, however much room an address has for them (PCI Express Base 4.0, 7.2). */
  private static final long SPACE = 4096;
  private static final int BUSES = 256;
  private static final long PAGE = 0xFFF;

  private final PhysicalBus bus;
  private final AddressWindow window;
  private final int shift;
  private final int firstBus;
  private final int lastBus;
  private final IntPredicate answers;

  /**
   * A bridge at the first window of its node.
   *
   * <p>Cycles are made in the window only, to buses that are in it as a whole, and to registers that configuration space has: with more
   * room for a function than 4 KiB, as at Cavium's PEM, the rest of it is nothing's.
   *
   * @param shift   bits of an address below the bus, 10 to 55: {@link #ECAM}, {@link #CAM} or what the bridge has
   * @param answers of a routing id, whether there can be such a function: for others no cycle is made
   * @throws HypervisorException if the node has no window, or no bus fits, or the shift is none
   */
  public EcamBridge(PlatformNode node, PhysicalBus bus, int shift, IntPredicate answers) {
    if (shift < LEAST_SHIFT || shift > MOST_SHIFT) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "shift " + shift + ": expected the bits of an address below the bus, "
          + LEAST_SHIFT + " to " + MOST_SHIFT);
    }
    this.bus = bus;
    this.shift = shift;
    this.answers = answers;
    if (node.windows().isEmpty()) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "no reg: expected the window of configuration space");
    }
    window = node.windows().getFirst();
    int[] range = buses(node);
    firstBus = range[0];
    long room = window.size() >>> shift;
    if (room == 0 || (window.base() & PAGE) != 0) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "reg " + window + ": expected a window of whole buses, 0x"
          + Long.toHexString(1L << shift) + " bytes each");
    }
    lastBus = (int) Math.min(range[1], firstBus + room - 1);
  }

  /**
   * The first and the last bus behind a host bridge, by {@code bus-range}; 0 and 255 without.
   *
   * @throws HypervisorException if it isn't two numbers of buses in order
   */
  public static int[] buses(PlatformNode node) {
    FdtProperty range = node.property("bus-range").orElse(null);
    if (range == null) {
      return new int[] {0, BUSES - 1};
    }
    if (range.length() != 2 * Integer.BYTES || range.cell(0) < 0 || range.cell(0) > range.cell(1) || range.cell(1) >= BUSES) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "bus-range: expected two cells, the first and the last bus, 0 to 255");
    }
    return new int[] {range.cell(0), range.cell(1)};
  }

  @Override
  public int firstBus() {
    return firstBus;
  }

  @Override
  public int lastBus() {
    return lastBus;
  }

  @Override
  public List<AddressWindow> configuration() {
    return List.of(new AddressWindow(window.base(), window.size() + PAGE & ~PAGE));
  }

  @Override
  public int read(int rid, int register, int size) {
    if (!reaches(rid, register, size)) {
      return none(size);
    }
    try {
      return (int) bus.read(address(rid, register), size);
    } catch (ExternalAbort e) {
      return none(size);
    }
  }

  @Override
  public void write(int rid, int register, int size, int value) {
    if (reaches(rid, register, size)) {
      try {
        bus.write(address(rid, register), size, value & 0xFFFF_FFFFL);
      } catch (ExternalAbort e) {
        // What no function takes is lost.
      }
    }
  }

  @Override
  public long trappedRead(PciConfiguration seen, long address, int size) {
    long offset = address - window.base();
    if (!inside(offset, size)) {
      return none(Math.min(size, Integer.BYTES)) & 0xFFFF_FFFFL | (size > Integer.BYTES ? -1L << 32 : 0);
    }
    if (size == Long.BYTES) {
      return seen.read(rid(offset), register(offset), Integer.BYTES) & 0xFFFF_FFFFL
          | (long) seen.read(rid(offset + Integer.BYTES), register(offset + Integer.BYTES), Integer.BYTES) << 32;
    }
    return seen.read(rid(offset), register(offset), size) & -1L >>> 64 - 8 * size;
  }

  @Override
  public void trappedWrite(PciConfiguration seen, long address, int size, long value) {
    long offset = address - window.base();
    if (!inside(offset, size)) {
      return;
    }
    if (size == Long.BYTES) {
      seen.write(rid(offset), register(offset), Integer.BYTES, (int) value);
      seen.write(rid(offset + Integer.BYTES), register(offset + Integer.BYTES), Integer.BYTES, (int) (value >>> 32));
    } else {
      seen.write(rid(offset), register(offset), size, (int) (value & -1L >>> 64 - 8 * size));
    }
  }

  /** What a read finds where nothing answers. */
  public static int none(int size) {
    return size >= Integer.BYTES ? -1 : (1 << 8 * size) - 1;
  }

  /** Whether an access is one that configuration space has: 1, 2, 4 or 8 bytes, naturally aligned. */
  public static boolean aligned(long address, int size) {
    return size > 0 && size <= Long.BYTES && Integer.bitCount(size) == 1 && (address & size - 1) == 0;
  }

  private boolean inside(long offset, int size) {
    return aligned(offset, size) && offset >>> shift <= lastBus - firstBus && (offset & (1L << shift - FUNCTION_BITS) - 1) < SPACE
        && answers.test(rid(offset));
  }

  private boolean reaches(int rid, int register, int size) {
    int number = rid >>> FUNCTION_BITS & 0xFF;
    return number >= firstBus && number <= lastBus && register >= 0
        && register < Math.min(SPACE, 1L << shift - FUNCTION_BITS) && size <= Integer.BYTES && aligned(register, size) && answers.test(rid);
  }

  private long address(int rid, int register) {
    return window.base() + ((long) (rid & 0xFFFF) - (firstBus << FUNCTION_BITS) << shift - FUNCTION_BITS) + register;
  }

  private int rid(long offset) {
    return (int) (offset >>> shift - FUNCTION_BITS) + (firstBus << FUNCTION_BITS);
  }

  private int register(long offset) {
    return (int) (offset & (1L << shift - FUNCTION_BITS) - 1);
  }
}
