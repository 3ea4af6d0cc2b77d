// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.AbiMemory;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.NarrowLayout;
import org.xenolith.xen.abi.XenErrno;

/**
 * The sub-operations of a hypercall, by the number in argument 0. What they have in common is done here, in Xen's order: a number that
 * isn't declared (-ENOSYS), what a declaration wants to be asked before, an argument that can't be read (-EFAULT), a domain that isn't
 * there (-ESRCH), a privilege that the caller lacks (-EPERM), the operation, an answer that can't be written (-EFAULT). A caller with narrow words
 * ({@link Hypercall#wordSize}) has its structures made wide for the operation, and answers made narrow.
 */
public final class SubOperations implements HypercallHandler {
  private static final int EFAULT = -XenErrno.XEN_EFAULT;
  /** Numbers below this are looked up in an array. */
  private static final int SMALL = 128;

  private final AccessControlPort access;
  private final DomainsPort domains;
  private final int address;
  private final int unknown;
  private byte[] buffer = new byte[0];
  private AbiBytes bytes = new AbiBytes(buffer);
  /** An argument as a caller with narrow words has it. */
  private byte[] narrow = new byte[0];
  private AbiBytes narrowBytes = new AbiBytes(narrow);
  private SubOperation<?>[] small = new SubOperation<?>[0];
  private SubOperation<?>[] large = new SubOperation<?>[0];

  /** A hypercall that has the address of the argument in argument 1, as most have. */
  public SubOperations(DeviceContext context) {
    this(context, 1, -XenErrno.XEN_ENOSYS);
  }

  /**
   * A hypercall.
   *
   * @param address which argument has the address of the structure
   * @param unknown what a number gets that isn't declared: a negative errno
   */
  public SubOperations(DeviceContext context, int address, int unknown) {
    access = context.port(AccessControlPort.class);
    domains = context.port(DomainsPort.class);
    this.address = address;
    this.unknown = unknown;
  }

  /** Adds declarations; their arguments are copied to a buffer that all have in common. */
  public SubOperations add(SubOperation<?>... operations) {
    int size = Stream.concat(operations().stream(), Arrays.stream(operations))
        .mapToInt(operation -> operation.argument() == null ? 0 : operation.argument().sizeOf()).max().orElse(0);
    buffer = new byte[size];
    bytes = new AbiBytes(buffer);
    narrow = new byte[size];
    narrowBytes = new AbiBytes(narrow);
    operations().forEach(operation -> place(operation, bytes, 0));
    for (SubOperation<?> operation : operations) {
      place(operation, bytes, 0);
      enter(operation);
    }
    return this;
  }

  /**
   * Adds declarations of a hypercall whose argument is a frame with the number, which its owner copies: this table only finds them.
   *
   * @param usual what a caller must have where a declaration says nothing
   * @param frame where the owner copies frames to
   * @param at where in the frame the operations' own arguments are
   */
  public SubOperations addFramed(Privilege usual, AbiMemory frame, long at, List<SubOperation<?>> operations) {
    for (SubOperation<?> operation : operations) {
      operation.privilegeUnlessSaid(usual);
      place(operation, frame, at);
      enter(operation);
    }
    return this;
  }

  private static void place(SubOperation<?> operation, AbiMemory memory, long at) {
    if (operation.argument() != null) {
      operation.argument().at(memory, at);
    }
  }

  private void enter(SubOperation<?> operation) {
    int number = operation.number();
    if (find(number) != null) {
      throw new IllegalStateException("sub-operation " + operation.name() + ": " + find(number).name() + " has its number " + number);
    }
    if (number >= 0 && number < SMALL) {
      small = Arrays.copyOf(small, Math.max(small.length, number + 1));
      small[number] = operation;
    } else {
      large = Arrays.copyOf(large, large.length + 1);
      large[large.length - 1] = operation;
    }
  }

  /** The declaration of a number, or null. */
  public @Nullable SubOperation<?> find(int number) {
    if (number >= 0 && number < small.length) {
      return small[number];
    }
    for (SubOperation<?> operation : large) {
      if (operation.number() == number) {
        return operation;
      }
    }
    return null;
  }

  /** All that are declared, by number. */
  @Override
  public List<SubOperation<?>> operations() {
    return Stream.concat(Arrays.stream(small).filter(operation -> operation != null),
        Arrays.stream(large).sorted(Comparator.comparingInt(SubOperation::number))).toList();
  }

  @Override
  public long call(Hypercall call) {
    return call(call, find((int) call.argument(0)));
  }

  /** Serves a call of a declaration, or of none. */
  public long call(Hypercall call, SubOperation<?> operation) {
    if (operation == null) {
      return unknown;
    }
    int refused = operation.before(call);
    if (refused != 0) {
      return refused;
    }
    long at = call.argument(address);
    if (!read(call, operation, at)) {
      return EFAULT;
    }
    Domain target = call.domain();
    if (operation.named()) {
      target = target(call, operation.domid());
      if (target == null) {
        return -XenErrno.XEN_ESRCH;
      }
    }
    if (!operation.privilegeInItsTurn() && !allowed(call, operation, target)) {
      return -XenErrno.XEN_EPERM;
    }
    long result = operation.serve(call, target);
    return !operation.answersAt(result) || write(call, operation, at) ? result : EFAULT;
  }

  /** Copies an argument from the caller, if the declaration wants it. @return false if it can't be read */
  public boolean read(Hypercall call, SubOperation<?> operation, long at) {
    return !operation.reads() || read(call, operation.argument(), at);
  }

  /** Copies the argument of a call from the caller. @return false if it can't be read */
  public boolean take(Hypercall call, AbiStruct argument) {
    return read(call, argument, call.argument(address));
  }

  private boolean read(Hypercall call, AbiStruct argument, long at) {
    NarrowLayout layout = layout(call, argument);
    if (layout == null) {
      return call.read(at, buffer, 0, argument.sizeOf());
    }
    if (!call.read(at, narrow, 0, layout.size())) {
      return false;
    }
    layout.widen(narrowBytes, 0, bytes, 0);
    return true;
  }

  /** How the caller has a structure; null if as it is described. */
  private static @Nullable NarrowLayout layout(Hypercall call, AbiStruct argument) {
    return CallerWords.narrow(call) ? argument.narrow() : null;
  }

  /** Bytes that the caller's structure has. */
  public static int sizeOf(Hypercall call, AbiStruct argument) {
    NarrowLayout layout = layout(call, argument);
    return layout == null ? argument.sizeOf() : layout.size();
  }

  /** Copies what the declaration says back to the caller. @return false if it can't be written */
  public boolean write(Hypercall call, SubOperation<?> operation, long at) {
    int from = operation.answerFrom();
    int length = operation.answerBytes();
    NarrowLayout layout = layout(call, operation.argument());
    if (layout == null) {
      return call.write(at + from, buffer, from, length);
    }
    if (!operation.reads()) {
      Arrays.fill(narrow, 0, layout.size(), (byte) 0);
    }
    layout.narrow(bytes, 0, narrowBytes, 0, from, length);
    boolean all = length == operation.argument().sizeOf();
    int begin = all ? 0 : layout.begin(from, length);
    int end = all ? layout.size() : layout.end(from, length);
    return begin >= end || call.write(at + begin, narrow, begin, end - begin);
  }

  /** Whether the caller has what an operation needs towards a domain. */
  public boolean allowed(Hypercall call, SubOperation<?> operation, Domain target) {
    Privilege needed = operation.privilege();
    return needed == Privilege.ANY || access.allowed(call.domain(), needed, target);
  }

  /** The domain of a domid, DOMID_SELF among them; null if there is none. */
  public @Nullable Domain target(Hypercall call, int domid) {
    if (domid == DomainId.DOMID_SELF) {
      return call.domain();
    }
    Domains core = domains.domains();
    return core == null ? null : core.byId(domid);
  }
}
