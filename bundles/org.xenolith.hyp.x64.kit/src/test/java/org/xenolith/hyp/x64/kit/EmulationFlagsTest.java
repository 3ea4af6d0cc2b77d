// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.x64.kit.EmulationFlags.Guest;
import org.xenolith.xen.abi.XenErrno;

/** All sets of emulated devices for all kinds of domains, beside what was written down by itself. */
class EmulationFlagsTest {
  /** What Xen's rules leave of 2,048 sets, by hand: HVM guests have bits 0 to 8, with or without 9. */
  private static Set<Integer> allowed(Guest guest) {
    return switch (guest) {
      case PV -> Set.of(0, 0x100);
      case HVM -> Set.of(0x1FF, 0x3FF);
      case PVH -> Set.of(1);
      case PVH_HARDWARE -> Set.of(0x411);
    };
  }

  private static Set<Integer> found(Guest guest) {
    Set<Integer> found = new TreeSet<>();
    for (int flags = 0; flags < 1 << 11; flags++) {
      int answer = EmulationFlags.answer(guest, flags);
      if (answer == 0) {
        found.add(flags);
      } else {
        assertEquals(-95, answer, guest + " 0x" + Integer.toHexString(flags));
      }
    }
    return found;
  }

  @Test
  void ofAllSetsThoseOfXenAreTaken() {
    for (Guest guest : Guest.values()) {
      assertEquals(new TreeSet<>(allowed(guest)), found(guest), guest.name());
    }
  }

  /** Asked by XEN_DOMCTL_createdomain with XEN_DOMCTL_CDF_hvm for each set: Debian's Xen 4.17.7 made domains with 0x1 and 0x3ff. That HVM guests may be without 0x200 is later. */
  @Test
  void thoseOfTheReleaseThatWasAskedAreAmongThem() {
    Set<Integer> found = found(Guest.HVM);
    found.addAll(found(Guest.PVH));
    found.remove(0x1FF);
    assertEquals(Set.of(1, 0x3FF), found);
  }

  @Test
  void bitsThatThereArentAreAnotherError() {
    for (int bit = 11; bit < 32; bit++) {
      for (Guest guest : Guest.values()) {
        assertEquals(-XenErrno.XEN_EINVAL, EmulationFlags.answer(guest, 1 | 1 << bit));
      }
    }
  }
}
