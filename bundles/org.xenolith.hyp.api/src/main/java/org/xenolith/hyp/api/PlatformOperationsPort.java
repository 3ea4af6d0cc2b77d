// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.xen.abi.PlatformArgument;
import org.xenolith.xen.abi.XenErrno;

/**
 * Port: who serves which command of hypercall 7, platform_op (public header {@code platform.h}, {@code XENPF_*}). Each subsystem claims
 * its own; one that nobody claimed is -ENOSYS. For the hardware domain only: who serves the hypercall sees to that.
 */
public final class PlatformOperationsPort {
  /** Bytes of a frame behind its head. */
  private static final int ROOM = PlatformArgument.SIZE - PlatformArgument.ARGUMENT;
  private final List<Claim> claims = new ArrayList<>();

  private record Claim(List<FramedOperation> operations, DeviceContext owner) {}

  /**
   * Serves commands from now on, in the place of an earlier claim of the same subsystem. Of several subsystems with the same command
   * the one that came last has it.
   *
   * @throws IllegalArgumentException if an argument, or what is copied back of it, is larger than a frame has room for
   */
  public void claim(DeviceContext owner, List<? extends FramedOperation> operations) {
    for (FramedOperation operation : operations) {
      int size = operation.argument() == null ? 0 : operation.argument().sizeOf();
      if (size > ROOM || operation.answerFrom() < 0 || operation.answerFrom() + operation.answerBytes() > size) {
        throw new IllegalArgumentException("platform_op " + operation.name() + ": argument of " + size + " bytes, answer to byte "
            + (operation.answerFrom() + operation.answerBytes()) + "; expected at most " + ROOM + ", and an answer within the argument");
      }
    }
    claims.removeIf(claim -> claim.owner.instance().equals(owner.instance()));
    claims.add(new Claim(List.copyOf(operations), owner));
  }

  /** Serves them no longer; who had one of them before has it again. */
  public void release(DeviceContext owner) {
    claims.removeIf(claim -> claim.owner == owner);
  }

  /** What is served, by number. */
  public List<FramedOperation> operations() {
    List<FramedOperation> all = new ArrayList<>();
    for (Claim claim : claims.reversed()) {
      claim.operations.stream().filter(o -> all.stream().noneMatch(other -> other.number() == o.number())).forEach(all::add);
    }
    all.sort(Comparator.comparingInt(FramedOperation::number));
    return all;
  }

  /** The operation of a command, or null. */
  public @Nullable FramedOperation find(int command) {
    Claim claim = claim(command);
    return claim == null ? null : of(claim, command);
  }

  /** Serves a command whose argument is placed; a subsystem that throws is taken out, and the answer is -ENOSYS as for an unknown one. */
  public long serve(int command, Hypercall call) {
    Claim claim = claim(command);
    if (claim == null) {
      return -XenErrno.XEN_ENOSYS;
    }
    try {
      return of(claim, command).serve(call, call.domain());
    } catch (Throwable bug) {
      claims.removeIf(other -> other == claim);
      claim.owner.failed(RolePort.rethrowMemory(bug));
      return -XenErrno.XEN_ENOSYS;
    }
  }

  private Claim claim(int command) {
    return claims.reversed().stream().filter(claim -> of(claim, command) != null).findFirst().orElse(null);
  }

  private static FramedOperation of(Claim claim, int command) {
    return claim.operations.stream().filter(operation -> operation.number() == command).findFirst().orElse(null);
  }
}
