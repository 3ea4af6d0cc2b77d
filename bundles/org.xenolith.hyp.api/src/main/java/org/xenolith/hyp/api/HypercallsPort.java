// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.xen.abi.XenErrno;

/**
 * Port: who serves which hypercall, and what others add to it. A number that nobody serves answers -ENOSYS, whatever was added to it.
 */
public final class HypercallsPort {
  /** Numbers are below this. */
  public static final int COUNT = 64;

  private final HypercallHandler[] handlers = new HypercallHandler[COUNT];
  private final DeviceContext[] owners = new DeviceContext[COUNT];
  private final Addition[][] additions = new Addition[COUNT][];

  private record Addition(HypercallHandler handler, DeviceContext owner) {
    boolean serves(int operation) {
      return handler.operations().stream().anyMatch(each -> each.number() == operation);
    }
  }

  /** Serves a number from now on, in the place of an earlier handler. */
  public void claim(int number, HypercallHandler handler, DeviceContext owner) {
    handlers[number] = handler;
    owners[number] = owner;
  }

  /**
   * Adds sub-operations to a hypercall that somebody else serves and that has their number in argument 0; in the place of what the same
   * subsystem added to it before. Whoever serves the hypercall comes first, then who added something first: the addition is asked where the answer
   * was -ENOSYS, or another error for a number that whoever serves the hypercall doesn't declare among others, and only for numbers that
   * {@link HypercallHandler#operations} of the addition declares.
   */
  public void add(int number, HypercallHandler more, DeviceContext owner) {
    withdraw(number, owner.instance());
    Addition[] before = additions[number] == null ? new Addition[0] : additions[number];
    additions[number] = Arrays.copyOf(before, before.length + 1);
    additions[number][before.length] = new Addition(more, owner);
  }

  private void withdraw(int number, String instance) {
    keep(number, addition -> !addition.owner.instance().equals(instance));
  }

  private void keep(int number, Predicate<Addition> which) {
    if (additions[number] != null) {
      Addition[] left = Arrays.stream(additions[number]).filter(which).toArray(Addition[]::new);
      additions[number] = left.length == 0 ? null : left;
    }
  }

  /** Serves the number no longer, or adds nothing more to it, if the handler is still that one. */
  public void release(int number, HypercallHandler handler) {
    if (handlers[number] == handler) {
      handlers[number] = null;
      owners[number] = null;
    }
    keep(number, addition -> addition.handler != handler);
  }

  /** Whether somebody serves a number. */
  public boolean served(int number) {
    return number >= 0 && number < COUNT && handlers[number] != null;
  }

  /** Numbers that are served, ascending. */
  public int[] served() {
    return java.util.stream.IntStream.range(0, COUNT).filter(this::served).toArray();
  }

  /** What is declared of a number's sub-operations, by number; empty if nobody serves it or there are none. */
  public List<? extends HypercallOperation> operations(int number) {
    if (!served(number) || additions[number] == null) {
      return served(number) ? handlers[number].operations() : List.of();
    }
    List<HypercallOperation> all = new ArrayList<>(handlers[number].operations());
    for (Addition addition : additions[number]) {
      addition.handler.operations().stream().filter(o -> all.stream().noneMatch(other -> other.number() == o.number())).forEach(all::add);
    }
    all.sort(Comparator.comparingInt(HypercallOperation::number));
    return all;
  }

  /** Serves a call; who throws is taken out with all of its subsystem's numbers and the answer is -ENOSYS. */
  public long dispatch(Hypercall call) {
    int number = call.number();
    if (number < 0 || number >= COUNT || handlers[number] == null) {
      return -XenErrno.XEN_ENOSYS;
    }
    long answer = call(handlers[number], owners[number], call);
    return answer < 0 && additions[number] != null ? added(call, answer) : answer;
  }

  /** What an addition answers where who serves the hypercall doesn't know the sub-operation; else its answer. */
  private long added(Hypercall call, long answer) {
    int operation = (int) call.argument(0);
    if (answer == -XenErrno.XEN_ENOSYS || undeclared(handlers[call.number()], operation)) {
      for (Addition addition : additions[call.number()]) {
        if (addition.serves(operation)) {
          return call(addition.handler, addition.owner, call);
        }
      }
    }
    return answer;
  }

  /** Whether a handler, which may be gone after a call that it threw in, declares others than this. */
  private static boolean undeclared(HypercallHandler handler, int operation) {
    return handler != null && !handler.operations().isEmpty() && handler.operations().stream().noneMatch(each -> each
        .number() == operation);
  }

  private long call(HypercallHandler handler, DeviceContext owner, Hypercall call) {
    try {
      return handler.call(call);
    } catch (RamExhausted e) {
      throw e;
    } catch (Throwable bug) {
      for (int i = 0; i < COUNT; i++) {
        if (owners[i] == owner) {
          handlers[i] = null;
          owners[i] = null;
        }
        keep(i, addition -> addition.owner != owner);
      }
      owner.failed(bug);
      return -XenErrno.XEN_ENOSYS;
    }
  }
}
