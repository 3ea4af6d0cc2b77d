// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.util.List;
import org.xenolith.fdt.FdtWindow;

/**
 * What the {@code /hypervisor} node tells a domain (Linux binding {@code arm/xen}).
 *
 * @param version         version of the Xen ABI, such as {@code 4.17}
 * @param grantWindow     guest-physical room for grant frames
 * @param extendedRegions guest-physical room without RAM, for mappings of other domains' pages
 * @param upcallIntid     private interrupt, 16 to 31, that tells of event channels
 */
public record HypervisorFacts(String version, FdtWindow grantWindow, List<FdtWindow> extendedRegions, int upcallIntid) {
  public HypervisorFacts {
    extendedRegions = List.copyOf(extendedRegions);
    if (upcallIntid < 16 || upcallIntid > 31) {
      throw new IllegalArgumentException("the event-channel interrupt: expected a PPI from 16 to 31, got " + upcallIntid);
    }
  }
}
