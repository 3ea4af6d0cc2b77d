// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.List;
import org.xenolith.fdt.FdtWindow;

/**
 * What became of one node of the host's tree.
 *
 * @param path     full path in the host's tree
 * @param handling what was done with it
 * @param own      the node's registers and interrupts
 * @param bus      for a PCI host bridge what its {@code ranges} and {@code interrupt-map} give to functions below it
 */
record HandledNode(String path, Handling handling, DeviceResources own, DeviceResources bus) {
  /** What can happen to a node of the host. */
  enum Handling {
    /** Its properties go to the domain, its windows are mapped, its interrupts routed. */
    PASSED,
    /** Its properties go to the domain, marked as disabled; nothing is mapped: it is kept for another domain. */
    WITHHELD,
    /** A device that the hypervisor itself uses; the domain doesn't hear of it. */
    USED_BY_HYPERVISOR,
    /** Left out with all below it: the domain gets one of its own, or none. */
    LEFT_OUT,
    /** Written anew in its place: the interrupt controller. */
    GIC,
    /** Written anew in its place: the generic timer. */
    TIMER
  }

  /**
   * Windows and interrupts of a device.
   *
   * @param windows    physical windows, in the tree's order
   * @param interrupts shared interrupts at the GIC, in the tree's order
   */
  record DeviceResources(List<FdtWindow> windows, List<RoutedInterrupt> interrupts) {
    static final DeviceResources NONE = new DeviceResources(List.of(), List.of());

    DeviceResources {
      windows = List.copyOf(windows);
      interrupts = List.copyOf(interrupts);
    }
  }
}
