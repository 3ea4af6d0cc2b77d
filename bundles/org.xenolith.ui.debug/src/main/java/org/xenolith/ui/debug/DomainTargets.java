// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.debug.core.ILaunch;
import org.xenolith.inspect.api.GuestProcessor;

/** The domains of a machine, beside it in its launch: those that there are when it stands. On the machine's debugging thread, but for {@link #over}. */
final class DomainTargets {
  private final MachineTarget machine;
  private final Map<String, DomainTarget> shown = new LinkedHashMap<>();

  DomainTargets(MachineTarget machine) {
    this.machine = machine;
  }

  /** Takes in those that there are, in a look. @param most frames at most */
  synchronized void look(int most) {
    Map<String, List<GuestProcessor>> now = machine.machine().shown().inspected().guestProcessors().stream().collect(Collectors.groupingBy(
        GuestProcessor::guest, LinkedHashMap::new, Collectors.toList()));
    ILaunch launch = machine.getLaunch();
    shown.entrySet().removeIf(each -> {
      boolean gone = !now.containsKey(each.getKey());
      if (gone) {
        each.getValue().ends();
        launch.removeDebugTarget(each.getValue());
      }
      return gone;
    });
    now.forEach((guest, all) -> {
      boolean fresh = !shown.containsKey(guest);
      DomainTarget domain = shown.computeIfAbsent(guest, name -> new DomainTarget(machine, name));
      domain.look(all, most);
      if (fresh) {
        launch.addDebugTarget(domain);
        domain.fireCreationEvent();
      }
    });
  }

  /** The machine stands. */
  synchronized void stand() {
    shown.values().forEach(DomainTarget::stands);
  }

  /** It goes on. @param detail of the platform's event */
  synchronized void go(int detail) {
    shown.values().forEach(each -> each.goes(detail));
  }

  /** It is over. */
  synchronized void over() {
    shown.values().forEach(DomainTarget::ends);
  }
}
