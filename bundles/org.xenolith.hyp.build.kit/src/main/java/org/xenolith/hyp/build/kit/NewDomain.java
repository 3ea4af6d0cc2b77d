// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.kit;

import java.util.List;
import java.util.function.Consumer;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.XenErrno;

/** A domain while it is built: what any builder does. */
public final class NewDomain {
  /** Bits of an address within a page. */
  public static final int PAGE_SHIFT = 12;
  private static final int CALLBACK_TYPE_SHIFT = 56;
  private static final int CALLBACK_FLAGS_SHIFT = 8;

  private final HypervisorLogPort log;
  private final Domain domain;

  private NewDomain(HypervisorLogPort log, Domain domain) {
    this.log = log;
    this.domain = domain;
  }

  /**
   * Creates a domain and has it furnished; if that fails nothing of it is left.
   *
   * @param subsystem of the builder
   * @throws HypervisorException if it can't be built
   */
  public static Domain build(DeviceContext subsystem, int id, DomainSpec spec, Consumer<NewDomain> furnish) {
    Domains core = subsystem.port(DomainsPort.class).domains();
    if (core == null) {
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "the hypervisor's core is being replaced; try again");
    }
    NewDomain made = new NewDomain(subsystem.port(HypervisorLogPort.class), core.create(id, spec));
    boolean done = false;
    try {
      if (made.domain.eventInterrupt() != 0) {
        made.domain.parameter(HvmParam.HVM_PARAM_CALLBACK_IRQ, callback(made.domain.eventInterrupt()));
      }
      furnish.accept(made);
      done = true;
      return made.domain;
    } catch (FdtException | IllegalArgumentException e) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "domain " + spec.name() + ": " + e.getMessage());
    } finally {
      if (!done) {
        core.destroy(made.domain);
      }
    }
  }

  /** What tells a domain its event interrupt where no tree does: a PPI, level, active low. */
  private static long callback(int intid) {
    return (long) HvmParam.HVM_PARAM_CALLBACK_TYPE_PPI << CALLBACK_TYPE_SHIFT
        | HvmParam.HVM_PARAM_CALLBACK_TYPE_PPI_FLAG_LOW_LEVEL << CALLBACK_FLAGS_SHIFT | intid;
  }

  /** The domain. */
  public Domain domain() {
    return domain;
  }

  /** Fails with a reason unless a port's answer is 0. */
  public void demand(int answer, String what) {
    if (answer != 0) {
      throw new HypervisorException(answer, "domain " + domain.name() + ": " + what + ": " + reason(answer));
    }
  }

  /** Has the domain keep that room for grant frames: what it is told of it, and how, is the builder's to say. */
  public void grantRegion(FdtWindow room) {
    domain.grantRegion(new AddressWindow(room.base(), room.size()));
  }

  /** Says in the hypervisor's log what the domain goes without. */
  public void missing(String what) {
    log.add("d" + domain.id() + ": " + what);
  }

  /** What a port's negative answer means, for a person. */
  public static String reason(int answer) {
    return switch (-answer) {
      case XenErrno.XEN_ENOSYS -> "the subsystem for it isn't installed";
      case XenErrno.XEN_ENOMEM -> "no memory left, or the domain's limit is reached";
      case XenErrno.XEN_EBUSY -> "in use";
      default -> "error " + answer;
    };
  }

  /** Copies something into its memory. @throws HypervisorException if that isn't there */
  public void copy(long address, byte[] bytes, String what) {
    if (!domain.memory().write(address, bytes, 0, bytes.length)) {
      throw new HypervisorException(-XenErrno.XEN_EFAULT, "domain " + domain.name() + ": its memory at 0x"
          + Long.toHexString(address) + " doesn't take the " + what + " of " + bytes.length + " bytes");
    }
  }
}
