// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.multicall;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MulticallEntry;
import org.xenolith.xen.abi.NarrowLayout;
import org.xenolith.xen.abi.XenErrno;

/**
 * Hypercall 13, multicall: address of the list in x0, its length in x1. A long list is served in slices, a call in it that has
 * to be made again is made again before those behind it.
 */
final class MulticallSubsystem implements DeviceModel, HypercallHandler {
  private static final int SLICE = 64;

  private final DeviceState state = new DeviceState();
  private final HypercallsPort hypercalls;
  private final byte[] buffer = new byte[MulticallEntry.SIZE];
  private final AbiBytes bytes = new AbiBytes(buffer);
  private final MulticallEntry entry = new MulticallEntry();
  /** How callers with narrow words have an entry. */
  private final NarrowLayout narrow = entry.narrow();
  private final byte[] narrowBuffer = new byte[MulticallEntry.SIZE];
  private final AbiBytes narrowBytes = new AbiBytes(narrowBuffer);
  private final ListedCall listed = new ListedCall();

  MulticallSubsystem(DeviceContext context) {
    hypercalls = context.port(HypercallsPort.class);
    entry.at(bytes, 0);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_multicall, this, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {}

  @Override
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_multicall, this);
  }

  @Override
  public long call(Hypercall call) {
    long at = call.argument(0);
    int left = (int) call.argument(1);
    for (int done = 0; left != 0; done++) {
      if (done == SLICE) {
        return later(call, at, left);
      }
      if (!read(call, at)) {
        return -XenErrno.XEN_EFAULT;
      }
      entry.result(serve(call));
      if (listed.again) {
        // what it changed of its arguments is where it goes on
        return write(call, at, 0, MulticallEntry.SIZE) ? later(call, at, left) : -XenErrno.XEN_EFAULT;
      }
      if (!write(call, at, MulticallEntry.RESULT, 8)) {
        return -XenErrno.XEN_EFAULT;
      }
      if (call.domain().state() != DomainState.RUNNING) {
        return 0;
      }
      at += narrow(call) ? narrow.size() : MulticallEntry.SIZE;
      left--;
    }
    return 0;
  }

  private static boolean narrow(Hypercall call) {
    return call.wordSize() != 8;
  }

  private boolean read(Hypercall call, long at) {
    if (!narrow(call)) {
      return call.read(at, buffer, 0, MulticallEntry.SIZE);
    }
    if (!call.read(at, narrowBuffer, 0, narrow.size())) {
      return false;
    }
    narrow.widen(narrowBytes, 0, bytes, 0);
    return true;
  }

  /** Writes some of the entry back. */
  private boolean write(Hypercall call, long at, int from, int size) {
    if (!narrow(call)) {
      return call.write(at + from, buffer, from, size);
    }
    narrow.narrow(bytes, 0, narrowBytes, 0, from, size);
    int begin = narrow.begin(from, size);
    return call.write(at + begin, narrowBuffer, begin, narrow.end(from, size) - begin);
  }

  private static int later(Hypercall call, long at, int left) {
    call.argument(0, at);
    call.argument(1, Integer.toUnsignedLong(left));
    call.again();
    return 0;
  }

  private long serve(Hypercall call) {
    listed.again = false;
    long number = entry.op();
    if (number < 0 || number >= HypercallsPort.COUNT) {
      return -XenErrno.XEN_ENOSYS;
    }
    if (number == HypercallNumber.__HYPERVISOR_multicall) {
      return -XenErrno.XEN_EINVAL;
    }
    listed.number = (int) number;
    listed.around = call;
    try {
      return hypercalls.dispatch(listed);
    } finally {
      listed.around = null;
    }
  }

  /** A call of the list; its arguments are in the entry. */
  private final class ListedCall implements Hypercall {
    private Hypercall around;
    private int number;
    private boolean again;

    @Override
    public int number() {
      return number;
    }

    @Override
    public long argument(int index) {
      return index >= 0 && index < 6 ? entry.args(index) : 0;
    }

    @Override
    public void argument(int index, long value) {
      if (index >= 0 && index < 6) {
        entry.args(index, value);
      }
    }

    @Override
    public Vcpu vcpu() {
      return around.vcpu();
    }

    @Override
    public Domain domain() {
      return around.domain();
    }

    @Override
    public boolean read(long va, byte[] to, int offset, int length) {
      return around.read(va, to, offset, length);
    }

    @Override
    public boolean write(long va, byte[] from, int offset, int length) {
      return around.write(va, from, offset, length);
    }

    @Override
    public int wordSize() {
      return around.wordSize();
    }

    @Override
    public void again() {
      again = true;
    }
  }
}
