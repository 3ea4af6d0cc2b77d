// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.Granule;
import org.xenolith.cpu.arch.SystemRegister;
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
import org.xenolith.hyp.api.P2m;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

/** Stage 2 of all domains. A domain has no tables before it is asked for. */
final class P2mModel implements DeviceModel, P2m, DomainListener {
  /** VMIDs have 8 bits; 0 is nobody's. */
  private static final int VMIDS = 256;
  private static final int ID_AA64MMFR0_EL1 = SystemRegister.id(3, 0, 0, 7, 0);
  private static final int PHYSICAL_SIZE = 15;
  /** No device is above 48 bits of address. */
  private static final long DEVICE_FRAMES = 1L << 36;

  final DomainsPort domains;
  final FrameHeap heap;
  private final P2mPort port;
  private final HypercallsPort hypercalls;
  private final MachineMemory memory;
  private final Stage2Format format;
  private final TlbMaintenance maintenance;
  private final FrameAllocation frames;
  private final MemoryOperations operations;
  private final long control;
  private final DeviceState state = new DeviceState();
  private final Map<Integer, DomainTables> bySerial = new TreeMap<>();
  /** The tables that were asked for last, so that a hot path needs no look-up. */
  private DomainTables last;

  P2mModel(DeviceContext context, int bits) {
    Cpu cpu = context.processors().cpus().getFirst().as(Cpu.class);
    if (!cpu.config.granules().contains(Granule.K4)) {
      throw new ModelException("stage 2 has pages of 4 KiB, as Xen's interface does, and the CPUs have granules of "
          + Granule.list(cpu.config.granules()) + " only: add 4k to " + option("granules"));
    }
    domains = context.port(DomainsPort.class);
    heap = context.port(FrameHeapPort.class);
    port = context.port(P2mPort.class);
    hypercalls = context.port(HypercallsPort.class);
    memory = new MachineMemory(context.memory().physical());
    format = new Stage2Format(bits);
    maintenance = new TlbMaintenance(domains, cpu);
    control = format.control((int) cpu.el2.readRegister(ID_AA64MMFR0_EL1) & PHYSICAL_SIZE);
    state.children("domains", this::forgetAll, this::children, this::remake);
    frames = new FrameAllocation(this, new MachineMemory(context.memory().physical()));
    operations = new MemoryOperations(context, this, frames);
    port.attach(this, context);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_memory_op, operations, context);
    domains.listen(this, context);
  }

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
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
  }

  @Override
  public void restored() {
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
  public void removed() {
    port.detach(this);
    hypercalls.release(HypercallNumber.__HYPERVISOR_memory_op, operations);
    domains.forget(this);
  }

  // ---- Domains come and go

  @Override
  public void destroyed(Domain domain) {
    DomainTables tables = bySerial.get(domain.serial());
    if (tables != null) {
      end(tables);
    }
  }

  private void end(DomainTables tables) {
    long register = tables.register();
    tables.end();
    if (tables.stale) {
      maintenance.invalidate(register);
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

  private DomainTables begin(Domain domain) {
    int vmid = freeVmid();
    if (vmid < 0 || domain.state() == DomainState.DYING) {
      return null;
    }
    DomainTables tables = new DomainTables(domain.serial(), format, memory, heap);
    if (!tables.begin(vmid)) {
      return null;
    }
    tables.owned.value = heap.count(domain.serial());
    bySerial.put(tables.serial, tables);
    return tables;
  }

  private int freeVmid() {
    boolean[] taken = new boolean[VMIDS];
    bySerial.values().forEach(tables -> taken[(int) tables.vmid.value] = true);
    for (int vmid = 1; vmid < VMIDS; vmid++) {
      if (!taken[vmid]) {
        return vmid;
      }
    }
    return -1;
  }

  /** What changed is known to the TLBs from here on. */
  private void settle(DomainTables tables) {
    if (tables.stale) {
      tables.stale = false;
      maintenance.invalidate(tables.register());
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
  public long translate(Domain domain, long ipa, boolean write) {
    DomainTables tables = tables(domain);
    return tables == null ? -1 : tables.translate(ipa, write);
  }

  @Override
  public PageType type(Domain domain, long gfn) {
    return Stage2Format.type(descriptor(domain, gfn));
  }

  /** The page descriptor of a guest frame; 0 if nothing is there. */
  long descriptor(Domain domain, long gfn) {
    DomainTables tables = tables(domain);
    return tables == null ? 0 : tables.find(gfn);
  }

  @Override
  public int map(Domain domain, long gfn, long mfn, long count, PageType type) {
    if (count == 0) {
      return 0;
    }
    if (type == PageType.NONE) {
      return unmap(domain, gfn, count);
    }
    long machine = 1L << Stage2Format.FRAME_BITS;
    if (!reachable(gfn, count) || mfn < 0 || mfn >= machine || count > machine - mfn) {
      return -XenErrno.XEN_EINVAL;
    }
    DomainTables tables = tables(domain);
    if (tables == null) {
      return -XenErrno.XEN_ENOMEM;
    }
    boolean done = tables.map(gfn, mfn, count, type);
    settle(tables);
    return done ? 0 : -XenErrno.XEN_ENOMEM;
  }

  @Override
  public int unmap(Domain domain, long gfn, long count) {
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
    return done ? 0 : -XenErrno.XEN_ENOMEM;
  }

  @Override
  public int populate(Domain domain, long gfn, long count) {
    return frames.populate(domain, gfn, count);
  }

  @Override
  public long root(Domain domain) {
    DomainTables tables = tables(domain);
    return tables == null ? 0 : tables.register();
  }

  @Override
  public long control() {
    return control;
  }

  @Override
  public void deviceMapping(Domain domain, DeviceMapping when) {
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
  public boolean fault(Vcpu vcpu, long ipa, boolean write) {
    Domain domain = vcpu.domain();
    long frame = ipa >>> 12;
    return mapsDevices(domain, DeviceMapping.ACCESS) && isPermittedDevice(domain, frame) && type(domain, frame) == PageType.NONE
        && map(domain, frame, frame, 1, PageType.DEVICE) == 0;
  }

  @Override
  public long pages(Domain domain) {
    DomainTables tables = bySerial.get(domain.serial());
    return tables == null ? 0 : tables.pages.value;
  }
}
