// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.util.List;

/**
 * Which of the tables' variants are made, of those that were proposed for Xen on Arm; Xen 4.17 makes none of them.
 *
 * @param el2TimerMasked GTDT without the interrupt of the timer that the hypervisor uses
 * @param hypervisorId   FADT says who the hypervisor is
 * @param xenv           a table XENV says where grant frames are and what the event interrupt is
 * @param hidden         paths of devices that STAO names
 * @param statusZero     whether {@code _STA} of those devices says that they aren't there, for systems that don't read the names
 */
record TableVariants(boolean el2TimerMasked, boolean hypervisorId, boolean xenv, List<String> hidden, boolean statusZero) {
  /** As Xen 4.17. */
  static final TableVariants UPSTREAM = new TableVariants(false, false, false, List.of(), false);

  TableVariants {
    hidden = List.copyOf(hidden);
  }
}
