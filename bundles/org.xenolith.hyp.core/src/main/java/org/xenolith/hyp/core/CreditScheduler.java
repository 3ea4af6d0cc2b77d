// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;

/**
 * Shares the physical CPUs among virtual ones, by weight, after the manner of Xen's credit2: who runs loses credit in inverse
 * proportion to its domain's weight, the one with most credit runs next, and when that has none left all begin anew. A domain
 * with a cap stands still when it has used its part of a period. Each virtual CPU stays on one physical CPU. All of it depends
 * on virtual time only.
 */
final class CreditScheduler {
  /** Longest turn while another one waits, ns. */
  private static final long SLICE = 5_000_000;
  /** Credit to begin with, ns at the usual weight. */
  private static final long CREDIT = 10_000_000;
  private static final int USUAL_WEIGHT = 256;
  /** What a cap is measured in, ns. */
  private static final long PERIOD = 100_000_000;

  private final HypervisorCore core;
  private final List<List<GuestVcpu>> queues = new ArrayList<>();
  private final Alarm[] slices;
  private final Alarm deadlines;
  private final Alarm periods;

  CreditScheduler(HypervisorCore core, DeviceContext context) {
    this.core = core;
    slices = new Alarm[context.processors().cpus().size()];
    for (int i = 0; i < slices.length; i++) {
      int processor = i;
      queues.add(new ArrayList<>());
      slices[i] = context.time().alarm("slice-" + i, () -> core.processor(processor).reschedule());
    }
    deadlines = context.time().alarm("deadlines", this::expire);
    periods = context.time().alarm("periods", this::period);
  }

  /** Gives a virtual CPU its place; one that had one keeps it. */
  void add(GuestVcpu vcpu) {
    if (vcpu.domain().kind() == DomainSpec.Kind.SERVICE) {
      return;
    }
    if (vcpu.processor.value < 0 || vcpu.processor.value >= queues.size()) {
      int best = 0;
      for (int i = 1; i < queues.size(); i++) {
        if (queues.get(i).size() < queues.get(best).size()) {
          best = i;
        }
      }
      vcpu.processor.value = best;
      vcpu.credit.value = CREDIT;
    }
    List<GuestVcpu> queue = queues.get(vcpu.processor());
    if (!queue.contains(vcpu)) {
      queue.add(vcpu);
      queue.sort((a, b) -> a.domain().serial() != b.domain().serial() ? Integer.compare(a.domain().serial(), b.domain().serial())
          : Integer.compare(a.id(), b.id()));
    }
  }

  /** All virtual CPUs are gone. */
  void clear() {
    queues.forEach(List::clear);
  }

  /** A virtual CPU is gone. */
  void forget(GuestVcpu vcpu) {
    queues.forEach(queue -> queue.remove(vcpu));
  }

  /** Whether a virtual CPU may run or not may have changed. */
  void changed(GuestVcpu vcpu) {
    if (vcpu.domain().kind() == DomainSpec.Kind.SERVICE || vcpu.processor.value < 0) {
      return;
    }
    if (vcpu.deadline.value < deadlines.deadline()) {
      deadlines.at(vcpu.deadline.value);
    }
    PhysicalCpu processor = core.processor(vcpu.processor());
    boolean runs = processor.executes(vcpu);
    if (!runs && vcpu.runstateKind() != vcpu.waitingKind()) {
      vcpu.enter(vcpu.waitingKind());
    }
    if (runs != vcpu.runnable()) {
      processor.reschedule();
    }
  }

  /** A domain's weight or cap is another now: turns that end by it, or by none, begin anew. */
  void weighed(GuestDomain domain) {
    for (GuestVcpu vcpu : domain.vcpus()) {
      if (vcpu.processor.value >= 0) {
        core.processor(vcpu.processor()).reschedule();
      }
    }
  }

  /** Gives up its turn: whoever else may run comes first. */
  void yield(GuestVcpu vcpu) {
    vcpu.credit.value = Math.min(vcpu.credit.value, 0) - 1;
    core.processor(vcpu.processor()).reschedule();
  }

  /** The virtual CPU that is to run on a physical one now; null for none. */
  GuestVcpu pick(PhysicalCpu processor) {
    List<GuestVcpu> queue = queues.get(processor.port.index());
    GuestVcpu best = best(queue);
    if (best != null && best.credit.value <= 0) {
      for (GuestVcpu vcpu : queue) {
        vcpu.credit.value = Math.min(vcpu.credit.value + CREDIT, CREDIT);
      }
    }
    return best;
  }

  private GuestVcpu best(List<GuestVcpu> queue) {
    GuestVcpu best = null;
    for (int i = 0; i < queue.size(); i++) {
      GuestVcpu vcpu = queue.get(i);
      if (vcpu.runnable() && !exhausted(vcpu.domain()) && (best == null || vcpu.credit.value > best.credit.value)) {
        best = vcpu;
      }
    }
    return best;
  }

  /** What a domain may execute in each period, ns. */
  private static long allowance(GuestDomain domain) {
    return PERIOD / 100 * domain.cap();
  }

  private static boolean exhausted(GuestDomain domain) {
    return domain.cap() > 0 && domain.spent.value >= allowance(domain);
  }

  /** A virtual CPU begins to run: its turn ends when another one waits for the CPU, or its domain's cap is reached. Returns whether one waits. */
  boolean begins(GuestVcpu vcpu) {
    List<GuestVcpu> queue = queues.get(vcpu.processor());
    boolean others = false;
    for (int i = 0; i < queue.size() && !others; i++) {
      others = queue.get(i) != vcpu && queue.get(i).runnable();
    }
    Alarm slice = slices[vcpu.processor()];
    if (others) {
      slice.at(core.now() + SLICE);
    } else if (slice.armed()) {
      slice.cancel();
    }
    if (vcpu.domain().cap() > 0) {
      limit(vcpu.domain());
    }
    return others;
  }

  /** The turns of a domain end at the latest when all that it executes now would have used up together what its cap leaves. */
  private void limit(GuestDomain domain) {
    List<GuestVcpu> vcpus = domain.vcpus();
    long left = allowance(domain) - domain.spent.value;
    int executing = 0;
    for (int i = 0; i < vcpus.size(); i++) {
      if (executes(vcpus.get(i))) {
        left -= ofPeriod(vcpus.get(i).ran());
        executing++;
      }
    }
    long end = core.now() + Math.max(1, Math.ceilDiv(left, executing));
    for (int i = 0; i < vcpus.size(); i++) {
      if (executes(vcpus.get(i))) {
        Alarm slice = slices[vcpus.get(i).processor()];
        slice.at(Math.min(slice.deadline(), end));
      }
    }
  }

  private boolean executes(GuestVcpu vcpu) {
    return core.processor(vcpu.processor()).executes(vcpu);
  }

  /** What of a turn that ends now is in the present period. */
  private long ofPeriod(long nanoseconds) {
    return Math.min(nanoseconds, core.now() % PERIOD);
  }

  /** A virtual CPU ran for so long. */
  void charge(GuestVcpu vcpu, long nanoseconds) {
    GuestDomain domain = vcpu.domain();
    vcpu.credit.value -= nanoseconds * USUAL_WEIGHT / domain.weight();
    if (domain.cap() > 0) {
      domain.spent.value += ofPeriod(nanoseconds);
      if (!periods.armed()) {
        periods.at((core.now() / PERIOD + 1) * PERIOD);
      }
    }
  }

  private void expire() {
    long now = core.now();
    long next = Long.MAX_VALUE;
    for (List<GuestVcpu> queue : queues) {
      for (GuestVcpu vcpu : List.copyOf(queue)) {
        if (vcpu.deadline.value <= now) {
          vcpu.wake();
        } else {
          next = Math.min(next, vcpu.deadline.value);
        }
      }
    }
    if (next != Long.MAX_VALUE) {
      deadlines.at(next);
    }
  }

  /** A period begins: who stood still because of a cap may go on. */
  private void period() {
    boolean held = false;
    for (GuestDomain domain : core.all()) {
      held |= exhausted(domain);
      domain.spent.value = 0;
    }
    for (int i = 0; held && i < slices.length; i++) {
      core.processor(i).reschedule();
    }
  }
}
