// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vtimer;

import static org.xenolith.hyp.vtimer.TimerRegister.CNTFRQ_EL0;
import static org.xenolith.hyp.vtimer.TimerRegister.CNTHCTL_EL2;
import static org.xenolith.hyp.vtimer.TimerRegister.CNTKCTL_EL1;
import static org.xenolith.hyp.vtimer.TimerRegister.CNTPCT_EL0;
import static org.xenolith.hyp.vtimer.TimerRegister.CNTP_CTL_EL0;
import static org.xenolith.hyp.vtimer.TimerRegister.CNTP_CVAL_EL0;
import static org.xenolith.hyp.vtimer.TimerRegister.CNTP_TVAL_EL0;
import static org.xenolith.hyp.vtimer.TimerRegister.CNTVOFF_EL2;
import static org.xenolith.hyp.vtimer.TimerRegister.CNTV_CTL_EL0;
import static org.xenolith.hyp.vtimer.TimerRegister.CNTV_CVAL_EL0;
import static org.xenolith.hyp.vtimer.TimerRegister.ENABLE;
import static org.xenolith.hyp.vtimer.TimerRegister.IMASK;
import static org.xenolith.hyp.vtimer.TimerRegister.ISTATUS;

import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HostInterrupt;
import org.xenolith.hyp.api.SwitchHook;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.RegisterTrap;
import org.xenolith.hyp.arm.api.SystemRegistersPort;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.kit.DomainParts;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.regs.DeviceState;

/**
 * Timers of virtual CPUs. The virtual timer is the hardware's while its virtual CPU is loaded: when it fires, it is masked and
 * the guest gets its interrupt. While the virtual CPU isn't loaded, one alarm stands for all such timers. The physical timer
 * always traps and is emulated; the physical count doesn't trap.
 */
final class Vtimer implements DeviceModel, SwitchHook, DomainListener, RegisterTrap, HostInterrupt {
  /** Nanoseconds until another attempt while there is no interrupt controller that could tell a guest. */
  private static final long PATIENCE = 1_000_000;
  /** CNTHCTL_EL2: EL1 reads the physical count, its physical timer traps. */
  private static final long PHYSICAL_COUNT_ONLY = 1;

  private final DeviceContext context;
  private final DomainsPort domainsPort;
  private final ContextSwitchPort switches;
  private final SystemRegistersPort registers;
  private final VirtualGicPort gic;
  private final Cpu boot;
  private final Alarm alarm;
  private final DeviceState state = new DeviceState();
  private final DomainParts<DomainTimers> timers;
  private final TimerInterrupts intids;
  private CounterScale scale;

  Vtimer(DeviceContext context) {
    this.context = context;
    boot = context.processors().cpus().get(0).as(Cpu.class);
    domainsPort = context.port(DomainsPort.class);
    switches = context.port(ContextSwitchPort.class);
    registers = context.port(SystemRegistersPort.class);
    gic = context.port(VirtualGicPort.class);
    timers = new DomainParts<>(state, domainsPort, DomainTimers::new);
    intids = TimerInterrupts.of(context.platform());
    alarm = context.time().alarm("timers", this::due);
    domainsPort.listen(this, context);
    switches.claim(this, context);
    registers.claim(this, context, CNTP_TVAL_EL0, CNTP_CTL_EL0, CNTP_CVAL_EL0);
    gic.claimHost(intids.virtual(), false, this, context);
  }

  // ---- DeviceModel

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    alarm.cancel();
    meetDomains();
  }

  @Override
  public void restored() {
    meetDomains();
    if (context.origin() == DeviceOrigin.RETURN) {
      ringAll();
    }
  }

  /**
   * Virtual CPUs were switched while no provider was there, so that nobody knows what timer each of them had set: all ring, and
   * the guests find out what is due and set them anew.
   */
  private void ringAll() {
    for (DomainTimers t : timers.found()) {
      for (int v = 0; t.domain() != null && v < t.vcpus; v++) {
        Vcpu vcpu = t.domain().vcpu(v);
        t.virtualControl[v] = vcpu.online() ? ENABLE : 0;
        t.virtualCompare[v] = 0;
        if (vcpu.loaded() != null) {
          load(vcpu, vcpu.loaded());
        }
      }
    }
    arm(context.time().clock().now());
  }

  private void meetDomains() {
    Domains domains = domainsPort.domains();
    if (domains == null) {
      return;
    }
    for (DomainTimers t : List.copyOf(timers.found())) {
      if (domains.all().stream().noneMatch(d -> d.serial() == t.serial)) {
        timers.remove(t);
      }
    }
    for (Domain domain : domains.all()) {
      if (timers.of(domain) == null) {
        created(domain);
      }
    }
  }

  @Override
  public void removed() {
    domainsPort.forget(this);
    switches.release(this);
    registers.release(this);
    gic.releaseHost(intids.virtual(), this);
  }

  // ---- Domains

  /** A domain's virtual count begins at 0, as in Xen. */
  @Override
  public void created(Domain domain) {
    if (domain.kind() != DomainSpec.Kind.SERVICE) {
      timers.add(new DomainTimers(domain.serial(), domain.vcpus().size()), domain).offset.value = count();
    }
  }

  @Override
  public void renewed(Domain domain) {
    timers.of(domain);
  }

  @Override
  public void destroyed(Domain domain) {
    DomainTimers t = timers.of(domain);
    if (t != null) {
      timers.remove(t);
      // It may have been armed for that domain alone.
      alarm.cancel();
      stand(context.time().clock().now(), false);
    }
  }

  // ---- Counts

  private long count() {
    return boot.el2.readRegister(CNTPCT_EL0);
  }

  /** The virtual nanosecond at which a count minus its offset reaches a compare value, now if it has. */
  private long deadline(long compare, long offset) {
    long physical = count();
    long count = physical - offset;
    if (Long.compareUnsigned(count, compare) >= 0) {
      return context.time().clock().now();
    }
    long wait = compare - count;
    if (wait < 0 || physical + wait < 0) {
      return CounterScale.NEVER;
    }
    if (scale == null) {
      scale = new CounterScale(Math.clamp(boot.el2.readRegister(CNTFRQ_EL0), 1, 1_000_000_000L));
    }
    return scale.nanoseconds(physical + wait);
  }

  /** Lets the alarm ring at that time, too. */
  private void arm(long nanoseconds) {
    if (nanoseconds < alarm.deadline()) {
      alarm.at(nanoseconds);
    }
  }

  private void due() {
    long now = context.time().clock().now();
    if (!gic.present()) {
      alarm.at(now + PATIENCE);
      return;
    }
    stand(now, true);
  }

  /**
   * Arms the alarm for the next of the timers that it stands for.
   *
   * @param tell whether guests are told of those that are due; else the alarm is to do so at once
   */
  private void stand(long now, boolean tell) {
    long next = CounterScale.NEVER;
    List<DomainTimers> all = timers.found();
    for (int i = 0; i < all.size(); i++) {
      DomainTimers t = all.get(i);
      for (int v = 0; t.domain() != null && v < t.vcpus; v++) {
        Vcpu vcpu = t.domain().vcpu(v);
        if (vcpu == null) {
          continue;
        }
        if (vcpu.loaded() == null && DomainTimers.armed(t.virtualControl[v])) {
          long deadline = deadline(t.virtualCompare[v], t.offset.value);
          if (tell && deadline <= now) {
            t.virtualControl[v] |= IMASK;
            gic.inject(vcpu, intids.virtual(vcpu.domain()));
          } else {
            next = Math.min(next, deadline);
          }
        }
        if (DomainTimers.armed(t.physicalControl[v])) {
          long deadline = deadline(t.physicalCompare[v], 0);
          if (tell && deadline <= now) {
            gic.level(vcpu, intids.physical(vcpu.domain()), true);
          } else {
            next = Math.min(next, deadline);
          }
        }
      }
    }
    if (next != CounterScale.NEVER) {
      arm(next);
    }
  }

  // ---- Virtual timer

  /** The hardware's timer fired: the guest is told, and the output stays masked until it sets the timer again, as in Xen. */
  @Override
  public void interrupt(CpuPort port, int intid) {
    Cpu cpu = port.as(Cpu.class);
    cpu.el2.writeRegister(CNTV_CTL_EL0, cpu.el2.readRegister(CNTV_CTL_EL0) | IMASK);
    Vcpu vcpu = on(cpu);
    if (vcpu != null) {
      gic.inject(vcpu, intids.virtual(vcpu.domain()));
    }
  }

  private Vcpu on(Cpu cpu) {
    List<DomainTimers> all = timers.found();
    for (int i = 0; i < all.size(); i++) {
      Domain domain = all.get(i).domain();
      for (int v = 0; domain != null && v < all.get(i).vcpus; v++) {
        Vcpu vcpu = domain.vcpu(v);
        if (vcpu != null && vcpu.loaded() == cpu) {
          return vcpu;
        }
      }
    }
    return null;
  }

  @Override
  public void save(Vcpu vcpu, CpuPort port) {
    Cpu cpu = port.as(Cpu.class);
    DomainTimers t = timers.of(vcpu.domain());
    if (t == null) {
      return;
    }
    int v = vcpu.id();
    t.virtualControl[v] = cpu.el2.readRegister(CNTV_CTL_EL0) & (ENABLE | IMASK);
    t.virtualCompare[v] = cpu.el2.readRegister(CNTV_CVAL_EL0);
    t.kernelControl[v] = cpu.el2.readRegister(CNTKCTL_EL1);
    cpu.el2.writeRegister(CNTV_CTL_EL0, 0);
    if (DomainTimers.armed(t.virtualControl[v])) {
      arm(deadline(t.virtualCompare[v], t.offset.value));
    }
  }

  @Override
  public void load(Vcpu vcpu, CpuPort port) {
    Cpu cpu = port.as(Cpu.class);
    DomainTimers t = timers.of(vcpu.domain());
    if (t == null) {
      return;
    }
    int v = vcpu.id();
    cpu.el2.writeRegister(CNTHCTL_EL2, PHYSICAL_COUNT_ONLY);
    cpu.el2.writeRegister(CNTVOFF_EL2, t.offset.value);
    cpu.el2.writeRegister(CNTKCTL_EL1, t.kernelControl[v]);
    cpu.el2.writeRegister(CNTV_CVAL_EL0, t.virtualCompare[v]);
    cpu.el2.writeRegister(CNTV_CTL_EL0, t.virtualControl[v]);
  }

  @Override
  public void reset(Vcpu vcpu) {
    DomainTimers t = timers.of(vcpu.domain());
    if (t == null) {
      return;
    }
    t.reset(vcpu.id());
    gic.level(vcpu, intids.physical(vcpu.domain()), false);
    if (vcpu.loaded() != null) {
      load(vcpu, vcpu.loaded());
    }
  }

  // ---- Physical timer

  @Override
  public long read(Vcpu vcpu, int id) {
    DomainTimers t = timers.of(vcpu.domain());
    if (t == null) {
      return 0;
    }
    int v = vcpu.id();
    if (id == CNTP_CTL_EL0) {
      long control = t.physicalControl[v];
      return control | ((control & ENABLE) != 0 && met(t, v) ? ISTATUS : 0);
    }
    return id == CNTP_CVAL_EL0 ? t.physicalCompare[v] : t.physicalCompare[v] - count() & 0xFFFF_FFFFL;
  }

  private boolean met(DomainTimers t, int vcpu) {
    return Long.compareUnsigned(count(), t.physicalCompare[vcpu]) >= 0;
  }

  @Override
  public void write(Vcpu vcpu, int id, long value) {
    DomainTimers t = timers.of(vcpu.domain());
    if (t == null) {
      return;
    }
    int v = vcpu.id();
    if (id == CNTP_CTL_EL0) {
      t.physicalControl[v] = value & (ENABLE | IMASK);
    } else {
      t.physicalCompare[v] = id == CNTP_CVAL_EL0 ? value : count() + (int) value;
    }
    boolean armed = DomainTimers.armed(t.physicalControl[v]);
    boolean output = armed && met(t, v);
    gic.level(vcpu, intids.physical(vcpu.domain()), output);
    if (armed && !output) {
      arm(deadline(t.physicalCompare[v], 0));
    }
  }
}
