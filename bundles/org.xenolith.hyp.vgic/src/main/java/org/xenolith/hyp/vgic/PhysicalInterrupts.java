// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.VirtualGic;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** Physical interrupts: bringing up the controller's part for each CPU, and serving what arrives there. */
final class PhysicalInterrupts {
  /** Acknowledges in a row before the guest has its turn again: no storm stops the machine. */
  private static final int MOST_ACKNOWLEDGES = 64;

  private final DeviceContext context;
  private final int maintenance;
  private final List<Cpu> cpus;
  private final VirtualGicPort port;
  private final HypervisorTracePort trace;
  private final MachineMemory memory;
  private final HostLpis lpis;
  private final PhysicalGic gic;
  private final DomainGics gics;
  private final Delivery delivery;
  private final RoutedInterrupts routed;
  private final IntSupplier lines;
  /** Physical CPUs whose part was brought up, a bit each; with the first one the distributor was. */
  private final LongCell started;
  /** By CPU: whose list registers it has, as serial &lt;&lt; 32 and virtual CPU plus one; 0 for nobody's. */
  private final long[] held;
  /** By CPU: the virtual CPU that was found on it last. */
  private final Vcpu[] onCpu;

  /** @param lines how many interrupts the hardware has */
  PhysicalInterrupts(DeviceContext context, DeviceState state, int maintenance, List<Cpu> cpus, PhysicalGic gic, DomainGics gics,
      Delivery delivery, RoutedInterrupts routed, IntSupplier lines) {
    this.context = context;
    this.maintenance = maintenance;
    this.cpus = cpus;
    this.gic = gic;
    this.gics = gics;
    this.delivery = delivery;
    this.routed = routed;
    this.lines = lines;
    port = context.port(VirtualGicPort.class);
    trace = context.port(HypervisorTracePort.class);
    memory = new MachineMemory(context.memory().physical());
    lpis = new HostLpis(context, state, gic, memory, cpus.size());
    started = state.cell("started", 0);
    held = state.longs("held", cpus.size());
    onCpu = new Vcpu[cpus.size()];
  }

  /** Whether the distributor was brought up. */
  boolean started() {
    return started.isSet();
  }

  private boolean started(Cpu cpu) {
    return (started.value >> cpu.index() & 1) != 0;
  }

  /** Makes all CPUs enter EL2, where they find out that virtual CPUs can't go on. */
  void kickAll() {
    for (Cpu cpu : cpus) {
      if (started(cpu)) {
        gic.kick(cpu);
      }
    }
  }

  // ---- What arrives

  /** Acknowledges and serves what waits. */
  void interrupt(Cpu cpu) {
    for (int i = 0; i < MOST_ACKNOWLEDGES; i++) {
      int acknowledged = gic.acknowledge(cpu);
      int intid = gic.number(acknowledged);
      if (intid >= VirtualGic.FIRST_LPI) {
        serveLpi(cpu, acknowledged, intid);
        continue;
      }
      if (intid >= PhysicalGic.SPECIAL) {
        return;
      }
      serve(cpu, acknowledged, intid);
    }
  }

  private void serve(Cpu cpu, int acknowledged, int intid) {
    DomainGic d = intid < DomainGic.SPI || routed.owner(intid) == 0 ? null : gics.of(routed.owner(intid));
    if (d != null && port.serveShared(cpu, intid)) {
      gic.drop(cpu, acknowledged);
      gic.deactivate(cpu, acknowledged);
      return;
    }
    if (d != null) {
      gic.drop(cpu, acknowledged);
      // It comes only after the one before was ended: that list register is free, and must not take this one for ended, too.
      delivery.foldShared(d, intid);
      int bank = d.bank(0, intid);
      d.taken[bank] |= 1 << intid;
      d.latched[bank] |= 1 << intid;
      if (trace.on()) {
        trace.happened(Kind.INTERRUPT, d.domain() == null ? null : d.domain().vcpu(d.target(intid)), intid, 1, cpu.index());
      }
      delivery.deliverShared(d, intid);
      return;
    }
    if (intid == maintenance) {
      maintain(cpu);
    } else if (intid >= 16 && !port.serveHost(cpu, intid)) {
      // Nobody wants it: it must not come again and again.
      gic.enable(cpu, intid, false);
      context.events().report("unclaimed-interrupt", context.instance(),
          "cpu%d: interrupt %d belongs to nobody and was turned off".formatted(cpu.index(), intid));
    }
    gic.drop(cpu, acknowledged);
    gic.deactivate(cpu, acknowledged);
  }

  /** An LPI has no active state: it is over with the priority drop. */
  private void serveLpi(Cpu cpu, int acknowledged, int intid) {
    gic.drop(cpu, acknowledged);
    if (!port.serveHostLpi(cpu, intid)) {
      context.events().report("unclaimed-interrupt", context.instance(),
          "cpu%d: LPI %d belongs to nobody".formatted(cpu.index(), intid));
    }
  }

  /** Has the machine's LPIs come. @return false if it has none */
  boolean beginLpis() {
    return lpis.begin(cpus.stream().filter(this::started).toList(), cpus.getFirst());
  }

  /** List registers got free, or one asked to tell of its end. */
  private void maintain(Cpu cpu) {
    Vcpu vcpu = on(cpu);
    DomainGic d = vcpu == null ? null : gics.of(vcpu.domain());
    if (d == null) {
      gic.control(cpu, false, false);
    } else {
      delivery.deliver(d, vcpu.id());
    }
  }

  /** Virtual CPUs are other objects now. */
  void forgetWhoIsLoaded() {
    Arrays.fill(onCpu, null);
  }

  /** The virtual CPU whose registers a physical one has, or null. */
  private Vcpu on(Cpu cpu) {
    Vcpu last = onCpu[cpu.index()];
    if (last != null && last.loaded() == cpu) {
      return last;
    }
    for (int n = 0; n < gics.all().size(); n++) {
      DomainGic d = gics.of(gics.all().get(n).serial);
      for (int i = 0; d.domain() != null && i < d.vcpus; i++) {
        Vcpu vcpu = d.domain().vcpu(i);
        if (vcpu != null && vcpu.loaded() == cpu) {
          onCpu[cpu.index()] = vcpu;
          return vcpu;
        }
      }
    }
    return null;
  }

  // ---- Bringing up

  /** Brings a CPU's part up, with the first one the distributor. */
  void start(Cpu cpu) {
    if (!started.isSet()) {
      gic.startDistributor(cpu);
      enableClaimed(cpu, DomainGic.SPI, VirtualGicPort.END_OF_INTIDS);
    }
    boolean again = started(cpu);
    started.value |= 1L << cpu.index();
    rescue(cpu);
    gic.start(cpu);
    gic.enable(cpu, maintenance, true);
    enableClaimed(cpu, 0, DomainGic.SPI);
    lpis.start(cpu);
    if (again) {
      catchUp(cpu);
    }
  }

  private void enableClaimed(Cpu cpu, int first, int end) {
    for (int intid = first; intid < end; intid++) {
      VirtualGicPort.HostClaim claim = port.host(intid);
      if (claim != null) {
        enableHost(cpu, intid, claim.edge(), true);
      }
    }
  }

  /** Events that came for virtual CPUs of a CPU while no provider was there: vcpu_info still says so, and only it. */
  private void catchUp(Cpu cpu) {
    for (int n = 0; n < gics.all().size(); n++) {
      DomainGic d = gics.of(gics.all().get(n).serial);
      for (int i = 0; d.domain() != null && i < d.vcpus; i++) {
        Vcpu vcpu = d.domain().vcpu(i);
        // vcpu_info begins with evtchn_upcall_pending.
        if (vcpu != null && vcpu.online() && vcpu.processor() == cpu.index() && vcpu.info() != 0
            && memory.read8(vcpu.info()) != 0) {
          port.inject(vcpu, d.domain().eventInterrupt());
        }
      }
    }
  }

  /**
   * Whoever is said to have list registers of a CPU that has nobody now left it while no provider was there to save them: they
   * are still in the hardware.
   */
  private void rescue(Cpu cpu) {
    long key = held[cpu.index()];
    held[cpu.index()] = 0;
    DomainGic d = key == 0 ? null : gics.of((int) (key >>> 32));
    if (d != null) {
      delivery.save(d, (int) key - 1, cpu);
    }
  }

  private void enableHost(Cpu cpu, int intid, boolean edge, boolean on) {
    if (on && intid >= 16) {
      gic.configure(cpu, intid, edge);
    }
    gic.enable(cpu, intid, on);
  }

  /** Somebody serves a physical interrupt from now on, or no longer. */
  void hostInterrupt(int intid, boolean edge, boolean on) {
    if (!started() || intid < 0 || intid >= lines.getAsInt()) {
      return;
    }
    if (intid >= DomainGic.SPI) {
      enableHost(cpus.get(0), intid, edge, on);
      return;
    }
    for (Cpu cpu : cpus) {
      if (started(cpu)) {
        enableHost(cpu, intid, edge, on);
      }
    }
  }

  // ---- Whose list registers a CPU has

  /** They become a virtual CPU's. */
  void hold(DomainGic d, Vcpu vcpu, Cpu cpu) {
    long key = (long) d.serial << 32 | vcpu.id() + 1;
    for (int i = 0; i < held.length; i++) {
      if (held[i] == key) {
        rescue(cpus.get(i));
      }
    }
    held[cpu.index()] = key;
    onCpu[cpu.index()] = vcpu;
  }

  /** They were saved. */
  void letGo(Cpu cpu) {
    held[cpu.index()] = 0;
  }
}
