// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.inspect.api.GuestProcessor;
import org.xenolith.inspect.api.RegisterDescription;

/** A virtual CPU of a domain as a thread: seen as the CPU is that executes it, or by the registers with which it goes on. */
final class VirtualThread extends CpuThread {
  /** Of registers of one that waits: nothing says how the architecture divides them. */
  private static final String GROUP = "waiting";
  private final DomainTarget domain;
  private final int number;

  VirtualThread(DomainTarget domain, int number) {
    super(domain.machine(), domain, NONE);
    this.domain = domain;
    this.number = number;
  }

  /** Among the domain's, from 0 on. */
  int number() {
    return number;
  }

  @Override
  public String getName() { return "vCPU " + number; }

  /** Takes in where it stands, in a look. @param virtual as it is now @param most frames at most */
  void look(GuestProcessor virtual, int most) {
    if (virtual.on().isPresent()) {
      look(most, virtual.on().getAsInt());
      return;
    }
    Map<String, Long> has = domain.machine().machine().shown().inspected().registers(virtual);
    List<RegisterDescription> registers = new ArrayList<>();
    Map<String, long[]> values = new TreeMap<>();
    has.forEach((name, value) -> {
      registers.add(new RegisterDescription(name, GROUP, Long.SIZE, "", List.of()));
      values.put(name, new long[] {value});
    });
    // The first of them is where it goes on; what is there isn't known, as no CPU has its memory.
    List<CodeFrame> frames = has.values().stream().limit(1).map(address -> new CodeFrame(this, 0, address, "0x%x".formatted(address)))
        .toList();
    waits(virtual.state() + ": no CPU executes it now", frames, registers, values);
  }
}
