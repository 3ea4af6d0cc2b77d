// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/** The local APICs of all domains. */
final class AllLapics {
  private static final Pattern NAME = Pattern.compile("(\\d{1,9}) vcpus=(\\d{1,4})");

  private final LapicMachine machine;
  private final DomainsPort port;
  private final List<DomainLapics> all = new ArrayList<>();
  /** Who was asked for last, so that one virtual CPU's accesses look nothing up. */
  private DomainLapics last;

  AllLapics(DeviceState state, LapicMachine machine, DomainsPort port) {
    this.machine = machine;
    this.port = port;
    state.children("domains", this::clear, this::states, this::make);
  }

  private void clear() {
    all.clear();
    last = null;
  }

  private Map<String, DeviceState> states() {
    Map<String, DeviceState> states = new LinkedHashMap<>();
    all.forEach(each -> states.put(each.serial + " vcpus=" + each.vcpus, each.state));
    return states;
  }

  private DeviceState make(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new StateMismatch("domains: a domain is named \"" + name + "\"");
    }
    DomainLapics lapics = new DomainLapics(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), machine);
    all.add(lapics);
    return lapics.state;
  }

  /** All, each with its domain if that is known. Not to be changed. */
  List<DomainLapics> all() {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).domain == null && port.domains() != null) {
        // Came from a record before the core did.
        port.domains().all().forEach(this::of);
        break;
      }
    }
    return all;
  }

  /** Those of a domain, or null if it has none. */
  DomainLapics of(Domain domain) {
    DomainLapics lapics = last;
    if (lapics != null && lapics.domain == domain) {
      return lapics;
    }
    for (int i = 0; i < all.size(); i++) {
      lapics = all.get(i);
      if (lapics.serial == domain.serial()) {
        lapics.domain = domain;
        last = lapics;
        return lapics;
      }
    }
    return null;
  }

  /** That of a virtual CPU, or null if it has none. */
  VcpuLapic of(Vcpu vcpu) {
    DomainLapics lapics = of(vcpu.domain());
    return lapics == null ? null : lapics.of(vcpu);
  }

  void add(Domain domain) {
    all.add(new DomainLapics(domain, machine));
  }

  void remove(DomainLapics lapics) {
    all.remove(lapics);
    last = null;
  }

  /** Lets the timers ring that are due, and has the alarm ring for the next one. */
  void ring() {
    long now = machine.now();
    List<DomainLapics> each = all();
    for (int i = 0; i < each.size(); i++) {
      each.get(i).ring(now);
    }
    standForNext();
  }

  /** Has the alarm ring for the next timer. */
  void standForNext() {
    long next = Long.MAX_VALUE;
    for (int i = 0; i < all.size(); i++) {
      next = Math.min(next, all.get(i).next());
    }
    machine.next(next);
  }
}
