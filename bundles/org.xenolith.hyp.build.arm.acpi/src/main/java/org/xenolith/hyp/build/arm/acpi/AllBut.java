// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.build.kit.DeviceWindows;
import org.xenolith.hyp.build.kit.NewDomain;

/**
 * Permission to have all of the machine but some windows. RAM is no device: that it is permitted opens none of it.
 *
 * @param denied the windows; whole pages of each are denied
 */
record AllBut(List<FdtWindow> denied) {
  /** 52 bits of address (Arm ARM D8.1). */
  private static final long LAST_FRAME = (1L << 40) - 1;

  void permit(NewDomain made) {
    Domain domain = made.domain();
    domain.permissions().permit(new Frames(0, LAST_FRAME));
    for (FdtWindow window : DeviceWindows.pages(denied, List.of())) {
      if (!domain.permissions().forbid(frames(window))) {
        // Rather nothing than what the hypervisor drives.
        domain.permissions().forbid(new Frames(0, LAST_FRAME));
        made.missing("nothing of the machine is permitted: there are too many windows to be denied");
        return;
      }
    }
  }

  private static Frames frames(FdtWindow window) {
    long first = window.base() >>> NewDomain.PAGE_SHIFT;
    return new Frames(first, first + (window.size() >>> NewDomain.PAGE_SHIFT) - 1);
  }

  /** The parts of a window of whole pages that a domain is permitted. */
  static Stream<FdtWindow> permitted(Domain domain, FdtWindow window) {
    List<FdtWindow> parts = new ArrayList<>();
    Frames wanted = frames(window);
    for (Frames range : domain.permissions().frames()) {
      long first = Math.max(range.first(), wanted.first());
      long last = Math.min(range.last(), wanted.last());
      if (first <= last) {
        parts.add(new FdtWindow(first << NewDomain.PAGE_SHIFT, last - first + 1 << NewDomain.PAGE_SHIFT));
      }
    }
    return parts.stream();
  }
}
