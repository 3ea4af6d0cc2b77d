// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import java.util.List;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.SwitchHook;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.GuestInterrupts;
import org.xenolith.hyp.x64.api.GuestInterruptsPort;
import org.xenolith.hyp.x64.api.GuestProcessorsPort;
import org.xenolith.lapic.kit.LapicFabric;
import org.xenolith.lapic.kit.LapicMsrs;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.regs.DeviceState;

/** The subsystem: local APICs of virtual CPUs, whether these execute or not. */
final class Vlapic implements DeviceModel, GuestInterrupts, DomainListener, SwitchHook {
  /** Bytes from {@link DomainLapics#BASE} on that are for messages (SDM volume 3, 12.11.1). */
  private static final long MESSAGES = 1 << 20;

  private final DeviceState state = new DeviceState();
  private final DeviceContext context;
  private final DomainsPort domainsPort;
  private final ContextSwitchPort switches;
  private final GuestTrapsPort windows;
  private final GuestProcessorsPort processors;
  private final GuestInterruptsPort port;
  private final AllLapics lapics;
  private final LapicTraps traps;

  Vlapic(DeviceContext context) {
    this.context = context;
    domainsPort = context.port(DomainsPort.class);
    switches = context.port(ContextSwitchPort.class);
    windows = context.port(GuestTrapsPort.class);
    processors = context.port(GuestProcessorsPort.class);
    port = context.port(GuestInterruptsPort.class);
    lapics = new AllLapics(state, new LapicMachine(context, domainsPort, this::due), domainsPort);
    traps = new LapicTraps(lapics);
    domainsPort.listen(this, context);
    switches.claim(this, context);
    windows.claim(traps, context);
    processors.claim(traps, context, LapicMsrs.numbers(DomainLapics.FEATURES));
    processors.claim(traps, context);
    port.attach(this, context);
  }

  private void due() {
    lapics.ring();
  }

  // ---- DeviceModel

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    meetDomains();
    lapics.standForNext();
    wakeWhoWaits();
  }

  /** A virtual CPU knows what waits for it, unless there was nobody meanwhile whom it could ask. */
  @Override
  public void restored() {
    meetDomains();
    if (context.origin() == DeviceOrigin.RETURN) {
      lapics.all().forEach(DomainLapics::tell);
    }
    wakeWhoWaits();
  }

  /** Who waits for local interrupt controllers was woken when this one had no domain's yet. */
  private void wakeWhoWaits() {
    port.attach(this, context);
  }

  private void meetDomains() {
    Domains domains = domainsPort.domains();
    if (domains == null) {
      return;
    }
    for (DomainLapics each : List.copyOf(lapics.all())) {
      if (domains.all().stream().noneMatch(domain -> domain.serial() == each.serial)) {
        lapics.remove(each);
      }
    }
    for (Domain domain : domains.all()) {
      if (lapics.of(domain) == null) {
        created(domain);
      }
    }
  }

  @Override
  public void removed() {
    domainsPort.forget(this);
    switches.release(this);
    windows.release(traps);
    processors.release(traps);
    port.detach(this);
    lapics.all().forEach(DomainLapics::silence);
  }

  // ---- Domains

  @Override
  public void created(Domain domain) {
    if (DomainLapics.belongTo(domain)) {
      lapics.add(domain);
    }
  }

  @Override
  public void renewed(Domain domain) {
    DomainLapics its = lapics.of(domain);
    if (its != null) {
      its.tellWhatWasMissed();
    }
  }

  @Override
  public void destroyed(Domain domain) {
    DomainLapics gone = lapics.of(domain);
    if (gone != null) {
      lapics.remove(gone);
      // The alarm may have been armed for it alone.
      lapics.standForNext();
    }
  }

  /** Its registers are where they were left. */
  @Override
  public void save(Vcpu vcpu, CpuPort cpu) {}

  /** The core asks what waits for it. */
  @Override
  public void load(Vcpu vcpu, CpuPort cpu) {}

  /** A virtual CPU that is powered on has its local APIC as after INIT, whoever powers it on. */
  @Override
  public void reset(Vcpu vcpu) {
    VcpuLapic lapic = lapics.of(vcpu);
    if (lapic != null) {
      lapic.apic.init();
    }
  }

  // ---- GuestInterrupts

  @Override
  public boolean has(Domain domain) {
    return lapics.of(domain) != null;
  }

  @Override
  public boolean pending(Vcpu vcpu) {
    VcpuLapic lapic = lapics.of(vcpu);
    return lapic != null && lapic.apic.pending();
  }

  @Override
  public int acknowledge(Vcpu vcpu) {
    VcpuLapic lapic = lapics.of(vcpu);
    return lapic == null ? -1 : lapic.apic.take();
  }

  @Override
  public int taskPriority(Vcpu vcpu) {
    VcpuLapic lapic = lapics.of(vcpu);
    return lapic == null ? 0 : lapic.apic.taskPriority();
  }

  @Override
  public void taskPriority(Vcpu vcpu, int priority) {
    VcpuLapic lapic = lapics.of(vcpu);
    if (lapic != null) {
      lapic.apic.taskPriority(priority);
    }
  }

  @Override
  public void raise(Vcpu vcpu, int vector) {
    VcpuLapic lapic = lapics.of(vcpu);
    if (lapic != null) {
      lapic.apic.deliver(LapicFabric.FIXED, vector & 0xFF, false);
    }
  }

  /** What no local interrupt controller is meant by is lost, as on a bus. */
  @Override
  public boolean message(Domain domain, long address, int data) {
    DomainLapics its = lapics.of(domain);
    long offset = address - DomainLapics.BASE;
    return its != null && offset >= 0 && offset < MESSAGES && its.message(offset, data) == null;
  }
}
