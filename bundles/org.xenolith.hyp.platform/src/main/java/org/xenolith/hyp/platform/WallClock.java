// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.platform;

import org.xenolith.cpu.arch.Cpu;
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
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.SharedInfo;
import org.xenolith.xen.abi.XenErrno;

/**
 * Hypercall 7, platform_op, of which Arm has the wall clock: the argument's address is in x0. The hypervisor knows no date;
 * Dom0 says which one it was at a system time, and what it was at system time 0 is shown to all domains. A domain adds its
 * system time, which is virtual time since power-on.
 */
final class WallClock implements DeviceModel, DomainListener, HypercallHandler {
  /** Public header {@code platform.h}: struct xen_platform_op up to the end of struct xenpf_settime64. */
  private static final int SIZE = 32;
  private static final int COMMAND = 0;
  private static final int INTERFACE_VERSION = 4;
  private static final int SECONDS = 8;
  private static final int NANOSECONDS = 16;
  private static final int MUST_BE_ZERO = 20;
  private static final int SYSTEM_TIME = 24;
  private static final int VERSION = 0x0300_0001;
  private static final int SETTIME64 = 62;
  private static final long SECOND = 1_000_000_000L;

  private final DeviceState state = new DeviceState();
  /** The date at system time 0: seconds since 1970, and nanoseconds. */
  private final LongCell seconds = state.cell("seconds", 0);
  private final LongCell nanoseconds = state.cell("nanoseconds", 0);
  private final Hypercalls hypercalls;
  private final DomainsPort domains;
  private final AccessControlPort access;
  private final MachineMemory memory;
  private final byte[] argument = new byte[SIZE];
  private final AbiBytes bytes = new AbiBytes(argument);
  private final SharedInfo shared = new SharedInfo();

  WallClock(DeviceContext context) {
    hypercalls = context.port(Hypercalls.class);
    domains = context.port(DomainsPort.class);
    access = context.port(AccessControlPort.class);
    memory = new MachineMemory(context.cpus().get(0).as(Cpu.class).env.bus());
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
  public long call(Hypercall call) {
    if (!call.read(call.argument(0), argument, 0, SIZE)) {
      return -XenErrno.XEN_EFAULT;
    }
    if (bytes.read32(INTERFACE_VERSION) != VERSION) {
      return -XenErrno.XEN_EACCES;
    }
    if (!access.allowed(call.domain(), Privilege.HARDWARE, call.domain())) {
      return -XenErrno.XEN_EPERM;
    }
    if (bytes.read32(COMMAND) != SETTIME64) {
      return -XenErrno.XEN_ENOSYS;
    }
    if (bytes.read32(MUST_BE_ZERO) != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    set(bytes.read64(SECONDS), Integer.toUnsignedLong(bytes.read32(NANOSECONDS)), bytes.read64(SYSTEM_TIME));
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
