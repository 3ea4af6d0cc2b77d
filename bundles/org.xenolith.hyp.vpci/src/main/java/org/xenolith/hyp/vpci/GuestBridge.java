// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import java.util.Arrays;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.GuestMap;

/**
 * The virtual host bridge of a guest, an ECAM one; bus 0 only. It is at the addresses of Xen's public header {@code arch-arm.h}, or, where CPUs take
 * messages themselves and a guest's RAM begins at 0, in the hole below 4 GiB.
 */
final class GuestBridge {
  static final VirtualPci.Bridge PLACES = new VirtualPci.Bridge(
      new AddressWindow(GuestMap.GUEST_VPCI_ECAM_BASE, GuestMap.GUEST_VPCI_ECAM_SIZE),
      new AddressWindow(GuestMap.GUEST_VPCI_MEM_ADDR, GuestMap.GUEST_VPCI_MEM_SIZE),
      new AddressWindow(GuestMap.GUEST_VPCI_PREFETCH_MEM_ADDR, GuestMap.GUEST_VPCI_PREFETCH_MEM_SIZE));
  /** Behind 3 GiB of RAM, and the window for large BARs far above all of it. */
  static final VirtualPci.Bridge PLACES_IN_HOLE = new VirtualPci.Bridge(new AddressWindow(0xE000_0000L, 0x10_0000),
      new AddressWindow(0xC000_0000L, 0x2000_0000), new AddressWindow(0x80_0000_0000L, 0x10_0000_0000L));
  private static final int DEVFNS = 256;
  private static final int DEVFN_SHIFT = 12;

  final int serial;
  /** There is nothing to keep but that it is there. */
  final DeviceState state = new DeviceState();
  /** Null only between a restored record and its end, if its guest is gone. */
  Domain domain;
  private final GuestFunction[] byDevfn = new GuestFunction[DEVFNS];
  private GuestFunction[] functions = {};

  private final VirtualPci.Bridge places;

  GuestBridge(int serial, VirtualPci.Bridge places) {
    this.serial = serial;
    this.places = places;
  }

  /** The guest's functions. */
  GuestFunction[] functions() {
    return functions;
  }

  GuestFunction at(int devfn) {
    return byDevfn[devfn];
  }

  void add(GuestFunction function) {
    function.guest = this;
    byDevfn[(int) function.devfn.value] = function;
    functions = Arrays.copyOf(functions, functions.length + 1);
    functions[functions.length - 1] = function;
  }

  void remove(GuestFunction function) {
    byDevfn[(int) function.devfn.value] = null;
    functions = Arrays.stream(functions).filter(f -> f != function).toArray(GuestFunction[]::new);
  }

  /** Whether there are others in its slot. */
  boolean multifunction(GuestFunction function) {
    int slot = (int) function.devfn.value & ~7;
    int found = 0;
    for (int i = slot; i < slot + 8; i++) {
      found += byDevfn[i] != null ? 1 : 0;
    }
    return found > 1;
  }

  /** Whether a BAR there is in one of the windows. */
  boolean window(long address, long size) {
    return within(places.memory(), address, size) || within(places.prefetchable(), address, size);
  }

  private static boolean within(AddressWindow window, long address, long size) {
    long offset = address - window.base();
    return offset >= 0 && size <= window.size() && offset <= window.size() - size;
  }

  // ---- the guest's accesses

  boolean covers(long ipa) {
    return configures(ipa) || table(ipa) != null;
  }

  /** Whether an address is in the configuration window. */
  boolean configures(long ipa) {
    return Long.compareUnsigned(ipa - places.ecam().base(), places.ecam().size()) < 0;
  }

  private MsixTable table(long ipa) {
    GuestFunction[] all = functions;
    for (int i = 0; i < all.length; i++) {
      if (all[i].msix.covers(ipa)) {
        return all[i].msix;
      }
    }
    return null;
  }

  /** The function that an address of the configuration window means; null if there is none. */
  private GuestFunction function(long ipa) {
    long devfn = ipa - places.ecam().base() >>> DEVFN_SHIFT;
    return devfn < DEVFNS ? byDevfn[(int) devfn] : null;
  }

  /** Bus, device and function that an address of the configuration window means. */
  int routingId(long ipa) {
    return (int) (ipa - places.ecam().base() >>> DEVFN_SHIFT) & 0xFFFF;
  }

  long read(long ipa, int size) {
    if ((ipa & size - 1) != 0) {
      return Header.none(size);
    }
    if (!configures(ipa)) {
      MsixTable table = table(ipa);
      return table == null ? Header.none(size) : table.read(ipa, size);
    }
    GuestFunction function = function(ipa);
    if (function == null) {
      return Header.none(size);
    }
    int register = (int) ipa & Header.SIZE - 1;
    if (size == 8) {
      long low = function.read(register, 4) & 0xFFFF_FFFFL;
      return (long) function.read(register + 4, 4) << 32 | low;
    }
    return function.read(register, size) & Header.none(size);
  }

  void write(long ipa, int size, long value) {
    if ((ipa & size - 1) != 0) {
      return;
    }
    if (!configures(ipa)) {
      MsixTable table = table(ipa);
      if (table != null) {
        table.write(ipa, size, value);
      }
      return;
    }
    GuestFunction function = function(ipa);
    if (function != null) {
      int register = (int) ipa & Header.SIZE - 1;
      function.write(register, Math.min(size, 4), (int) value);
      if (size == 8) {
        function.write(register + 4, 4, (int) (value >>> 32));
      }
    }
  }
}
