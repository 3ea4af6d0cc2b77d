// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vcpu;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GuestEventsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.HypercallOperation;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.SharedLayout;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.NarrowLayout;
import org.xenolith.xen.abi.RegisterRunstateArea;
import org.xenolith.xen.abi.RegisterVcpuInfo;
import org.xenolith.xen.abi.RunstateInfo;
import org.xenolith.xen.abi.VcpuOp;
import org.xenolith.xen.abi.XenErrno;

/**
 * Hypercall 24, vcpu_op: sub-operation in x0, number of the virtual CPU in x1, the argument's address in x2. On Arm there are
 * two sub-operations; starting and stopping is firmware's. What nobody serves is answered as the architecture has it.
 */
final class VcpuSubsystem implements DeviceModel, DomainListener, HypercallHandler {
  private static final int PAGE_SIZE = 4096;
  private static final int VCPUS = 1 << 16;
  /** More vCPUs than any machine has: a record with more is none of ours. */
  private static final int MOST_ENTRIES = 1 << 20;

  private final DeviceState state = new DeviceState();
  private final HypercallsPort hypercalls;
  private final DomainsPort domains;
  private final P2mPort p2m;
  private final FrameHeap frames;
  private final GuestEventsPort events;
  private final ArchitectureFacts facts;
  private final MachineMemory memory;
  /** Frames that hold a vcpu_info, by serial of the domain · 2¹⁶ + vCPU. */
  private final Map<Long, Long> registered = new TreeMap<>();
  private final SubOperations operations;
  private final byte[] buffer = new byte[RunstateInfo.SIZE];
  private final RunstateInfo runstate = new RunstateInfo();

  VcpuSubsystem(DeviceContext context) {
    state.varying("vcpu-infos", registered::clear, this::save, this::restore);
    hypercalls = context.port(HypercallsPort.class);
    domains = context.port(DomainsPort.class);
    p2m = context.port(P2mPort.class);
    frames = context.port(FrameHeapPort.class);
    events = context.port(GuestEventsPort.class);
    facts = context.port(ArchitectureFactsPort.class);
    memory = new MachineMemory(context.memory().physical());
    runstate.at(new AbiBytes(buffer), 0);
    operations = new SubOperations(context, 2, -XenErrno.XEN_EINVAL).add(
        SubOperation.of(VcpuOp.VCPUOP_register_vcpu_info, "register_vcpu_info", new RegisterVcpuInfo(), this::registerInfo)
            .unless(VcpuSubsystem::absent),
        SubOperation.of(VcpuOp.VCPUOP_register_runstate_memory_area, "register_runstate_memory_area", new RegisterRunstateArea(),
            this::registerRunstate).unless(VcpuSubsystem::absent));
    domains.listen(this, context);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_vcpu_op, this, context);
  }

  // ---- life

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void restored() {
    Domains core = domains.domains();
    if (core != null) {
      registered.entrySet().removeIf(entry -> {
        boolean gone = core.all().stream().noneMatch(domain -> domain.serial() == entry.getKey() / VCPUS);
        if (gone) {
          frames.drop(entry.getValue());
        }
        return gone;
      });
    }
  }

  @Override
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_vcpu_op, this);
    domains.forget(this);
  }

  @Override
  public void destroyed(Domain domain) {
    for (Vcpu vcpu : domain.vcpus()) {
      Long frame = registered.remove(key(vcpu));
      if (frame != null) {
        // nothing writes there any more, whoever gets the frame next
        vcpu.info(0);
        frames.drop(frame);
      }
    }
  }

  private static long key(Vcpu vcpu) {
    return (long) vcpu.domain().serial() * VCPUS + vcpu.id();
  }

  // ---- calls

  @Override
  public List<? extends HypercallOperation> operations() {
    return operations.operations();
  }

  @Override
  public long call(Hypercall call) {
    SubOperation<?> operation = operations.find((int) call.argument(0));
    return operation == null ? facts.unknownVcpuOperation(call.domain(), (int) call.argument(1)) : operations.call(call, operation);
  }

  private static int absent(Hypercall call) {
    return vcpu(call) == null ? -XenErrno.XEN_ENOENT : 0;
  }

  private static Vcpu vcpu(Hypercall call) {
    return call.domain().vcpu((int) call.argument(1));
  }

  private long registerInfo(Hypercall call, RegisterVcpuInfo info, Domain caller) {
    Vcpu vcpu = vcpu(call);
    int offset = info.offset();
    boolean elsewhere = vcpu != call.vcpu() && vcpu.online();
    if (offset < 0 || offset > PAGE_SIZE - call.domain().sharedLayout().vcpuInfoSize() || registered.containsKey(key(vcpu)) || elsewhere) {
      return -XenErrno.XEN_EINVAL;
    }
    long gfn = info.mfn();
    if (gfn >>> 40 != 0 || p2m.type(call.domain(), gfn) != PageType.RAM) {
      return -XenErrno.XEN_EINVAL;
    }
    long page = p2m.translate(call.domain(), gfn << 12, true);
    if (page < 0) {
      return -XenErrno.XEN_EINVAL;
    }
    frames.hold(page >>> 12);
    registered.put(key(vcpu), page >>> 12);
    move(vcpu, page + offset);
    return 0;
  }

  /** Takes along what was there, and lets the vCPU look for events everywhere: one may have come in between. */
  private void move(Vcpu vcpu, long to) {
    SharedLayout layout = vcpu.domain().sharedLayout();
    byte[] content = new byte[layout.vcpuInfoSize()];
    if (vcpu.info() != 0) {
      memory.read(vcpu.info(), content, 0, content.length);
    }
    memory.write(to, content, 0, content.length);
    vcpu.info(to);
    memory.write8(to + layout.upcall(), (byte) 1);
    if (layout.wordSize() == 8) {
      memory.write64(to + layout.selector(), -1);
    } else {
      memory.write32(to + layout.selector(), -1);
    }
    events.raise(vcpu);
  }

  /** Whether it can be written there isn't asked: an area that can't be is not written. */
  private long registerRunstate(Hypercall call, RegisterRunstateArea area, Domain caller) {
    Vcpu vcpu = vcpu(call);
    long va = area.addr();
    vcpu.runstateArea(va);
    if (va != 0) {
      long[] times = vcpu.runstate();
      runstate.state(vcpu.runstateKind());
      buffer[4] = buffer[5] = buffer[6] = buffer[7] = 0;
      runstate.stateEntryTime(times[4]);
      for (int i = 0; i < 4; i++) {
        runstate.time(i, times[i]);
      }
      show(call, va);
    }
    return 0;
  }

  private void show(Hypercall call, long va) {
    NarrowLayout layout = call.wordSize() == 8 ? null : runstate.narrow();
    if (layout != null) {
      byte[] narrow = new byte[layout.size()];
      layout.narrow(new AbiBytes(buffer), 0, new AbiBytes(narrow), 0, 0, RunstateInfo.SIZE);
      call.write(va, narrow, 0, narrow.length);
    } else {
      call.write(va, buffer, 0, RunstateInfo.SIZE);
    }
  }

  // ---- record

  private byte[] save() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(registered.size());
      for (var entry : registered.entrySet()) {
        out.writeLong(entry.getKey());
        out.writeLong(entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void restore(byte[] saved) {
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(saved));
      int count = in.readInt();
      if (count < 0 || count > MOST_ENTRIES) {
        throw new StateMismatch("vcpu-infos: " + count + " entries");
      }
      registered.clear();
      for (int i = 0; i < count; i++) {
        registered.put(in.readLong(), in.readLong());
      }
    } catch (IOException e) {
      throw new StateMismatch("vcpu-infos: the record ends too early");
    }
  }
}
