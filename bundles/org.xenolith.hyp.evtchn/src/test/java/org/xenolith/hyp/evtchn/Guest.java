// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.FifoEvent;
import org.xenolith.xen.abi.HypercallNumber;

/** A kernel's side of event channels. */
final class Guest {
  static final int CALL = HypercallNumber.__HYPERVISOR_event_channel_op;
  /** Page for arguments of calls. */
  private static final int ARGUMENT = 0;
  /** Pages of control blocks, and from 32 on of event words. */
  private static final int CONTROL = 16;
  private static final int WORDS = 32;

  final FakeHypervisor hyp;
  final FakeDomain domain;

  Guest(FakeHypervisor hyp, FakeDomain domain) {
    this.hyp = hyp;
    this.domain = domain;
  }

  /** Makes a call with an argument of 32-bit words. */
  long call(int vcpu, int op, int... words) {
    long at = domain.page(ARGUMENT);
    for (int i = 0; i < 6; i++) {
      domain.memory().write32(at + 4L * i, i < words.length ? words[i] : 0);
    }
    return domain.vcpu(vcpu).call(CALL, op, at);
  }

  /** A word of the last argument. */
  int out(int word) {
    return domain.memory().read32(domain.page(ARGUMENT) + 4L * word);
  }

  int allocUnbound(int remote) {
    long result = call(0, EventChannelOp.EVTCHNOP_alloc_unbound, 0x7FF0 | remote << 16);
    return result < 0 ? (int) result : out(1);
  }

  int bindInterdomain(int remote, int port) {
    long result = call(0, EventChannelOp.EVTCHNOP_bind_interdomain, remote, port);
    return result < 0 ? (int) result : out(2);
  }

  int bindVirq(int virq, int vcpu) {
    long result = call(0, EventChannelOp.EVTCHNOP_bind_virq, virq, vcpu);
    return result < 0 ? (int) result : out(2);
  }

  int bindIpi(int vcpu) {
    long result = call(0, EventChannelOp.EVTCHNOP_bind_ipi, vcpu);
    return result < 0 ? (int) result : out(1);
  }

  long send(int port) {
    return call(0, EventChannelOp.EVTCHNOP_send, port);
  }

  long close(int port) {
    return call(0, EventChannelOp.EVTCHNOP_close, port);
  }

  /** Status, vCPU and the two words behind them of a port. */
  String status(int port) {
    long result = call(0, EventChannelOp.EVTCHNOP_status, 0x7FF0, port);
    return result < 0 ? "" + result : "%d v%d %d %d".formatted(out(2), out(3), out(4) & 0xFFFF, out(5));
  }

  long initControl(int vcpu) {
    long gfn = domain.gfn() + CONTROL + vcpu;
    return call(vcpu, EventChannelOp.EVTCHNOP_init_control, (int) gfn, (int) (gfn >>> 32), 0, vcpu);
  }

  long expandArray(int page) {
    long gfn = domain.gfn() + WORDS + page;
    for (int i = 0; i < 1024; i++) {
      domain.memory().write32((gfn << 12) + 4L * i, 1 << FifoEvent.EVTCHN_FIFO_MASKED);
    }
    return call(0, EventChannelOp.EVTCHNOP_expand_array, (int) gfn, (int) (gfn >>> 32));
  }

  private long word(int port) {
    return domain.page(WORDS) + 4L * port;
  }

  int fifoWord(int port) {
    return domain.memory().read32(word(port));
  }

  void fifoWord(int port, int value) {
    domain.memory().write32(word(port), value);
  }

  /** Unmasks as a kernel does: by itself, and by a call if an event waits. */
  void fifoUnmask(int port) {
    fifoWord(port, fifoWord(port) & ~(1 << FifoEvent.EVTCHN_FIFO_MASKED));
    if ((fifoWord(port) & 1 << FifoEvent.EVTCHN_FIFO_PENDING) != 0) {
      call(0, EventChannelOp.EVTCHNOP_unmask, port);
    }
  }

  int ready(int vcpu) {
    return domain.memory().read32(domain.page(CONTROL + vcpu));
  }

  void ready(int vcpu, int value) {
    domain.memory().write32(domain.page(CONTROL + vcpu), value);
  }

  int head(int vcpu, int priority) {
    return domain.memory().read32(domain.page(CONTROL + vcpu) + 8 + 4L * priority);
  }

  void head(int vcpu, int priority, int port) {
    domain.memory().write32(domain.page(CONTROL + vcpu) + 8 + 4L * priority, port);
  }

  boolean upcallPending(int vcpu) {
    return hyp.memory().read8(domain.vcpu(vcpu).info()) != 0;
  }

  /** The handler begins: the interrupt is acknowledged, the flag cleared. */
  void enterUpcall(int vcpu) {
    hyp.gic().acknowledge(domain.vcpu(vcpu));
    hyp.memory().write8(domain.vcpu(vcpu).info(), (byte) 0);
  }

  /** Takes the first event of a queue out of it, as the public header describes; 0 if it is empty. */
  int take(int vcpu, int priority) {
    int port = head(vcpu, priority);
    if (port == 0) {
      return 0;
    }
    int word = fifoWord(port);
    int next = word & FifoEvent.EVTCHN_FIFO_LINK_MASK;
    fifoWord(port, word & ~(1 << FifoEvent.EVTCHN_FIFO_LINKED | FifoEvent.EVTCHN_FIFO_LINK_MASK));
    head(vcpu, priority, next);
    if (next == 0) {
      ready(vcpu, ready(vcpu) & ~(1 << priority));
    }
    return port;
  }
}
