// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import java.util.List;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.SwitchHook;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.regs.DeviceState;
import org.xenolith.x64.api.Cpu;
import org.xenolith.xen.abi.HypercallNumber;

/**
 * Paravirtualised time of guests on x86. A guest reads its time-stamp counter and finds in its vcpu_info what makes system time of it; that is written
 * when a virtual CPU is put on a physical one, and wherever it shares memory with the hypervisor anew. Its timers, and where it has a copy of the time, are set by vcpu_op.
 */
final class PvTime implements DeviceModel, SwitchHook, DomainListener {
  private final DeviceState state = new DeviceState();
  private final List<Cpu> cpus;
  private final DomainsPort domains;
  private final ContextSwitchPort switches;
  private final HypercallsPort hypercalls;
  private final SubOperations operations;
  private final PvTimers timers;
  private final TimeInfo info;
  private final DeviceContext context;

  PvTime(DeviceContext context) {
    this.context = context;
    cpus = Cpu.of(context.processors());
    domains = context.port(DomainsPort.class);
    switches = context.port(ContextSwitchPort.class);
    hypercalls = context.port(HypercallsPort.class);
    timers = new PvTimers(state, context);
    info = new TimeInfo(new MachineMemory(context.memory().physical()));
    operations = TimerOperations.of(this, timers, context);
    domains.listen(this, context);
    switches.claim(this, context);
    hypercalls.add(HypercallNumber.__HYPERVISOR_vcpu_op, operations, context);
  }

  // ---- DeviceModel

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    timers.arm();
    meetDomains();
  }

  @Override
  public void restored() {
    meetDomains();
    if (context.origin() == DeviceOrigin.RETURN) {
      // what fell due meanwhile rings now, and what virtual CPUs share may have moved
      timers.arm();
      if (domains.domains() != null) {
        domains.domains().all().forEach(this::show);
      }
    }
  }

  private void meetDomains() {
    Domains core = domains.domains();
    if (core != null) {
      timers.keep(core.all());
      for (Domain domain : core.all()) {
        if (timers.of(domain) == null) {
          created(domain);
        }
      }
    }
  }

  @Override
  public void removed() {
    domains.forget(this);
    switches.release(this);
    hypercalls.release(HypercallNumber.__HYPERVISOR_vcpu_op, operations);
  }

  // ---- Domains

  @Override
  public void created(Domain domain) {
    timers.add(domain);
    show(domain);
  }

  @Override
  public void renewed(Domain domain) {
    timers.of(domain);
  }

  @Override
  public void moved(Vcpu vcpu) {
    show(vcpu, cpus.get(vcpu.processor()));
  }

  @Override
  public void destroyed(Domain domain) {
    timers.remove(domain);
  }

  private void show(Vcpu vcpu, Cpu cpu) {
    info.show(vcpu, cpu, timers.now());
    DomainPvTimers all = timers.of(vcpu.domain());
    if (all != null && all.area[vcpu.id()] != 0) {
      copy(vcpu, all, cpu);
    }
  }

  private void copy(Vcpu vcpu, DomainPvTimers all, Cpu cpu) {
    int v = vcpu.id();
    all.areaVersion[v] = info.show(vcpu, all.area[v], (int) all.areaVersion[v], cpu, timers.now());
  }

  /** A virtual CPU has a second copy of the time from now on. @param va its guest virtual address, 0 for none any more */
  void area(Vcpu vcpu, long va) {
    DomainPvTimers all = timers.of(vcpu.domain());
    if (all != null) {
      all.area[vcpu.id()] = va;
      if (va != 0) {
        copy(vcpu, all, cpus.get(vcpu.processor()));
      }
    }
  }

  private void show(Domain domain) {
    // the service domain's never execute
    if (domain.kind() != DomainSpec.Kind.SERVICE) {
      domain.vcpus().forEach(this::moved);
    }
  }

  // ---- SwitchHook

  @Override
  public void load(Vcpu vcpu, CpuPort cpu) {
    show(vcpu, cpus.get(cpu.index()));
  }

  @Override
  public void save(Vcpu vcpu, CpuPort cpu) {}
}
