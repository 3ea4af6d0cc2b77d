// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.platform;

import java.util.List;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.Hypercalls;
import org.xenolith.hyp.api.MachineMemory;
import org.xenolith.hyp.api.SubOperation;
import org.xenolith.hyp.api.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.PlatformArgument;
import org.xenolith.xen.abi.PlatformOp;
import org.xenolith.xen.abi.PlatformSetTime64;
import org.xenolith.xen.abi.SharedInfo;
import org.xenolith.xen.abi.XenErrno;

/**
 * Hypercall 7, platform_op, of which Arm has the wall clock: the argument's address is in x0. The hypervisor knows no date;
 * Dom0 says which one it was at a system time, and what it was at system time 0 is shown to all domains. A domain adds its
 * system time, which is virtual time since power-on.
 */
final class WallClock implements DeviceModel, DomainListener, HypercallHandler {
  private static final long SECOND = 1_000_000_000L;

  private final DeviceState state = new DeviceState();
  /** The date at system time 0: seconds since 1970, and nanoseconds. */
  private final LongCell seconds = state.cell("seconds", 0);
  private final LongCell nanoseconds = state.cell("nanoseconds", 0);
  private final Hypercalls hypercalls;
  private final DomainsPort domains;
  private final AccessControlPort access;
  private final MachineMemory memory;
  private final byte[] bytes = new byte[PlatformArgument.SIZE];
  private final PlatformArgument frame = new PlatformArgument();
  private final SubOperations operations;
  private final SharedInfo shared = new SharedInfo();

  WallClock(DeviceContext context) {
    hypercalls = context.port(Hypercalls.class);
    domains = context.port(DomainsPort.class);
    access = context.port(AccessControlPort.class);
    memory = new MachineMemory(context.memory().physical());
    AbiBytes place = new AbiBytes(bytes);
    frame.at(place, 0);
    operations = new SubOperations(context).addFramed(Privilege.HARDWARE, place, PlatformArgument.ARGUMENT,
        List.of(SubOperation.of(PlatformOp.XENPF_settime64, "settime64", new PlatformSetTime64(), this::set)));
    domains.listen(this, context);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_platform_op, this, context);
  }

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
    Domains core = domains.domains();
    if (core != null) {
      core.all().forEach(this::created);
    }
  }

  @Override
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_platform_op, this);
    domains.forget(this);
  }

  /** A domain that doesn't have the date yet gets it. */
  @Override
  public void created(Domain domain) {
    if (domain.sharedInfo() != 0) {
      shared.at(memory, domain.sharedInfo());
      if (shared.wcSec() != (int) seconds.value || shared.wcSecHi() != (int) (seconds.value >>> 32)
          || shared.wcNsec() != (int) nanoseconds.value) {
        show(domain);
      }
    }
  }

  /** The version is odd while the rest is being written, and another even one afterwards. */
  private void show(Domain domain) {
    shared.at(memory, domain.sharedInfo());
    int version = shared.wcVersion() + 1 | 1;
    shared.wcVersion(version);
    shared.wcSec((int) seconds.value);
    shared.wcSecHi((int) (seconds.value >>> 32));
    shared.wcNsec((int) nanoseconds.value);
    shared.wcVersion(version + 1);
  }

  @Override
  public List<SubOperation<?>> operations() {
    return operations.operations();
  }

  @Override
  public long call(Hypercall call) {
    if (!call.read(call.argument(0), bytes, 0, PlatformArgument.SIZE)) {
      return -XenErrno.XEN_EFAULT;
    }
    if (frame.interfaceVersion() != PlatformOp.XENPF_INTERFACE_VERSION) {
      return -XenErrno.XEN_EACCES;
    }
    if (!access.allowed(call.domain(), Privilege.HARDWARE, call.domain())) {
      return -XenErrno.XEN_EPERM;
    }
    SubOperation<?> operation = operations.find(frame.cmd());
    return operation == null ? -XenErrno.XEN_ENOSYS : operation.serve(call, call.domain());
  }

  private long set(Hypercall call, PlatformSetTime64 time, Domain caller) {
    if (time.mbz() != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    set(time.secs(), Integer.toUnsignedLong(time.nsecs()), time.systemTime());
    return 0;
  }

  /** Whatever Dom0 says, however senseless, it wraps as 64-bit numbers do. */
  private void set(long atSeconds, long atNanoseconds, long systemTime) {
    long base = atSeconds * SECOND + atNanoseconds - systemTime;
    seconds.value = Long.divideUnsigned(base, SECOND);
    nanoseconds.value = Long.remainderUnsigned(base, SECOND);
    Domains core = domains.domains();
    if (core != null) {
      for (Domain domain : core.all()) {
        if (domain.sharedInfo() != 0) {
          show(domain);
        }
      }
    }
  }
}
