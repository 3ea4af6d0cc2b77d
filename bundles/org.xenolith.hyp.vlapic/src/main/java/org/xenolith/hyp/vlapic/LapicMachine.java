// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.GuestEventsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.GuestInterruptsPort;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.EventLog;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.x64.api.Cpu;

/** What local APICs of all domains have of the machine: time, where they report, and one alarm that stands for all their timers. */
final class LapicMachine {
  final RegisterFaults faults;
  private final DomainsPort domains;
  private final GuestInterruptsPort port;
  private final Clock clock;
  private final Cpu counter;
  private final Alarm alarm;
  private final EventLog events;
  private final EventChannelsPort channels;
  private final GuestEventsPort upcalls;
  private final String instance;

  /** @param due runs at a time that {@link #atLatest} or {@link #next} named, and perhaps before */
  LapicMachine(DeviceContext context, DomainsPort domains, Runnable due) {
    this.domains = domains;
    port = context.port(GuestInterruptsPort.class);
    faults = context.faults();
    clock = context.time().clock();
    // The time-stamp counters of all CPUs are one, and guests have it without an offset.
    counter = Cpu.of(context.processors()).getFirst();
    alarm = context.time().alarm("timers", due);
    events = context.events();
    channels = context.port(EventChannelsPort.class);
    upcalls = context.port(GuestEventsPort.class);
    instance = context.instance();
  }

  /** Whether there is somebody who has virtual CPUs. */
  boolean hasCore() {
    return domains.present();
  }

  long now() {
    return clock.now();
  }

  /** When the time-stamp counter has reached a value, {@link Long#MAX_VALUE} for never. */
  long timeOf(long timeStamp) {
    return counter.timeOf(timeStamp);
  }

  /** The alarm rings at that time or before. */
  void atLatest(long nanoseconds) {
    if (nanoseconds < alarm.deadline()) {
      alarm.at(nanoseconds);
    }
  }

  /** The alarm rings at that time, {@link Long#MAX_VALUE} for not at all. */
  void next(long nanoseconds) {
    if (nanoseconds == Long.MAX_VALUE) {
      alarm.cancel();
    } else if (nanoseconds != alarm.deadline()) {
      alarm.at(nanoseconds);
    }
  }

  /** A level-triggered interrupt of that vector has been handled. */
  void ended(Domain domain, int vector) {
    port.ended(domain, vector);
  }

  /** Tells a virtual CPU of its events, if some wait for it. */
  void tellOfEvents(Vcpu vcpu) {
    if (channels.pending(vcpu)) {
      upcalls.raise(vcpu);
    }
  }

  /** Something that a guest does isn't modelled. */
  void report(String kind, String what) {
    events.report(kind, instance, what);
  }
}
