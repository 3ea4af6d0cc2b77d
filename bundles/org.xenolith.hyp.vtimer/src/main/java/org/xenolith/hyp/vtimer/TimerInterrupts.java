// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vtimer;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;

/**
 * INTIDs of timers. The board says its own (binding {@code arm,arch_timer}: secure, physical, virtual), and the hardware domain's
 * tree repeats them; guests have those of the public header {@code arch-arm.h}.
 *
 * @param virtual  of the board's virtual timer
 * @param physical of the board's physical timer
 */
record TimerInterrupts(int virtual, int physical) {
  /** GUEST_TIMER_VIRT_PPI. */
  private static final int GUEST_VIRTUAL = 27;
  /** GUEST_TIMER_PHYS_NS_PPI. */
  private static final int GUEST_PHYSICAL = 30;
  private static final int PHYSICAL_PLACE = 1;
  private static final int VIRTUAL_PLACE = 2;
  private static final int PRIVATE = 1;
  private static final int FIRST_PPI = 16;

  static TimerInterrupts of(Platform platform) {
    return platform.nodes().stream().filter(node -> node.isCompatible("arm,armv8-timer") || node.isCompatible("arm,armv7-timer"))
        .findFirst()
        .map(node -> new TimerInterrupts(at(node.interrupts(), VIRTUAL_PLACE, GUEST_VIRTUAL),
            at(node.interrupts(), PHYSICAL_PLACE, GUEST_PHYSICAL))).orElse(new TimerInterrupts(GUEST_VIRTUAL, GUEST_PHYSICAL));
  }

  private static int at(List<InterruptSpecifier> interrupts, int place, int otherwise) {
    int[] cells = place < interrupts.size() ? interrupts.get(place).cells() : new int[0];
    return cells.length >= 2 && cells[0] == PRIVATE && cells[1] >= 0 && cells[1] < FIRST_PPI ? cells[1] + FIRST_PPI : otherwise;
  }

  /** The virtual timer's as a domain knows it. */
  int virtual(Domain domain) {
    return domain.directMapped() ? virtual : GUEST_VIRTUAL;
  }

  /** The physical timer's as a domain knows it. */
  int physical(Domain domain) {
    return domain.directMapped() ? physical : GUEST_PHYSICAL;
  }
}
