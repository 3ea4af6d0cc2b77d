// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.List;
import java.util.stream.IntStream;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GuestEvents;
import org.xenolith.hyp.api.GuestEventsPort;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.SwitchHook;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.SystemRegistersPort;
import org.xenolith.hyp.arm.api.VirtualGic;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.XenErrno;

/** The hypervisor's interrupt controller driver, and the interrupt controllers of domains. */
final class Vgic implements DeviceModel, VirtualGic, GuestEvents, SwitchHook, DomainListener {
  private final DeviceContext context;
  private final GicHardware hardware;
  private final List<Cpu> cpus;
  private final VirtualGicPort port;
  private final HostLines hostLines;
  private final GuestEventsPort events;
  private final DomainsPort domainsPort;
  private final ContextSwitchPort switches;
  private final GuestTrapsPort traps;
  private final SystemRegistersPort registers;
  private final P2mPort p2m;
  private final HypervisorTracePort trace;

  private final DeviceState state = new DeviceState();
  /** Interrupts of the hardware; 0 until somebody asked. */
  private final LongCell lines;
  private final DomainGics gics;
  private final PhysicalGic gic;
  private final Delivery delivery;
  private final RoutedInterrupts routed;
  private final VirtualLpis lpis;
  private final GuestFrames frames;
  private final GeneratedInterrupts generated;
  private final PhysicalInterrupts physical;

  Vgic(DeviceContext context, GicHardware hardware) {
    this.context = context;
    this.hardware = hardware;
    cpus = context.processors().cpus().stream().map((CpuPort c) -> c.as(Cpu.class)).toList();
    port = context.port(VirtualGicPort.class);
    hostLines = new HostLines(context, port);
    events = context.port(GuestEventsPort.class);
    domainsPort = context.port(DomainsPort.class);
    switches = context.port(ContextSwitchPort.class);
    traps = context.port(GuestTrapsPort.class);
    registers = context.port(SystemRegistersPort.class);
    p2m = context.port(P2mPort.class);
    trace = context.port(HypervisorTracePort.class);
    lines = state.cell("lines", 0);
    List<PhysicalBus> buses = IntStream.range(0, cpus.size()).mapToObj(context.memory()::physical).toList();
    gic = hardware.version() == 2 ? new Gicv2Driver(hardware, buses) : new Gicv3Driver(hardware, buses);
    gics = new DomainGics(hardware, state, domainsPort);
    delivery = new Delivery(gic);
    routed = new RoutedInterrupts(state, gic, cpus);
    GuestLog log = new GuestLog(context.port(HypervisorLogPort.class));
    lpis = new VirtualLpis(delivery, p2m, new MachineMemory(context.memory().physical()));
    frames = new GuestFrames(gics, new BankAccess(delivery, routed, log), delivery, lpis, log);
    generated = new GeneratedInterrupts(gics, delivery);
    physical = new PhysicalInterrupts(context, state, hardware.maintenance(), cpus, gic, gics, delivery, routed, this::lines);
    port.attach(this, context);
    hostLines.attach();
    events.attach(this, context);
    domainsPort.listen(this, context);
    switches.claim(this, context);
    traps.claim(frames, context);
    if (hardware.version() == 3) {
      registers.claim(generated, context, IccRegister.ICC_SGI1R_EL1, IccRegister.ICC_ASGI1R_EL1, IccRegister.ICC_SGI0R_EL1);
    }
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
  }

  @Override
  public void restored() {
    meetDomains();
  }

  /** Drops the controllers of domains that are gone, makes those that are missing. */
  private void meetDomains() {
    Domains domains = domainsPort.domains();
    if (domains == null) {
      return;
    }
    for (DomainGic d : List.copyOf(gics.all())) {
      if (domains.all().stream().noneMatch(domain -> domain.serial() == d.serial)) {
        forget(d);
      }
    }
    for (Domain domain : domains.all()) {
      if (gics.of(domain) == null) {
        created(domain);
      }
    }
  }

  @Override
  public void removed() {
    hostLines.detach();
    port.detach(this);
    events.detach(this);
    physical.kickAll();
    domainsPort.forget(this);
    switches.release(this);
    traps.release(frames);
    registers.release(generated);
  }

  // ---- Domains

  @Override
  public void created(Domain domain) {
    if (domain.kind() == DomainSpec.Kind.SERVICE) {
      return;
    }
    DomainGic d = gics.add(domain, lines());
    if (hardware.version() == 2) {
      if (d.vcpus > DomainGic.V2_CPUS) {
        context.events().report("vgic-cpus", context.instance(),
            "domain %d has %d virtual CPUs, a GICv2 reaches %d of them; use a GICv3".formatted(domain.id(), d.vcpus,
                DomainGic.V2_CPUS));
      }
      // The guest's CPU interface is hardware: GICV in the place of GICC.
      long pages = Math.min(d.facts.secondSize(), hardware.guest().size()) >>> 12;
      int error = p2m.map(domain, d.facts.second() >>> 12, hardware.guest().base() >>> 12, pages, PageType.DEVICE);
      if (error != 0) {
        context.events().report("vgic-map", context.instance(), "domain %d: its CPU interface at 0x%x can't be mapped: error %d"
            .formatted(domain.id(), d.facts.second(), error));
      }
    }
  }

  @Override
  public void renewed(Domain domain) {
    gics.of(domain);
    physical.forgetWhoIsLoaded();
  }

  @Override
  public void destroyed(Domain domain) {
    DomainGic d = gics.of(domain);
    if (d != null) {
      forget(d);
    }
  }

  private void forget(DomainGic d) {
    if (physical.started()) {
      if (d.domain() != null) {
        for (int vcpu = 0; vcpu < d.vcpus; vcpu++) {
          delivery.fold(d, vcpu);
        }
      }
      routed.takeAll(d);
    }
    gics.remove(d);
  }

  private int lines() {
    if (lines.value == 0) {
      lines.value = Math.min(gic.lines(cpus.get(0)), 1024);
    }
    return (int) lines.value;
  }

  // ---- VirtualGic

  @Override
  public void inject(Vcpu vcpu, int intid) {
    DomainGic d = gics.of(vcpu.domain());
    if (d == null || !d.has(intid) && !DomainLpis.isLpi(intid)) {
      return;
    }
    if (trace.on()) {
      trace.happened(Kind.INTERRUPT, vcpu, intid, 0, 0);
    }
    if (DomainLpis.isLpi(intid)) {
      lpis.inject(d, vcpu.id(), intid);
      return;
    }
    if (intid < 16) {
      delivery.generate(d, vcpu.id(), intid, vcpu.id());
      return;
    }
    d.latched[d.bank(vcpu.id(), intid)] |= 1 << intid;
    signal(d, vcpu.id(), intid);
  }

  /** A guest hears of its event channels by an interrupt, whose number its domain has. */
  @Override
  public void raise(Vcpu vcpu) {
    inject(vcpu, vcpu.domain().eventInterrupt());
  }

  private void signal(DomainGic d, int vcpu, int intid) {
    if (intid < DomainGic.SPI) {
      delivery.deliver(d, vcpu);
    } else {
      delivery.deliverShared(d, intid);
    }
  }

  @Override
  public void level(Vcpu vcpu, int intid, boolean high) {
    DomainGic d = gics.of(vcpu.domain());
    if (d == null || !d.has(intid) || intid < 16) {
      return;
    }
    int bank = d.bank(vcpu.id(), intid);
    int bit = 1 << intid;
    if (high == ((d.level[bank] & bit) != 0)) {
      return;
    }
    if (high) {
      d.level[bank] |= bit;
      d.latched[bank] |= d.edge[bank] & bit;
      signal(d, vcpu.id(), intid);
    } else {
      d.level[bank] &= ~bit;
      if ((d.edge[bank] & bit) == 0) {
        delivery.retract(d, vcpu.id(), intid, false);
      }
    }
  }

  @Override
  public boolean deliverable(Vcpu vcpu) {
    DomainGic d = gics.of(vcpu.domain());
    return d != null && delivery.deliverable(d, vcpu.id());
  }

  @Override
  public void interrupt(CpuPort cpu) {
    physical.interrupt(cpu.as(Cpu.class));
  }

  @Override
  public void kick(CpuPort cpu) {
    gic.kick(cpu.as(Cpu.class));
  }

  @Override
  public void start(CpuPort cpu) {
    physical.start(cpu.as(Cpu.class));
  }

  @Override
  public int route(Domain domain, int intid, boolean edge) {
    DomainGic d = gics.of(domain);
    if (d == null || intid < DomainGic.SPI || !d.has(intid) || intid >= lines()) {
      return -XenErrno.XEN_EINVAL;
    }
    if (routed.owner(intid) == d.serial) {
      return 0;
    }
    if (routed.owner(intid) != 0 || port.host(intid) != null) {
      return -XenErrno.XEN_EBUSY;
    }
    routed.give(d, intid, edge);
    return 0;
  }

  @Override
  public void hostInterrupt(int intid, boolean edge, boolean on) {
    physical.hostInterrupt(intid, edge, on);
  }

  @Override
  public boolean giveLpis(Domain domain) {
    DomainGic d = gics.of(domain);
    if (d == null || hardware.version() != 3 || !physical.beginLpis()) {
      return false;
    }
    if (d.lpis == null) {
      d.giveLpis();
    }
    return true;
  }

  @Override
  public void clearLpi(Domain domain, int intid) {
    lpis.clear(gics.of(domain), intid);
  }

  @Override
  public void reloadLpi(Domain domain, int intid) {
    lpis.reload(gics.of(domain), intid);
  }

  @Override
  public void reloadLpis(Vcpu vcpu) {
    lpis.reloadAll(gics.of(vcpu.domain()), vcpu.id());
  }

  @Override
  public void moveLpi(Vcpu to, int intid) {
    lpis.move(gics.of(to.domain()), to.id(), intid);
  }

  @Override
  public void moveLpis(Vcpu from, Vcpu to) {
    lpis.moveAll(gics.of(from.domain()), from, to);
  }

  @Override
  public GicFacts facts(Domain domain) {
    return gics.facts(domain.kind(), lines());
  }

  // ---- SwitchHook

  @Override
  public void save(Vcpu vcpu, CpuPort port) {
    Cpu cpu = port.as(Cpu.class);
    DomainGic d = gics.of(vcpu.domain());
    if (d != null) {
      physical.letGo(cpu);
      delivery.save(d, vcpu.id(), cpu);
    }
  }

  @Override
  public void load(Vcpu vcpu, CpuPort port) {
    Cpu cpu = port.as(Cpu.class);
    DomainGic d = gics.of(vcpu.domain());
    if (d != null) {
      physical.hold(d, vcpu, cpu);
      delivery.load(d, vcpu.id(), cpu);
    }
  }

  @Override
  public void reset(Vcpu vcpu) {
    DomainGic d = gics.of(vcpu.domain());
    if (d != null) {
      delivery.reset(d, vcpu.id());
    }
  }
}
