// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.SharedLayout;
import org.xenolith.hyp.kit.FrameTable;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.Platform;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.XenErrno;

/**
 * The hypervisor of one machine: its domains, and a {@link PhysicalCpu} for each CPU. The model of the hypervisor's node on machines with CPUs of one
 * architecture extends it, and lets itself be entered by them.
 */
public abstract class HypervisorCore implements DeviceModel, Domains {
  /** First domid that isn't one of the reserved ones (public header {@code xen.h}). */
  private static final int FIRST_RESERVED = 0x7FF0;
  private static final int MOST_VCPUS = 128;

  /** The ports that it uses. */
  public final CorePorts ports;
  /** What it was made with. */
  public final DeviceContext context;
  final MachineMemory memory;
  final CreditScheduler scheduler;
  private final DeviceState state = new DeviceState();
  private final LongCell serials = state.cell("serials", 0);
  private final LongCell lastDomid = state.cell("last-domid", 1);
  private final List<CpuPort> cpus = new ArrayList<>();
  private final PhysicalCpu[] processors;
  private final Map<Integer, GuestDomain> domains = new TreeMap<>();
  private final Alarm service;
  /** The physical CPU on which the hypervisor is now; null outside. */
  @Nullable
  PhysicalCpu inside;

  /**
   * Makes what an architecture does with its CPUs.
   *
   * @param <C> what such a CPU is
   */
  @ConsumerType
  public interface PhysicalCpuMaker<C extends CpuPort> {
    /** @param state where it declares its own */
    PhysicalCpu make(HypervisorCore core, C cpu, DeviceState state);
  }

  /**
   * Wires the core of a machine. Who extends it lets the CPUs enter it then, and claims what it answers itself.
   *
   * @param type what the machine's CPUs are
   */
  protected <C extends CpuPort> HypervisorCore(DeviceContext context, Class<C> type, PhysicalCpuMaker<C> maker) {
    this.context = context;
    ports = CorePorts.of(context);
    List<C> own = context.processors().cpus().stream().map(cpu -> cpu.as(type)).toList();
    cpus.addAll(own);
    memory = new MachineMemory(context.memory().physical());
    ports.heap().attach(ports.heap().present() ? ports.heap().provider() : new FrameTable(context.platform().memory(),
        context.platform().reserved()), context);
    scheduler = new CreditScheduler(this, context);
    processors = new PhysicalCpu[own.size()];
    for (int i = 0; i < processors.length; i++) {
      processors[i] = maker.make(this, own.get(i), state);
    }
    state.children("domains", this::clear, this::children, this::remake);
    service = context.time().alarm("service", ports.service()::deliver);
    ports.service().onSignal(() -> service.at(context.time().clock().now()));
    ports.consoles().names(id -> domains.containsKey(id) ? domains.get(id).name() : "");
    ports.domains().attach(this, context);
  }

  /** Makes a virtual CPU of a domain, off. Called once the core is made. */
  protected abstract GuestVcpu vcpu(GuestDomain domain, int id);

  /** How domains and hypervisor lay out what they share, for a guest with words of so many bytes: 8, or 4 if it has latched them. Called once the core is made. */
  protected abstract SharedLayout sharedLayout(int wordSize);

  /** The interrupt that tells a new domain of events; 0 where none does. */
  protected int eventInterrupt(DomainSpec spec) {
    return spec.eventInterrupt();
  }

  private void clear() {
    domains.clear();
    scheduler.clear();
    for (PhysicalCpu processor : processors) {
      processor.clear();
    }
  }

  private Map<String, DeviceState> children() {
    Map<String, DeviceState> children = new TreeMap<>();
    domains.values().forEach(domain -> children.put("%05d".formatted(domain.id()), domain.record()));
    return children;
  }

  private DeviceState remake(String name) {
    GuestDomain domain = new GuestDomain(this, Integer.parseInt(name));
    domains.put(domain.id(), domain);
    return domain.record();
  }

  @Override
  public final DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    ports.log().add("Xenolith hypervisor, Xen ABI 4.17; " + cpus.size() + " CPUs, "
        + (ports.heap().total() >> 8) + " MiB of RAM");
    create(ServiceEventsPort.DOMID, new DomainSpec("xenolith-service", new UUID(0, ServiceEventsPort.DOMID), 1, 0,
        DomainSpec.Kind.SERVICE, 31, 256, 0)).unpause();
  }

  @Override
  public final void restored() {
    for (GuestDomain domain : domains.values()) {
      domain.restored();
    }
    for (PhysicalCpu processor : processors) {
      processor.restored();
    }
    for (GuestDomain domain : all()) {
      ports.domains().tell(DomainListener::renewed, domain);
    }
  }

  @Override
  public void removed() {
    ports.domains().detach(this);
  }

  /** The first CPU that runs brings the others up, as the boot CPU of a hypervisor does. */
  public final void bringUp() {
    for (PhysicalCpu processor : processors) {
      if (!processor.port.powered()) {
        processor.powerOn();
      }
    }
  }

  /** The physical CPU of that number. */
  public final PhysicalCpu processor(int index) {
    return processors[index];
  }

  // ---- Domains

  @Override
  public final List<GuestDomain> all() {
    return List.copyOf(domains.values());
  }

  @Override
  public final GuestDomain byId(int id) {
    return domains.get(id);
  }

  @Override
  public final Domain create(int wanted, DomainSpec spec) {
    if (spec.vcpus() < 1 || spec.vcpus() > MOST_VCPUS) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, spec.name() + ": " + spec.vcpus() + " virtual CPUs; 1 to "
          + MOST_VCPUS + " are possible");
    }
    if (domains.values().stream().anyMatch(d -> d.name().equals(spec.name()))) {
      throw new HypervisorException(-XenErrno.XEN_EEXIST, "there is a domain " + spec.name() + " already");
    }
    int id = wanted < 0 ? free() : wanted;
    if (id >= FIRST_RESERVED || domains.containsKey(id)) {
      throw new HypervisorException(-XenErrno.XEN_EEXIST, "domid " + id + " is taken");
    }
    long page = ports.heap().allocate(FrameHeap.HYPERVISOR, 1, 1);
    if (page < 0) {
      throw new HypervisorException(-XenErrno.XEN_ENOMEM, spec.name() + ": no frame is free");
    }
    memory.clear(page << 12);
    GuestDomain domain = new GuestDomain(this, id);
    serials.value++;
    domain.begin((int) serials.value, spec, page << 12);
    domains.put(id, domain);
    if (wanted < 0) {
      lastDomid.value = id;
    }
    domain.restored();
    ports.log().add("d" + id + ": created " + spec.name() + ", " + spec.vcpus() + " vCPUs");
    ports.domains().tell(DomainListener::created, domain);
    return domain;
  }

  /** As Xen does: after the one given last, so that a domid isn't used again at once. */
  private int free() {
    for (int id = (int) lastDomid.value + 1; id < FIRST_RESERVED; id++) {
      if (!domains.containsKey(id)) {
        return id;
      }
    }
    for (int id = 2; id < FIRST_RESERVED; id++) {
      if (!domains.containsKey(id)) {
        return id;
      }
    }
    return FIRST_RESERVED;
  }

  @Override
  public final void destroy(Domain doomed) {
    GuestDomain domain = domains.get(doomed.id());
    if (domain != doomed || domain.kind() == DomainSpec.Kind.SERVICE) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, doomed.name() + " can't be destroyed");
    }
    domain.dying();
    domain.vcpus().forEach(scheduler::forget);
    for (PhysicalCpu processor : processors) {
      processor.evict(domain);
    }
    ports.domains().tell(DomainListener::destroyed, domain);
    domains.remove(domain.id());
    ports.service().withdraw(domain);
    ports.heap().freeAll(domain.serial());
    ports.heap().free(FrameHeap.HYPERVISOR, domain.sharedInfo() >>> 12);
    ports.log().add("d" + domain.id() + ": destroyed " + domain.name());
  }

  /** A domain may run for the first time. */
  void started(GuestDomain domain) {
    ports.domains().tell(DomainListener::started, domain);
  }

  /** A domain shut down, by itself or by a tool. */
  void down(GuestDomain domain) {
    ports.log().add("d%d: shut down for reason %d".formatted(domain.id(), domain.shutdownReason()));
    ports.domains().tell(DomainListener::shutdown, domain);
  }

  @Override
  public final @Nullable GuestVcpu current() {
    return inside == null ? null : inside.current();
  }

  @Override
  public final Platform platform() {
    return context.platform();
  }

  @Override
  public final List<? extends CpuPort> processors() {
    return cpus;
  }

  @Override
  public final long now() {
    return context.time().clock().now();
  }

  /** State of a domain is as {@link DomainState} says; whether its virtual CPUs may run may have changed. */
  void changed(GuestDomain domain) {
    for (GuestVcpu vcpu : domain.vcpus()) {
      scheduler.changed(vcpu);
    }
  }
}
