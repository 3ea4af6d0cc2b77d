// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.platform;

import java.util.List;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.PlatformOperationsPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.kit.SharedDate;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.PlatformOp;
import org.xenolith.xen.abi.PlatformSetTime64;
import org.xenolith.xen.abi.XenErrno;

/**
 * The wall clock, the one command of hypercall 7, platform_op, that Xen has on Arm. The hypervisor knows no date but that of a PC's clock chip, where the machine has one; Dom0 says which
 * one it was at a system time, and what it was at system time 0 is shown to all domains. A domain adds its system time, which is virtual time since power-on.
 */
final class WallClock implements DeviceModel, DomainListener {
  private static final long SECOND = 1_000_000_000L;

  private final DeviceState state = new DeviceState();
  /** The date at system time 0: seconds since 1970, and nanoseconds. */
  private final LongCell seconds = state.cell("seconds", 0);
  private final LongCell nanoseconds = state.cell("nanoseconds", 0);
  /** The clock chip was asked, or Dom0 has said. */
  private final LongCell known = state.cell("known", 0);
  private final HypercallsPort hypercalls;
  private final DomainsPort domains;
  private final PlatformOperationsPort commands;
  private final HypercallHandler calls;
  private final DeviceContext context;
  private final SharedDate shared;

  WallClock(DeviceContext context) {
    hypercalls = context.port(HypercallsPort.class);
    domains = context.port(DomainsPort.class);
    commands = context.port(PlatformOperationsPort.class);
    calls = new PlatformCalls(context);
    this.context = context;
    shared = new SharedDate(new MachineMemory(context.memory().physical()));
    commands.claim(context, List.of(SubOperation.of(PlatformOp.XENPF_settime64, "settime64", new PlatformSetTime64(), this::set)
        .needs(Privilege.HARDWARE)));
    domains.listen(this, context);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_platform_op, calls, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void restored() {
    Domains core = domains.domains();
    // Else all that there are have had the date; what they have made of it since is theirs.
    if (context.origin() == DeviceOrigin.RETURN && core != null) {
      core.all().forEach(this::created);
    }
  }

  @Override
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_platform_op, calls);
    commands.release(context);
    domains.forget(this);
  }

  /** A domain that doesn't have the date yet gets it. The first one is there before any CPU executes, as Xen asks the clock chip before it builds one. */
  @Override
  public void created(Domain domain) {
    if (known.value == 0) {
      known.value = 1;
      ClockChip.read(context).ifPresent(date -> set(date, 0, context.time().clock().now()));
    }
    if (domain.sharedInfo() != 0) {
      shared.of(domain);
      if (shared.seconds() != seconds.value || shared.nanoseconds() != (int) nanoseconds.value) {
        show(domain);
      }
    }
  }

  /** What was there isn't the date where it is now. */
  @Override
  public void laidOut(Domain domain) {
    created(domain);
  }

  private void show(Domain domain) {
    shared.of(domain);
    shared.set(seconds.value, (int) nanoseconds.value);
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
    known.value = 1;
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
