// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

/**
 * Port: what subsystems add to hypercalls 36, domctl, and 35, sysctl, beside whoever serves them (public headers {@code domctl.h} and {@code sysctl.h}): what only one architecture has, mostly. Who serves the
 * hypercall copies its frame, finds the domain, sees to it that the caller may control it, and comes first for the operations that it has itself.
 */
public final class ControlOperationsPort {
  /** Bytes of a frame behind its head, of both hypercalls. */
  private static final int ROOM = Domctl.SIZE - Domctl.ARGUMENT;
  private final List<Claim> claims = new ArrayList<>();

  private record Claim(int hypercall, List<FramedOperation> operations, DeviceContext owner) {}

  /**
   * Serves operations from now on, in the place of what the same subsystem claimed of that hypercall. Of several subsystems with the same operation the one that came last has it.
   *
   * @param hypercall {@code __HYPERVISOR_domctl} or {@code __HYPERVISOR_sysctl}
   * @throws IllegalArgumentException if it is another hypercall, or an argument, or what is copied back of it, is larger than a frame has room for
   */
  public void claim(int hypercall, DeviceContext owner, List<? extends FramedOperation> operations) {
    if (hypercall != HypercallNumber.__HYPERVISOR_domctl && hypercall != HypercallNumber.__HYPERVISOR_sysctl) {
      throw new IllegalArgumentException("hypercall " + hypercall + " has no such operations; expected "
          + HypercallNumber.__HYPERVISOR_domctl + " or " + HypercallNumber.__HYPERVISOR_sysctl);
    }
    for (FramedOperation operation : operations) {
      int size = operation.argument() == null ? 0 : operation.argument().sizeOf();
      if (size > ROOM || operation.answerFrom() < 0 || operation.answerFrom() + operation.answerBytes() > size) {
        throw new IllegalArgumentException("hypercall " + hypercall + ", " + operation.name() + ": argument of " + size
            + " bytes, answer to byte " + (operation.answerFrom() + operation.answerBytes()) + "; expected at most " + ROOM
            + ", and an answer within the argument");
      }
    }
    claims.removeIf(claim -> claim.hypercall == hypercall && claim.owner.instance().equals(owner.instance()));
    claims.add(new Claim(hypercall, List.copyOf(operations), owner));
  }

  /** Serves them no longer; who had one of them before has it again. */
  public void release(DeviceContext owner) {
    claims.removeIf(claim -> claim.owner == owner);
  }

  /** What is added to a hypercall, by number. */
  public List<FramedOperation> operations(int hypercall) {
    List<FramedOperation> all = new ArrayList<>();
    for (Claim claim : claims.reversed()) {
      if (claim.hypercall == hypercall) {
        claim.operations.stream().filter(o -> all.stream().noneMatch(other -> other.number() == o.number())).forEach(all::add);
      }
    }
    all.sort(Comparator.comparingInt(FramedOperation::number));
    return all;
  }

  /** What is declared of an operation; null if nobody serves it. */
  public @Nullable FramedOperation find(int hypercall, int operation) {
    Claim claim = claim(hypercall, operation);
    return claim == null ? null : of(claim, operation);
  }

  /**
   * Serves an operation whose argument is placed; a subsystem that throws is taken out, and the answer is -ENOSYS as for an unknown one.
   *
   * @param target the domain that it concerns; of sysctl the caller
   */
  public long serve(int hypercall, int operation, Hypercall call, Domain target) {
    Claim claim = claim(hypercall, operation);
    if (claim == null) {
      return -XenErrno.XEN_ENOSYS;
    }
    try {
      return of(claim, operation).serve(call, target);
    } catch (Throwable bug) {
      claims.removeIf(other -> other.owner == claim.owner);
      claim.owner.failed(RolePort.rethrowMemory(bug));
      return -XenErrno.XEN_ENOSYS;
    }
  }

  private Claim claim(int hypercall, int operation) {
    return claims.reversed().stream().filter(claim -> claim.hypercall == hypercall && of(claim, operation) != null).findFirst().orElse(
        null);
  }

  private static FramedOperation of(Claim claim, int number) {
    return claim.operations.stream().filter(operation -> operation.number() == number).findFirst().orElse(null);
  }
}
