// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sched;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.SchedOp;

/** Watchdogs of domains and how they end; who waits is the core's. */
final class SchedulingSubsystem implements DeviceModel, DomainListener {
  private static final long SECOND = 1_000_000_000L;

  private final DeviceState state = new DeviceState();
  private final TreeMap<Integer, DomainTimers> bySerial = new TreeMap<>();
  private final DomainsPort domains;
  private final HypercallsPort hypercalls;
  private final Clock clock;
  private final Alarm alarm;
  private final SubOperations calls;

  SchedulingSubsystem(DeviceContext context) {
    state.children("domains", bySerial::clear, this::states, this::make);
    domains = context.port(DomainsPort.class);
    hypercalls = context.port(HypercallsPort.class);
    clock = context.time().clock();
    alarm = context.time().alarm("watchdog", this::expire);
    calls = SchedulingCalls.of(this, context);
    domains.listen(this, context);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_sched_op, calls, context);
  }

  // ---- life

  private Map<String, DeviceState> states() {
    Map<String, DeviceState> states = new LinkedHashMap<>();
    bySerial.forEach((serial, timers) -> states.put(Integer.toString(serial), timers.state()));
    return states;
  }

  private DeviceState make(String serial) {
    try {
      return bySerial.computeIfAbsent(Integer.parseInt(serial), s -> new DomainTimers()).state();
    } catch (NumberFormatException e) {
      throw new StateMismatch("domains: " + serial + " is no serial number of a domain");
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    alarm.cancel();
  }

  @Override
  public void restored() {
    Domains core = domains.domains();
    if (core != null) {
      bySerial.keySet().removeIf(serial -> core.all().stream().noneMatch(domain -> domain.serial() == serial));
    }
    // while it was away a watchdog may have been due: then it is now
    arm();
  }

  @Override
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_sched_op, calls);
    domains.forget(this);
  }

  @Override
  public void destroyed(Domain domain) {
    if (bySerial.remove(domain.serial()) != null) {
      arm();
    }
  }

  // ---- for the calls

  private DomainTimers timers(Domain domain) {
    return bySerial.computeIfAbsent(domain.serial(), serial -> new DomainTimers());
  }

  void shutdown(Domain domain, int reason) {
    DomainTimers timers = bySerial.get(domain.serial());
    domain.shutdown(timers == null ? reason : timers.reason(reason));
  }

  void announce(Domain domain, int reason) {
    timers(domain).announce(reason);
  }

  int watchdog(Domain domain, int id, int timeoutSeconds) {
    long deadline = timeoutSeconds == 0 ? DomainTimers.UNUSED : clock.now() + Integer.toUnsignedLong(timeoutSeconds) * SECOND;
    int result = timers(domain).watchdog(id, deadline);
    arm();
    return result;
  }

  // ---- watchdogs

  private void arm() {
    long next = bySerial.values().stream().mapToLong(DomainTimers::next).min().orElse(DomainTimers.OVER);
    if (next == DomainTimers.OVER) {
      alarm.cancel();
    } else if (alarm.deadline() != next) {
      alarm.at(next);
    }
  }

  private void expire() {
    long now = clock.now();
    Domains core = domains.domains();
    if (core == null) {
      return;
    }
    for (Domain domain : List.copyOf(core.all())) {
      DomainTimers timers = bySerial.get(domain.serial());
      if (timers != null && timers.expire(now)) {
        shutdown(domain, SchedOp.SHUTDOWN_watchdog);
      }
    }
    arm();
  }
}
