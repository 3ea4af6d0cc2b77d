// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.GuestEventsPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.SharedLayout;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.arm.kit.ArmLayouts;
import org.xenolith.hyp.kit.FrameTable;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeClock;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeCpu;
import org.xenolith.testkit.FakeNode;

/**
 * A hypervisor without a machine, for unit tests of one subsystem or a few: ports, frames, stage 2 and the interrupt
 * controller as fakes, access control as Xen's default policy has it. A subsystem under test is put in with
 * {@link #install}; its place is its role.
 */
public final class FakeHypervisor implements Domains {
  /** Intermediate physical address of the RAM of a domain that isn't mapped 1:1. */
  public static final long GUEST_RAM = 0x4000_0000L;
  /** Pages of RAM that a domain has from the start. */
  public static final int PAGES = 64;
  /** Times a hypercall may be made again before the test is declared to hang. */
  private static final int MOST_REPEATS = 1_000_000;

  private final FakeContext root;
  private final FakeMachine machine;
  private final MachineMemory memory;
  private final FakeVirtualGic gic = new FakeVirtualGic();
  private final FakeP2m p2m;
  private final TreeMap<Integer, FakeDomain> domains = new TreeMap<>();
  private final Map<String, FakeContext> contexts = new LinkedHashMap<>();
  private final Map<String, DeviceModel> models = new HashMap<>();
  /** By role: the context of who comes after one that was taken out. */
  private final Map<String, FakeContext> successors = new HashMap<>();
  private FakeStore store;
  private FakeGrants grants;
  private FakeEventChannels channels;
  private int serials;
  private Vcpu current;
  private SharedLayout layout = ArmLayouts.ARM;

  /** A hypervisor on one CPU. */
  public FakeHypervisor() {
    this(1);
  }

  /** A hypervisor on so many CPUs. */
  public FakeHypervisor(int cpus) {
    this(cpus, Map.of());
  }

  /** A hypervisor on so many CPUs, whose subsystems have these options by name. */
  public FakeHypervisor(int cpus, Map<String, String> options) {
    FakeNode node = FakeNode.at(HypervisorNode.PATH).compatible(HypervisorNode.COMPATIBLE);
    options.forEach(node::option);
    root = new FakeContext(node.build(), cpus);
    machine = new FakeMachine(cpus);
    for (int i = 0; i < cpus; i++) {
      root.cpus().get(i).platformObject(machine.cpus().get(i));
    }
    root.physical(cpu -> machine);
    memory = new MachineMemory(machine);
    FrameHeapPort heap = port(FrameHeapPort.class);
    heap.attach(new FrameTable(List.of(new AddressWindow(FakeMachine.RAM, FakeMachine.SIZE))), root);
    p2m = new FakeP2m(heap, memory);
    port(P2mPort.class).attach(p2m, root);
    port(VirtualGicPort.class).attach(gic, root);
    port(GuestEventsPort.class).attach(gic, root);
    port(ArchitectureFactsPort.class).attach(new FakeFacts(), root);
    port(AccessControlPort.class).attach(FakeHypervisor::allowed, root);
    port(DomainsPort.class).attach(this, root);
  }

  private static boolean allowed(Domain caller, Privilege privilege, Domain target) {
    return switch (privilege) {
      case ANY -> true;
      case SELF -> caller == target || caller.privileged();
      case CONTROL -> caller.privileged();
      case HARDWARE -> caller.kind() == DomainSpec.Kind.DOM0;
    };
  }

  // ---- subsystems

  /** Puts a subsystem in, cold, and returns its model. */
  public DeviceModel install(String role, DeviceModelFactory factory) {
    FakeContext context = contexts.compute(role, (r, old) -> old == null ? root.sibling(":" + r) : old.successor());
    DeviceModel model = context.create(factory);
    models.put(role, model);
    return model;
  }

  /** Puts a snapshot's record into the model of a role that is there. */
  public void restore(String role, StateRecord record) {
    contexts.get(role).restore(models.get(role), record);
  }

  /** Replaces a subsystem by another version, which takes over state and alarms. */
  public DeviceModel replace(String role, DeviceModelFactory factory) {
    FakeContext old = contexts.get(role);
    StateRecord record = models.get(role).state().save();
    FakeContext next = old.successor();
    DeviceModel model = next.create(factory, DeviceOrigin.HAND_OVER, record, old);
    contexts.put(role, next);
    models.put(role, model);
    return model;
  }

  /** Takes a subsystem out. @return its state, as the machine keeps it for a later one */
  public StateRecord remove(String role) {
    DeviceModel model = models.remove(role);
    StateRecord record = model.state().save();
    model.removed();
    // Its alarms ring no more.
    successors.put(role, contexts.get(role).successor());
    return record;
  }

  /** Puts a subsystem in that goes on with the state and the alarms of one that was taken out. */
  public DeviceModel bringBack(String role, DeviceModelFactory factory, StateRecord record) {
    FakeContext waiting = successors.remove(role);
    FakeContext context = waiting == null ? contexts.get(role).successor() : waiting;
    DeviceModel model = context.create(factory, DeviceOrigin.RETURN, record, contexts.get(role));
    contexts.put(role, context);
    models.put(role, model);
    return model;
  }

  /** Adds nodes to the platform; before the subsystem is put in that looks for them. */
  public FakeHypervisor beside(PlatformNode... nodes) {
    root.beside(nodes);
    return this;
  }

  /** The context that the present model of a role was made with. */
  public FakeContext context(String role) {
    return contexts.get(role);
  }

  /** A port at the hypervisor's node. */
  public <T> T port(Class<T> type) {
    return root.port(type);
  }

  /** The machine's memory. */
  public MachineMemory memory() {
    return memory;
  }

  /** The machine. */
  public FakeMachine machine() {
    return machine;
  }

  /** A CPU of the machine as subsystems meet it. */
  public FakeCpu cpu(int index) {
    return root.cpus().get(index);
  }

  /** The interrupt controller that remembers what is injected. */
  public FakeVirtualGic gic() {
    return gic;
  }

  /** Stage 2. */
  public FakeP2m p2m() {
    return p2m;
  }

  /** A store, which the hypervisor has from the first call on. */
  public FakeStore store() {
    if (store == null) {
      store = new FakeStore(port(StorePort.class));
      port(StorePort.class).attach(store, root);
    }
    return store;
  }

  /** Grants, which the hypervisor has from the first call on. */
  public FakeGrants grants() {
    if (grants == null) {
      grants = new FakeGrants(port(P2mPort.class));
      port(GrantsPort.class).attach(grants, root);
    }
    return grants;
  }

  /** Event channels, which the hypervisor has from the first call on. */
  public FakeEventChannels eventChannels() {
    if (channels == null) {
      channels = new FakeEventChannels(port(ServiceEventsPort.class));
      port(EventChannelsPort.class).attach(channels, root);
    }
    return channels;
  }

  /** What {@code CpuPort.as} gives of a CPU for subsystems, in the place of an A64 one: a CPU of another architecture. */
  public FakeHypervisor cpu(int index, CpuPort other) {
    root.cpus().get(index).platformObject(other);
    return this;
  }

  /** How domains that are made from now on lay out what they share with it; as on Arm unless said. */
  public FakeHypervisor sharedLayout(SharedLayout other) {
    layout = other;
    return this;
  }

  SharedLayout sharedLayout() {
    return layout;
  }

  /** Virtual time, moved by hand. */
  public FakeClock clock() {
    return root.clock();
  }

  // ---- domains

  /** Dom0 with so many vCPUs, running. */
  public FakeDomain dom0(int vcpus) {
    return domain(0, DomainSpec.Kind.DOM0, vcpus);
  }

  /** The service domain. */
  public FakeDomain service() {
    return domain(ServiceEventsPort.DOMID, DomainSpec.Kind.SERVICE, 1);
  }

  /** A guest, running. */
  public FakeDomain domU(int id, int vcpus) {
    return domain(id, DomainSpec.Kind.DOMU, vcpus);
  }

  private FakeDomain domain(int id, DomainSpec.Kind kind, int vcpus) {
    FakeDomain domain = create(id, new DomainSpec("fake" + id, new UUID(0xFA4E, id), vcpus, 4096, kind,
        kind == DomainSpec.Kind.DOM0 ? 16 : 31, 256, 0));
    if (kind != DomainSpec.Kind.SERVICE && p2m.populate(domain, domain.gfn(), PAGES) != 0) {
      throw new AssertionError("no memory for " + domain);
    }
    domain.unpause();
    return domain;
  }

  @Override
  public FakeDomain create(int id, DomainSpec spec) {
    int given = id;
    while (given < 0 || id < 0 && domains.containsKey(given)) {
      given++;
    }
    if (domains.containsKey(given)) {
      throw new AssertionError("domid " + given + " is taken");
    }
    long frame = port(FrameHeapPort.class).allocate(FrameHeap.HYPERVISOR, 1, 1);
    memory.clear(frame << 12);
    FakeDomain domain = new FakeDomain(this, given, ++serials, spec, frame << 12);
    domains.put(given, domain);
    port(DomainsPort.class).tell(DomainListener::created, domain);
    return domain;
  }

  /** Another version of the core takes over: all domains are other objects. */
  public void renew() {
    domains.replaceAll((id, domain) -> domain.successor());
    domains.values().forEach(domain -> port(DomainsPort.class).tell(DomainListener::renewed, domain));
  }

  @Override
  public void destroy(Domain domain) {
    FakeDomain dying = domains.get(domain.id());
    dying.state(DomainState.DYING);
    port(DomainsPort.class).tell(DomainListener::destroyed, dying);
    p2m.forget(dying);
    port(FrameHeapPort.class).freeAll(dying.serial());
    port(FrameHeapPort.class).free(FrameHeap.HYPERVISOR, dying.sharedInfo() >>> 12);
    domains.remove(dying.id());
  }

  @Override
  public CpuEntry entry() {
    return new ArmEntry(0, 0);
  }

  @Override
  public List<FakeDomain> all() {
    return new ArrayList<>(domains.values());
  }

  @Override
  public FakeDomain byId(int id) {
    return domains.get(id);
  }

  @Override
  public Vcpu current() {
    return current;
  }

  @Override
  public Platform platform() {
    return root.platform();
  }

  @Override
  public List<Cpu> processors() {
    return machine.cpus();
  }

  @Override
  public long now() {
    return root.clock().now();
  }

  long call(FakeVcpu vcpu, int wordSize, int number, long... arguments) {
    HypercallsPort hypercalls = port(HypercallsPort.class);
    FakeHypercall call = new FakeHypercall(vcpu, number, arguments).wordSize(wordSize);
    Vcpu before = current;
    current = vcpu;
    try {
      long result = hypercalls.dispatch(call);
      for (int i = 0; call.tookAgain(); i++) {
        if (i == MOST_REPEATS) {
          throw new AssertionError(call + " is made again for ever");
        }
        result = hypercalls.dispatch(call);
      }
      return result;
    } finally {
      current = before;
    }
  }
}
