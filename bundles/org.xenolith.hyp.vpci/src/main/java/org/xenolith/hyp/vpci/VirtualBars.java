// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import java.util.Arrays;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.xen.abi.XenErrno;

/**
 * The six BARs of a guest's function. What the guest writes moves what it sees; the hardware's stay where the host put them.
 * With the memory decoder on they are in the guest's stage 2, but for the pages of the MSI-X table.
 */
final class VirtualBars {
  private static final int COUNT = Header.BAR_COUNT;
  static final int PAGE_BITS = 12;
  private static final long PAGE = 1L << PAGE_BITS;
  private static final long LOW = 0xFFFF_FFFFL;
  private static final long UPPER = 0x100;

  private final GuestFunction function;
  /** Low four bits as the hardware has them, or {@link #UPPER}. */
  private final long[] flags;
  /** Bytes; 0 if there is none. */
  private final long[] size;
  /** Addresses on the host's bus. */
  private final long[] bus;
  /** Where CPUs see them; -1 if they don't. */
  private final long[] host;
  /** What the guest wrote. */
  private final long[] guest;
  private final long[] mapped;

  VirtualBars(GuestFunction function) {
    this.function = function;
    flags = function.state.longs("bar-flags", COUNT);
    size = function.state.longs("bar-size", COUNT);
    bus = function.state.longs("bar-bus", COUNT);
    host = function.state.longs("bar-host", COUNT);
    guest = function.state.longs("bar-guest", COUNT);
    mapped = function.state.longs("bar-mapped", COUNT);
  }

  void begin(HostBar[] found) {
    for (int i = 0; i < COUNT; i++) {
      flags[i] = found[i].upper() ? UPPER : found[i].flags();
      size[i] = found[i].size();
      bus[i] = found[i].bus();
      host[i] = -1;
      if (found[i].memory()) {
        host[i] = function.host().cpu(bus[i], size[i]);
        if (host[i] < 0) {
          function.refuse(register(i), "BAR %d at bus address 0x%x of 0x%x bytes isn't in the host bridge's ranges: it is never mapped"
              .formatted(i, bus[i], size[i]));
        }
      }
    }
  }

  private static int register(int i) {
    return Header.BARS + 4 * i;
  }

  private boolean memory(int i) {
    return i >= 0 && i < COUNT && size[i] > 0 && (flags[i] & Header.BAR_IO) == 0;
  }

  private boolean wide(int i) {
    return (flags[i] & (Header.BAR_IO | Header.BAR_TYPE)) == Header.BAR_64;
  }

  boolean mapped(int i) {
    return i >= 0 && i < COUNT && mapped[i] != 0;
  }

  /** Bytes of a memory BAR; 0 if there is none. */
  long size(int i) {
    return memory(i) ? size[i] : 0;
  }

  /** Where CPUs see a BAR; -1 if they don't. */
  long host(int i) {
    return memory(i) ? host[i] : -1;
  }

  /** Where the guest has a BAR. */
  long guest(int i) {
    return guest[i];
  }

  // ---- registers

  int read(int i) {
    if (flags[i] == UPPER) {
      return (int) (guest[i - 1] >>> 32);
    }
    return memory(i) ? (int) guest[i] | (int) flags[i] : 0;
  }

  void write(int i, int value, int lanes) {
    boolean upper = flags[i] == UPPER;
    int at = upper ? i - 1 : i;
    if (!memory(at)) {
      return;
    }
    int shift = upper ? 32 : 0;
    long mask = (lanes & LOW) << shift;
    long next = (guest[at] & ~mask | (value & LOW) << shift & mask) & -size[at] & (wide(at) ? -1L : LOW);
    if (next != guest[at]) {
      if (function.decoding()) {
        function.refuse(register(i), "BAR %d can't be moved while the memory decoder is on".formatted(at));
      } else {
        guest[at] = next;
      }
    }
  }

  /** The guest's addresses are as after power-on. */
  void clear() {
    Arrays.fill(guest, 0);
  }

  /** Writes the hardware's BARs as the host had them, where they aren't so any more: a reset clears them. */
  void restoreHost() {
    for (int i = 0; i < COUNT; i++) {
      if (size[i] > 0) {
        int known = (flags[i] & Header.BAR_IO) != 0 ? 3 : Header.BAR_FLAGS;
        if ((function.hardware(register(i), 4) & ~known) != (int) bus[i]) {
          function.hardware(register(i), 4, (int) bus[i]);
        }
        if (wide(i) && function.hardware(register(i + 1), 4) != (int) (bus[i] >>> 32)) {
          function.hardware(register(i + 1), 4, (int) (bus[i] >>> 32));
        }
      }
    }
  }

  // ---- permissions

  private Frames frames(int i) {
    return new Frames(first(host[i]), end(host[i] + size[i]) - 1);
  }

  /** Its domain may have what is behind the BARs, as who assigns a function sees to in Xen. */
  void permit() {
    for (int i = 0; i < COUNT; i++) {
      if (memory(i) && host[i] >= 0 && !function.guest.domain.permissions().permit(frames(i))) {
        function.refuse(register(i), "the domain has too many ranges of frames to be permitted " + frames(i));
      }
    }
  }

  /** The domain may have it no longer. */
  void forbid() {
    for (int i = 0; i < COUNT; i++) {
      if (memory(i) && host[i] >= 0) {
        function.guest.domain.permissions().forbid(frames(i));
      }
    }
  }

  // ---- stage 2

  /** The memory decoder turned on. */
  void map() {
    for (int i = 0; i < COUNT; i++) {
      if (memory(i) && host[i] >= 0 && mapped[i] == 0) {
        String why = refusal(i);
        if (why == null) {
          int error = map(i);
          why = error == 0 ? null : "the domain's memory map doesn't take it (%d)".formatted(error);
        }
        if (why != null) {
          function.refuse(register(i), "BAR %d at 0x%x isn't mapped: %s".formatted(i, guest[i], why));
        }
      }
    }
    function.msix.moved();
  }

  private String refusal(int i) {
    if (!function.guest.window(guest[i], size[i])) {
      return "it isn't in a window of the virtual bridge";
    }
    if (!function.guest.domain.permissions().mayMap(frames(i))) {
      return "the domain isn't permitted frames %s (%d)".formatted(frames(i), -XenErrno.XEN_EPERM);
    }
    if (((guest[i] ^ host[i]) & PAGE - 1) != 0) {
      return "its offset in a page is 0x%x, the host's 0x%x (%d)".formatted(guest[i] & PAGE - 1, host[i] & PAGE - 1,
          -XenErrno.XEN_EINVAL);
    }
    for (GuestFunction other : function.guest.functions()) {
      int blocked = other.bars.blocks(first(guest[i]), end(guest[i] + size[i]), host[i] - guest[i], other == function);
      if (blocked >= 0) {
        return "BAR %d of %s is there".formatted(blocked, Sbdf.text(other.sbdf));
      }
    }
    return null;
  }

  /** @return the BAR mapped in one of these pages to another host's page, or -1; BARs of one function may share a page */
  private int blocks(long firstPage, long endPage, long offset, boolean same) {
    for (int i = 0; i < COUNT; i++) {
      if (mapped[i] != 0 && first(guest[i]) < endPage && end(guest[i] + size[i]) > firstPage
          && !(same && host[i] - guest[i] == offset)) {
        return i;
      }
    }
    return -1;
  }

  private int map(int i) {
    Domain domain = function.guest.domain;
    long end = end(guest[i] + size[i]);
    long at = first(guest[i]);
    long toHost = host[i] - guest[i] >> PAGE_BITS;
    mapped[i] = 1;
    while (at < end) {
      long hole = function.msix.hole(i, at, end);
      if (hole > at) {
        int error = function.around.p2m().map(domain, at, at + toHost, hole - at, PageType.DEVICE);
        if (error != 0) {
          unmap(i);
          return error;
        }
      }
      at = function.msix.holeEnd(i, hole, end);
    }
    return 0;
  }

  /** The memory decoder turned off, or the function goes. */
  void unmap() {
    for (int i = 0; i < COUNT; i++) {
      if (mapped[i] != 0) {
        unmap(i);
      }
    }
    function.msix.moved();
  }

  private void unmap(int i) {
    mapped[i] = 0;
    if (function.guest != null) {
      long first = first(guest[i]);
      function.around.p2m().unmap(function.guest.domain, first, end(guest[i] + size[i]) - first);
    }
  }

  /** Whether one of the host's BARs is in these pages. */
  boolean has(long firstPage, long endPage) {
    for (int i = 0; i < COUNT; i++) {
      if (memory(i) && host[i] >= 0 && first(host[i]) < endPage && end(host[i] + size[i]) > firstPage) {
        return true;
      }
    }
    return false;
  }

  static long first(long address) {
    return address >>> PAGE_BITS;
  }

  static long end(long address) {
    return address + PAGE - 1 >>> PAGE_BITS;
  }
}
