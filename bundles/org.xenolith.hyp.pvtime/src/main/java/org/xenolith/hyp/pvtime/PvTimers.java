// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.DomainParts;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.Virq;

/** The timers of all virtual CPUs, and the alarm that stands for the next of them. One that rings raises VIRQ_TIMER. */
final class PvTimers {
  /** Nanoseconds until another attempt while the core is away, or event channels, without which no guest can be told. */
  private static final long PATIENCE = 1_000_000;

  private final DeviceContext context;
  private final DomainsPort domains;
  private final EventChannelsPort events;
  private final Alarm alarm;
  private final DomainParts<DomainPvTimers> all;

  PvTimers(DeviceState state, DeviceContext context) {
    this.context = context;
    domains = context.port(DomainsPort.class);
    events = context.port(EventChannelsPort.class);
    alarm = context.time().alarm("timers", this::ring);
    all = new DomainParts<>(state, domains, DomainPvTimers::new);
  }

  long now() {
    return context.time().clock().now();
  }

  // ---- Domains

  /** The timers of a domain, or null if it has none. */
  DomainPvTimers of(Domain domain) {
    return all.of(domain);
  }

  /** A domain is there, and has no timer that is set. */
  void add(Domain domain) {
    all.add(new DomainPvTimers(domain.serial(), domain.vcpus().size()), domain);
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
    List<DomainPvTimers> each = all.all();
    for (int i = 0; i < each.size(); i++) {
      first = Math.min(first, each.get(i).first());
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
    core.all().forEach(all::of);
    all.removeIf(timers -> timers.domain() == null);
    long now = now();
    for (DomainPvTimers timers : List.copyOf(all.all())) {
      for (int v = 0; v < timers.vcpus; v++) {
        if (timers.rings(v, now)) {
          events.raise(timers.domain().vcpu(v), Virq.VIRQ_TIMER);
        }
      }
    }
    arm();
  }
}
