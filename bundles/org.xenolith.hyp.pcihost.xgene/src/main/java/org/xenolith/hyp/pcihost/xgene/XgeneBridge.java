// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.xgene;

import java.util.List;
import java.util.function.Consumer;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PciConfiguration;
import org.xenolith.hyp.pci.kit.EcamBridge;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.XenErrno;

/**
 * One port. Its configuration window shows one function at a time: with address bits 17:16 = 00 the root port, with 01 the function
 * that the register RTDID names. The hypervisor's cycles and those of the hardware domain come in any order, so that RTDID is set
 * before each; what the hardware domain wrote there is kept here and meant by its next access to the window.
 */
final class XgeneBridge implements HostBridge {
  private static final int RTDID = 0x160;
  private static final int TYPE_SHIFT = 16;
  private static final int TYPE_1 = 1 << TYPE_SHIFT;
  private static final int FUNCTION = 0xFF;
  private static final int REGISTER = 0xFFF;
  private static final int SPACE = 0x1000;
  private static final int PAGE = 0x1000;
  private static final long WINDOW = 0x2_0000;
  private static final int BAR0 = 0x10;
  private static final int BAR1 = 0x14;
  /** The root port's PCI Express capability is at 0x40: RTCTL, and above it RTCAP with CRS software visibility in bit 16. */
  private static final int ROOT_CONTROL = 0x40 + 0x1C;
  private static final int CRS_ENABLE = 1 << 4;
  private static final int CRS_VISIBLE = 1 << 16;

  private final DeviceState state = new DeviceState();
  private final LongCell aimed = state.cell("selector", 0);
  /** Whether an event has told that the port doesn't answer. */
  private final LongCell reported = state.cell("told", 0);
  private final PhysicalBus bus;
  private final Workarounds workarounds;
  private final Consumer<String> event;
  private final AddressWindow registers;
  private final AddressWindow window;
  private final int firstBus;
  private final int lastBus;

  XgeneBridge(PlatformNode node, PhysicalBus bus, Workarounds workarounds, Consumer<String> event) {
    this.bus = bus;
    this.workarounds = workarounds;
    this.event = event;
    registers = named(node, "csr", PAGE);
    window = named(node, "cfg", WINDOW);
    int[] buses = EcamBridge.buses(node);
    firstBus = buses[0];
    lastBus = buses[1];
  }

  private static AddressWindow named(PlatformNode node, String name, long room) {
    List<String> names = node.property("reg-names").filter(FdtProperty::looksLikeStrings).map(FdtProperty::strings).orElse(List.of());
    int index = names.indexOf(name);
    AddressWindow window = index < 0 || index >= node.windows().size() ? null : node.windows().get(index);
    if (window == null || window.size() < room || (window.base() & PAGE - 1) != 0) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "reg-names " + names + ", reg " + node.windows() + ": expected a window " + name
          + " of 0x" + Long.toHexString(room) + " bytes or more, from the begin of a page on");
    }
    return window;
  }

  /** What a record says of a port that isn't there. */
  static DeviceState nobodys() {
    DeviceState state = new DeviceState();
    state.cell("selector", 0);
    state.cell("told", 0);
    return state;
  }

  DeviceState state() {
    return state;
  }

  @Override
  public int firstBus() {
    return firstBus;
  }

  @Override
  public int lastBus() {
    return lastBus;
  }

  /** Of the registers only the page with RTDID: the port's clock may be in another one, which the hardware domain works itself. */
  @Override
  public List<AddressWindow> configuration() {
    return List.of(new AddressWindow(registers.base(), PAGE), new AddressWindow(window.base(), window.size() + PAGE - 1 & -PAGE));
  }

  // ---- the hypervisor's cycles

  private boolean root(int rid) {
    return (rid & 0xFFFF) >>> 8 == firstBus;
  }

  private boolean reaches(int rid, int register, int size) {
    int number = (rid & 0xFFFF) >>> 8;
    return number >= firstBus && number <= lastBus && register >= 0 && register < SPACE && size <= Integer.BYTES
        && EcamBridge.aligned(register, size) && !(root(rid) && workarounds.rootAlone() && (rid & FUNCTION) != 0);
  }

  private boolean hidden(int rid, int register) {
    return root(rid) && workarounds.hideRootBars() && (register & ~3) >= BAR0 && (register & ~3) <= BAR1;
  }

  @Override
  public int read(int rid, int register, int size) {
    if (!reaches(rid, register, size)) {
      return EcamBridge.none(size);
    }
    if (hidden(rid, register)) {
      return 0;
    }
    try {
      if (!select(rid)) {
        return EcamBridge.none(size);
      }
      if (!workarounds.wordReads()) {
        return filter(rid, register & ~3, (int) bus.read(address(rid, register), size) << 8 * (register & 3)) >>> 8 * (register & 3)
            & (int) (-1L >>> 64 - 8 * size);
      }
      int word = filter(rid, register & ~3, (int) bus.read(address(rid, register & ~3), Integer.BYTES));
      return word >>> 8 * (register & 3) & (int) (-1L >>> 64 - 8 * size);
    } catch (ExternalAbort e) {
      silent();
      return EcamBridge.none(size);
    }
  }

  private int filter(int rid, int register, int word) {
    return workarounds.hideCrs() && root(rid) && register == ROOT_CONTROL && word != -1 ? word & ~CRS_VISIBLE : word;
  }

  @Override
  public void write(int rid, int register, int size, int value) {
    if (!reaches(rid, register, size) || hidden(rid, register)) {
      return;
    }
    boolean crs = workarounds.hideCrs() && root(rid) && register == ROOT_CONTROL;
    try {
      if (select(rid)) {
        bus.write(address(rid, register), size, (crs ? value & ~CRS_ENABLE : value) & 0xFFFF_FFFFL);
      }
    } catch (ExternalAbort e) {
      silent();
    }
  }

  private long address(int rid, int register) {
    return window.base() + (root(rid) ? 0 : TYPE_1) + register;
  }

  /** Sets RTDID. @return false if the port doesn't take it: it has no clock */
  private boolean select(int rid) {
    int target = root(rid) ? 0 : rid & 0xFFFF;
    bus.write(registers.base() + RTDID, Integer.BYTES, target);
    if (workarounds.flushSelector() && (bus.read(registers.base() + RTDID, Integer.BYTES) & 0xFFFF) != target) {
      silent();
      return false;
    }
    if (reported.value != 0 && target != 0) {
      reported.value = 0;
    }
    return true;
  }

  private void silent() {
    if (reported.value == 0) {
      reported.value = 1;
      event.accept("the port doesn't answer: configuration reads are all-ones until its clock is on");
    }
  }

  // ---- the hardware domain's

  @Override
  public long trappedRead(PciConfiguration seen, long address, int size) {
    if (!EcamBridge.aligned(address, size)) {
      return -1;
    }
    long offset = address - window.base();
    if (offset < 0 || offset >= window.size()) {
      return registerRead(address, size);
    }
    int rid = aimedAt(offset);
    if (rid < 0) {
      return -1;
    }
    int register = (int) offset & REGISTER;
    if (hidden(rid, register)) {
      return registerRead(window.base() + register, size);
    }
    if (size == Long.BYTES) {
      return seen.read(rid, register, Integer.BYTES) & 0xFFFF_FFFFL
          | (long) seen.read(rid, register + Integer.BYTES, Integer.BYTES) << 32;
    }
    return seen.read(rid, register, size) & -1L >>> 64 - 8 * size;
  }

  @Override
  public void trappedWrite(PciConfiguration seen, long address, int size, long value) {
    if (!EcamBridge.aligned(address, size)) {
      return;
    }
    long offset = address - window.base();
    if (offset < 0 || offset >= window.size()) {
      registerWrite(address, size, value);
      return;
    }
    int rid = aimedAt(offset);
    int register = (int) offset & REGISTER;
    if (rid >= 0 && hidden(rid, register)) {
      registerWrite(window.base() + register, size, value);
    } else if (rid >= 0 && size == Long.BYTES) {
      seen.write(rid, register, Integer.BYTES, (int) value);
      seen.write(rid, register + Integer.BYTES, Integer.BYTES, (int) (value >>> 32));
    } else if (rid >= 0) {
      seen.write(rid, register, size, (int) (value & -1L >>> 64 - 8 * size));
    }
  }

  /** What the hardware domain means by an access to the window; -1 for a type of cycles that there isn't, or a bus that isn't here. */
  private int aimedAt(long offset) {
    int type = (int) (offset >>> TYPE_SHIFT) & 3;
    if (type == 0) {
      return firstBus << 8;
    }
    int number = (int) aimed.value >>> 8;
    return type == 1 && number > firstBus && number <= lastBus ? (int) aimed.value : -1;
  }

  /** RTDID is what the hardware domain wrote to it; other registers are the port's, its inbound region in the root port's BARs too. */
  private long registerRead(long address, int size) {
    if (address == registers.base() + RTDID) {
      return aimed.value;
    }
    try {
      return bus.read(address, size);
    } catch (ExternalAbort e) {
      silent();
      return -1;
    }
  }

  /** RTDID goes to the port, too: without clock it doesn't stay. */
  private void registerWrite(long address, int size, long value) {
    try {
      bus.write(address, size, value);
      if (address == registers.base() + RTDID) {
        aimed.value = bus.read(address, Integer.BYTES) & 0xFFFF;
      }
    } catch (ExternalAbort e) {
      silent();
    }
  }
}
