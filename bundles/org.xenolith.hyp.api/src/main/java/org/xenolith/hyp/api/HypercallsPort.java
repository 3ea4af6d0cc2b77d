// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.Arrays;
import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.xen.abi.XenErrno;

/** Port: who serves which hypercall. A number that nobody serves answers -ENOSYS. */
public final class HypercallsPort {
  /** Numbers are below this. */
  public static final int COUNT = 64;

  private final HypercallHandler[] handlers = new HypercallHandler[COUNT];
  private final DeviceContext[] owners = new DeviceContext[COUNT];

  /** Serves a number from now on, in the place of an earlier handler. */
  public void claim(int number, HypercallHandler handler, DeviceContext owner) {
    handlers[number] = handler;
    owners[number] = owner;
  }

  /** Serves the number no longer, if the handler is still that one. */
  public void release(int number, HypercallHandler handler) {
    if (handlers[number] == handler) {
      handlers[number] = null;
      owners[number] = null;
    }
  }

  /** Whether somebody serves a number. */
  public boolean served(int number) {
    return number >= 0 && number < COUNT && handlers[number] != null;
  }

  /** Numbers that are served, ascending. */
  public int[] served() {
    return java.util.stream.IntStream.range(0, COUNT).filter(this::served).toArray();
  }

  /** What is declared of a number's sub-operations; empty if nobody serves it or there are none. */
  public List<? extends HypercallOperation> operations(int number) {
    return served(number) ? handlers[number].operations() : List.of();
  }

  /** Serves a call; a handler that throws is taken out and the answer is -ENOSYS. */
  public long dispatch(Hypercall call) {
    int number = call.number();
    if (number < 0 || number >= COUNT || handlers[number] == null) {
      return -XenErrno.XEN_ENOSYS;
    }
    try {
      return handlers[number].call(call);
    } catch (RamExhausted e) {
      throw e;
    } catch (Throwable bug) {
      DeviceContext owner = owners[number];
      Arrays.setAll(handlers, i -> owners[i] == owner ? null : handlers[i]);
      owner.failed(bug);
      return -XenErrno.XEN_ENOSYS;
    }
  }
}
