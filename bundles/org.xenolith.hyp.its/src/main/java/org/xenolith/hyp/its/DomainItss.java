// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

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

/** The virtual ITSs of all domains. */
final class DomainItss {
  /** Serial, virtual CPUs. */
  private static final Pattern NAME = Pattern.compile("(\\d{1,9}) vcpus=(\\d{1,4})");

  private final DomainsPort port;
  private final List<DomainIts> all = new ArrayList<>();

  DomainItss(DeviceState state, DomainsPort port) {
    this.port = port;
    state.children("domains", all::clear, this::states, this::make);
  }

  private Map<String, DeviceState> states() {
    Map<String, DeviceState> states = new LinkedHashMap<>();
    all.forEach(its -> states.put(its.serial + " vcpus=" + its.vcpus, its.state));
    return states;
  }

  private DeviceState make(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new StateMismatch("domains: a domain is named \"" + name + "\"");
    }
    return add(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))).state;
  }

  private DomainIts add(int serial, int vcpus) {
    DomainIts its = new DomainIts(serial, vcpus);
    all.add(its);
    return its;
  }

  /** The present ones, not to be changed. */
  List<DomainIts> all() {
    return all;
  }

  /** A domain gets one. */
  DomainIts add(Domain domain) {
    DomainIts its = add(domain.serial(), domain.vcpus().size());
    its.domain = domain;
    return its;
  }

  void remove(DomainIts its) {
    all.remove(its);
  }

  /** That of a domain; null if it has none. */
  DomainIts of(Domain domain) {
    DomainIts its = find(domain.serial());
    if (its != null) {
      its.domain = domain;
    }
    return its;
  }

  /** That of the domain of a serial; null if it has none. */
  DomainIts of(int serial) {
    DomainIts its = find(serial);
    if (its != null && its.domain == null && port.domains() != null) {
      for (Domain domain : port.domains().all()) {
        of(domain);
      }
    }
    return its;
  }

  private DomainIts find(int serial) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).serial == serial) {
        return all.get(i);
      }
    }
    return null;
  }
}
