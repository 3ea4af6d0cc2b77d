// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;
import org.xenolith.xen.abi.Virq;

/** The timers of all virtual CPUs, and the alarm that stands for the next of them. One that rings raises VIRQ_TIMER. */
final class PvTimers {
  private static final Pattern NAME = Pattern.compile("(\\d{1,9}) vcpus=(\\d{1,4})");
  /** Nanoseconds until another attempt while the core is away, or event channels, without which no guest can be told. */
  private static final long PATIENCE = 1_000_000;

  private final DeviceContext context;
  private final DomainsPort domains;
  private final EventChannelsPort events;
  private final Alarm alarm;
  private final List<DomainPvTimers> all = new ArrayList<>();

  PvTimers(DeviceState state, DeviceContext context) {
    this.context = context;
    domains = context.port(DomainsPort.class);
    events = context.port(EventChannelsPort.class);
    alarm = context.time().alarm("timers", this::ring);
    state.children("domains", all::clear, this::states, this::make);
  }

  private Map<String, DeviceState> states() {
    Map<String, DeviceState> states = new LinkedHashMap<>();
    all.forEach(timers -> states.put(timers.serial + " vcpus=" + timers.vcpus, timers.state));
    return states;
  }

  private DeviceState make(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new StateMismatch("domains: a domain is named \"" + name + "\"");
    }
    DomainPvTimers timers = new DomainPvTimers(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    all.add(timers);
    return timers.state;
  }

  long now() {
    return context.time().clock().now();
  }

  // ---- Domains

  /** The timers of a domain, or null if it has none. */
  DomainPvTimers of(Domain domain) {
    for (int i = 0; i < all.size(); i++) {
      DomainPvTimers timers = all.get(i);
      if (timers.serial == domain.serial()) {
        timers.domain = domain;
        return timers;
      }
    }
    return null;
  }

  /** A domain is there, and has no timer that is set. */
  void add(Domain domain) {
    DomainPvTimers timers = new DomainPvTimers(domain.serial(), domain.vcpus().size());
    timers.domain = domain;
    all.add(timers);
  }

  /** A domain is gone. */
  void remove(Domain domain) {
    all.removeIf(timers -> timers.serial == domain.serial());
    arm();
  }

  /** Only these domains are there; the alarm stays as it is. */
  void keep(List<? extends Domain> live) {
    all.removeIf(timers -> live.stream().noneMatch(domain -> domain.serial() == timers.serial));
  }

  // ---- Timers

  /** A virtual CPU's timer rings once, at that time or at once if it has passed. */
  void once(Vcpu vcpu, long time) {
    DomainPvTimers timers = of(vcpu.domain());
    if (timers != null) {
      timers.once[vcpu.id()] = Math.max(1, time);
      arm();
    }
  }

  /** It rings once no more. */
  void stopOnce(Vcpu vcpu) {
    DomainPvTimers timers = of(vcpu.domain());
    if (timers != null) {
      timers.once[vcpu.id()] = 0;
      arm();
    }
  }

  /** A virtual CPU's timer rings again and again; for the first time when a period has passed. @param nanoseconds 0 to stop it */
  void every(Vcpu vcpu, long nanoseconds) {
    DomainPvTimers timers = of(vcpu.domain());
    if (timers != null) {
      timers.period[vcpu.id()] = nanoseconds;
      timers.next[vcpu.id()] = nanoseconds == 0 ? 0 : now() + nanoseconds;
      arm();
    }
  }

  /** Sets the alarm for the first of all timers. */
  void arm() {
    long first = Long.MAX_VALUE;
    for (int i = 0; i < all.size(); i++) {
      first = Math.min(first, all.get(i).first());
    }
    if (first != Long.MAX_VALUE) {
      alarm.at(first);
    } else if (alarm.armed()) {
      alarm.cancel();
    }
  }

  private void ring() {
    Domains core = domains.domains();
    if (core == null || !events.present()) {
      alarm.at(now() + PATIENCE);
      return;
    }
    // timers that came from a record find their domains, of which the core may have come later
    core.all().forEach(this::of);
    all.removeIf(timers -> timers.domain == null);
    long now = now();
    for (DomainPvTimers timers : List.copyOf(all)) {
      for (int v = 0; v < timers.vcpus; v++) {
        if (timers.rings(v, now)) {
          events.raise(timers.domain.vcpu(v), Virq.VIRQ_TIMER);
        }
      }
    }
    arm();
  }
}
