// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vtimer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/** The timers of all domains. */
final class AllTimers {
  private static final Pattern NAME = Pattern.compile("(\\d{1,9}) vcpus=(\\d{1,4})");

  private final DomainsPort port;
  private final List<DomainTimers> all = new ArrayList<>();
  private DomainTimers last;

  AllTimers(DeviceState state, DomainsPort port) {
    this.port = port;
    state.children("domains", this::clear, this::states, this::make);
  }

  private void clear() {
    all.clear();
    last = null;
  }

  private Map<String, DeviceState> states() {
    Map<String, DeviceState> states = new LinkedHashMap<>();
    all.forEach(t -> states.put(t.serial + " vcpus=" + t.vcpus, t.state));
    return states;
  }

  private DeviceState make(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new StateMismatch("domains: a domain is named \"" + name + "\"");
    }
    DomainTimers timers = new DomainTimers(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    all.add(timers);
    return timers.state;
  }

  /** All, each with its domain if that is known. Not to be changed. */
  List<DomainTimers> all() {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).domain == null && port.domains() != null) {
        // Came from a record before the core did.
        port.domains().all().forEach(this::of);
        break;
      }
    }
    return all;
  }

  /** The timers of a domain, or null if it has none. */
  DomainTimers of(Domain domain) {
    DomainTimers timers = last;
    if (timers != null && timers.domain == domain) {
      return timers;
    }
    for (int i = 0; i < all.size(); i++) {
      timers = all.get(i);
      if (timers.serial == domain.serial()) {
        timers.domain = domain;
        last = timers;
        return timers;
      }
    }
    return null;
  }

  DomainTimers add(Domain domain) {
    DomainTimers timers = new DomainTimers(domain.serial(), domain.vcpus().size());
    timers.domain = domain;
    all.add(timers);
    return timers;
  }

  void remove(DomainTimers timers) {
    all.remove(timers);
    last = null;
  }
}
