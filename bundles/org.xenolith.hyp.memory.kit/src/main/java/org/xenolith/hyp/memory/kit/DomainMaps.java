// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.DeviceMapping;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.P2m;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

/**
 * What all domains' memory is. A domain has no tables before it is asked for. The model of the role {@code p2m} on machines of one architecture
 * extends it.
 */
public abstract class DomainMaps implements DeviceModel, P2m, DomainListener {
  /** No device is above 48 bits of address. */
  private static final long DEVICE_FRAMES = 1L << 36;
  /** Name of {@link #STRICT}. */
  static final String STRICT_XEN = "strict-xen";
  /** An option that every model of this kind has. */
  public static final Option STRICT = new Option(STRICT_XEN, Type.BOOLEAN, "false",
      "Serves no machine_memory_map, as Xen on Arm, and moves no shared_info, as Xen from 4.17 on", false);

  /** The core. */
  protected final DomainsPort domains;
  final FrameHeap heap;
  final TableFormat format;
  /** Whether it is as Xen has it on x86. */
  final boolean pc;
  private final P2mPort port;
  private final HypervisorTracePort trace;
  private final HypercallsPort hypercalls;
  private final MachineMemory memory;
  private final FrameAllocation frames;
  private final MemoryOperations operations;
  private final int tags;
  private final DeviceState state = new DeviceState();
  private final Map<Integer, DomainTables> bySerial = new TreeMap<>();
  /** The tables that were asked for last, so that a hot path needs no look-up. */
  private @Nullable DomainTables last;

  /** @param tags how many numbers there are to name a domain's entries in TLBs; 0 is nobody's */
  protected DomainMaps(DeviceContext context, TableFormat format, int tags) {
    this(context, format, tags, false);
  }

  /**
   * One that says which of Xen's two ways it goes.
   *
   * @param pc whether domains have memory maps, and pages of the hypervisor's move where they are shown again, as Xen has it on x86
   */
  protected DomainMaps(DeviceContext context, TableFormat format, int tags, boolean pc) {
    this.format = format;
    this.pc = pc;
    this.tags = tags;
    domains = context.port(DomainsPort.class);
    heap = context.port(FrameHeapPort.class);
    port = context.port(P2mPort.class);
    trace = context.port(HypervisorTracePort.class);
    hypercalls = context.port(HypercallsPort.class);
    memory = new MachineMemory(context.memory().physical());
    state.children("domains", this::forgetAll, this::children, this::remake);
    frames = new FrameAllocation(this, new MachineMemory(context.memory().physical()));
    operations = new MemoryOperations(context, this, frames);
    port.attach(this, context);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_memory_op, operations, context);
    domains.listen(this, context);
  }

  /** What the CPU's register of a domain's tables holds: where they are, and their {@link DomainTables#tag}. */
  protected abstract long register(DomainTables tables);

  /** Valid entries of a domain's tables changed: all CPUs forget what they know of it. @param register as {@link #register} has it */
  protected abstract void invalidate(long register);

  private void forgetAll() {
    bySerial.clear();
    last = null;
  }

  private Map<String, DeviceState> children() {
    Map<String, DeviceState> children = new LinkedHashMap<>();
    bySerial.forEach((serial, tables) -> children.put(Integer.toString(serial), tables.state));
    return children;
  }

  private DeviceState remake(String serial) {
    DomainTables tables = new DomainTables(Integer.parseInt(serial), format, memory, heap);
    bySerial.put(tables.serial, tables);
    return tables.state;
  }

  // ---- DeviceModel

  @Override
  public final DeviceState state() {
    return state;
  }

  @Override
  public final void reset() {
    state.reset();
  }

  @Override
  public final void restored() {
    last = null;
    Domains core = domains.domains();
    if (core == null) {
      return;
    }
    List<DomainTables> gone = new ArrayList<>(bySerial.values());
    for (Domain domain : core.all()) {
      DomainTables tables = bySerial.get(domain.serial());
      if (tables != null) {
        tables.domain = domain;
        tables.restored();
        gone.remove(tables);
      }
    }
    gone.forEach(this::end);
  }

  @Override
  public final void removed() {
    port.detach(this);
    hypercalls.release(HypercallNumber.__HYPERVISOR_memory_op, operations);
    domains.forget(this);
  }

  // ---- Domains come and go

  @Override
  public final void destroyed(Domain domain) {
    DomainTables tables = bySerial.get(domain.serial());
    if (tables != null) {
      end(tables);
    }
  }

  private void end(DomainTables tables) {
    long register = register(tables);
    tables.end();
    if (tables.stale) {
      invalidate(register);
      tell(tables);
    }
    bySerial.remove(tables.serial);
    last = null;
  }

  /** A domain's tables, made when there are none yet; null if there is no room for them, or it is being destroyed. */
  DomainTables tables(Domain domain) {
    DomainTables tables = last;
    if (tables == null || tables.domain != domain) {
      tables = bySerial.get(domain.serial());
      if (tables == null) {
        tables = begin(domain);
      }
      if (tables != null) {
        tables.domain = domain;
        last = tables;
      }
    }
    return tables;
  }

  private @Nullable DomainTables begin(Domain domain) {
    int tag = freeTag();
    if (tag < 0 || domain.state() == DomainState.DYING) {
      return null;
    }
    DomainTables tables = new DomainTables(domain.serial(), format, memory, heap);
    if (!tables.begin(tag)) {
      return null;
    }
    tables.owned.value = heap.count(domain.serial());
    bySerial.put(tables.serial, tables);
    return tables;
  }

  private int freeTag() {
    boolean[] taken = new boolean[tags];
    bySerial.values().forEach(tables -> taken[tables.tag()] = true);
    for (int tag = 1; tag < tags; tag++) {
      if (!taken[tag]) {
        return tag;
      }
    }
    return -1;
  }

  /** What changed is known to the TLBs from here on. */
  private void settle(DomainTables tables) {
    if (tables.stale) {
      tables.stale = false;
      invalidate(register(tables));
      tell(tables);
    }
  }

  /** Those who keep translations besides the CPUs; nobody has any of a domain that was gone before its tables. */
  private void tell(DomainTables tables) {
    if (tables.domain != null) {
      port.changed(tables.domain);
    }
  }

  /** Whether guest frames are in the range that stage 2 translates. */
  boolean reachable(long gfn, long count) {
    return gfn >= 0 && count > 0 && gfn < format.limit() && count <= format.limit() - gfn;
  }

  // ---- P2m

  @Override
  public final long translate(Domain domain, long ipa, boolean write) {
    DomainTables tables = tables(domain);
    return tables == null ? -1 : tables.translate(ipa, write);
  }

  @Override
  public final PageType type(Domain domain, long gfn) {
    return format.type(descriptor(domain, gfn));
  }

  /** The page descriptor of a guest frame; 0 if nothing is there. */
  long descriptor(Domain domain, long gfn) {
    DomainTables tables = tables(domain);
    return tables == null ? 0 : tables.find(gfn);
  }

  @Override
  public final int map(Domain domain, long gfn, long mfn, long count, PageType type) {
    if (count == 0) {
      return 0;
    }
    if (type == PageType.NONE) {
      return unmap(domain, gfn, count);
    }
    long machine = 1L << TableFormat.FRAME_BITS;
    if (!reachable(gfn, count) || mfn < 0 || mfn >= machine || count > machine - mfn) {
      return -XenErrno.XEN_EINVAL;
    }
    DomainTables tables = tables(domain);
    if (tables == null) {
      return -XenErrno.XEN_ENOMEM;
    }
    boolean done = tables.map(gfn, mfn, count, type);
    settle(tables);
    if (trace.on()) {
      trace.happened(HypervisorTracePort.Kind.STAGE2, null, domain.id(), gfn, count);
    }
    return done ? 0 : -XenErrno.XEN_ENOMEM;
  }

  @Override
  public final int unmap(Domain domain, long gfn, long count) {
    if (count == 0) {
      return 0;
    }
    if (!reachable(gfn, count)) {
      return -XenErrno.XEN_EINVAL;
    }
    DomainTables tables = tables(domain);
    if (tables == null) {
      return 0;
    }
    boolean done = tables.unmap(gfn, count);
    settle(tables);
    if (trace.on()) {
      trace.happened(HypervisorTracePort.Kind.STAGE2, null, domain.id(), gfn, -count);
    }
    return done ? 0 : -XenErrno.XEN_ENOMEM;
  }

  @Override
  public final int populate(Domain domain, long gfn, long count) {
    return frames.populate(domain, gfn, count);
  }

  @Override
  public final long root(Domain domain) {
    DomainTables tables = tables(domain);
    return tables == null ? 0 : register(tables);
  }

  @Override
  public final void deviceMapping(Domain domain, DeviceMapping when) {
    DomainTables tables = tables(domain);
    if (tables != null) {
      tables.devices.value = when.ordinal();
    }
  }

  /** Whether a domain's windows of the machine are mapped that way. */
  boolean mapsDevices(Domain domain, DeviceMapping way) {
    DomainTables tables = tables(domain);
    return tables != null && (tables.devices() == way || tables.devices() == DeviceMapping.REQUEST_OR_ACCESS);
  }

  /** Whether a frame is of a device, not RAM, and the domain may have it. */
  boolean isPermittedDevice(Domain domain, long mfn) {
    return mfn >= 0 && mfn < DEVICE_FRAMES && domain.permissions().mayMap(new Frames(mfn, mfn)) && heap.owner(mfn) < 0;
  }

  /**
   * Memory is there or not: nothing is populated late, nothing is paged. What may come late are windows of devices, each at the machine's
   * own address.
   */
  @Override
  public final boolean fault(Vcpu vcpu, long ipa, boolean write) {
    Domain domain = vcpu.domain();
    long frame = ipa >>> 12;
    return mapsDevices(domain, DeviceMapping.ACCESS) && isPermittedDevice(domain, frame) && type(domain, frame) == PageType.NONE
        && map(domain, frame, frame, 1, PageType.DEVICE) == 0;
  }

  @Override
  public final long entry(Domain domain, long gfn) {
    DomainTables tables = bySerial.get(domain.serial());
    if (tables == null || tables.root() == 0 || gfn < 0 || gfn >= format.limit()) {
      return -1;
    }
    long address = tables.root() + (format.index(gfn, format.start) << 3);
    for (int level = format.start; format.isTable(memory.read64(address), level);) {
      address = (memory.read64(address) & TableFormat.OUTPUT) + (format.index(gfn, ++level) << 3);
    }
    return address;
  }

  @Override
  public final long pages(Domain domain) {
    DomainTables tables = bySerial.get(domain.serial());
    return tables == null ? 0 : tables.pages.value;
  }
}
