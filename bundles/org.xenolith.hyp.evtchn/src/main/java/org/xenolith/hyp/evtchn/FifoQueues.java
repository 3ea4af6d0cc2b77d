// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.regs.StateMismatch;
import org.xenolith.xen.abi.FifoControlBlock;
import org.xenolith.xen.abi.FifoEvent;
import org.xenolith.xen.abi.XenErrno;

/**
 * The FIFO ABI: a word per port in pages of the domain, and for each vCPU 16 queues, one a priority, whose heads are in a
 * control block of the domain. A queue is linked through the words; the hypervisor appends, the domain takes from the head.
 *
 * <p>A word, after the public header: PENDING an event waits; MASKED it is not to be queued; LINKED it is in a queue, LINK
 * being the next port there or 0. The domain may change any word at any time; nothing here trusts one further than its own
 * queue.
 */
final class FifoQueues implements EventAbi {
  private static final int PENDING = 1 << FifoEvent.EVTCHN_FIFO_PENDING;
  private static final int MASKED = 1 << FifoEvent.EVTCHN_FIFO_MASKED;
  private static final int LINKED = 1 << FifoEvent.EVTCHN_FIFO_LINKED;
  private static final int BUSY = 1 << FifoEvent.EVTCHN_FIFO_BUSY;
  private static final int QUEUES = FifoEvent.EVTCHN_FIFO_MAX_QUEUES;
  private static final int WORDS_PER_PAGE = 1024;
  private static final int PAGES = FifoEvent.EVTCHN_FIFO_NR_CHANNELS / WORDS_PER_PAGE;
  private static final int MOST_VCPUS = 1 << 12;

  private final DomainPorts ports;
  private final Environment around;
  private final MachineMemory memory;
  /** Machine address of each vCPU's control block, 0 for none. */
  private long[] controls;
  /** The port that was last put into each queue, at vCPU · 16 + priority; 0 for none. */
  private int[] tails;
  /** Machine addresses of the pages of words. */
  private final long[] pages = new long[PAGES];
  private int pageCount;

  FifoQueues(DomainPorts ports, Environment around, int vcpus) {
    this.ports = ports;
    this.around = around;
    memory = around.memory();
    controls = new long[vcpus];
    tails = new int[vcpus * QUEUES];
  }

  /** Address of a port's word, or 0 if its page isn't there yet. */
  private long word(int port) {
    int page = port / WORDS_PER_PAGE;
    return page < pageCount ? pages[page] + 4L * (port % WORDS_PER_PAGE) : 0;
  }

  @Override
  public int limit() {
    return FifoEvent.EVTCHN_FIFO_NR_CHANNELS;
  }

  @Override
  public void raise(int port) {
    long at = word(port);
    if (at == 0) {
      ports.early(port, true);
      return;
    }
    int word = memory.read32(at);
    boolean wasPending = (word & PENDING) != 0;
    word |= PENDING;
    memory.write32(at, word);
    int vcpu = ports.notifiedId(port);
    if (vcpu < controls.length && controls[vcpu] != 0 && (word & (MASKED | LINKED)) == 0) {
      memory.write32(at, word | LINKED);
      append(vcpu, port);
    }
    if (!wasPending) {
      around.waiters().signalled(ports.domain(), port);
    }
  }

  /** Puts a port whose word was just marked LINKED at the end of its queue. */
  private void append(int vcpu, int port) {
    int priority = ports.priority(port);
    int queue = vcpu * QUEUES + priority;
    int last = ports.lastQueue(port);
    // it was the last one of a queue that is empty by now: nothing may be linked to it there any more
    if (last < tails.length && tails[last] == port) {
      tails[last] = 0;
    }
    ports.lastQueue(port, queue);
    boolean linked = tails[queue] != 0 && link(word(tails[queue]), port);
    tails[queue] = port;
    if (!linked) {
      long control = controls[vcpu];
      memory.write32(control + FifoControlBlock.HEAD + 4L * priority, port);
      int ready = memory.read32(control + FifoControlBlock.READY);
      if ((ready & 1 << priority) == 0) {
        memory.write32(control + FifoControlBlock.READY, ready | 1 << priority);
        Vcpu notified = ports.notified(port);
        if (notified != null) {
          around.upcall(notified);
        }
      }
    }
  }

  /** Links a port behind the last one, if the domain hasn't taken that out: then the queue is empty. */
  private boolean link(long tail, int port) {
    if (tail == 0) {
      return false;
    }
    int word = memory.read32(tail);
    if ((word & LINKED) == 0) {
      return false;
    }
    memory.write32(tail, word & ~(BUSY | FifoEvent.EVTCHN_FIFO_LINK_MASK) | port);
    return true;
  }

  @Override
  public void clear(int port) {
    long at = word(port);
    if (at != 0) {
      // it may stay linked: the domain takes it out and sees that nothing is pending
      memory.write32(at, memory.read32(at) & ~PENDING);
    }
    ports.early(port, false);
  }

  @Override
  public void unmask(int port) {
    long at = word(port);
    if (at != 0) {
      int word = memory.read32(at) & ~MASKED;
      memory.write32(at, word);
      if ((word & PENDING) != 0) {
        raise(port);
      }
    }
  }

  @Override
  public long bit(int port, boolean mask) {
    long at = word(port);
    return at == 0 ? -1 : (at << 3) + (mask ? FifoEvent.EVTCHN_FIFO_MASKED : FifoEvent.EVTCHN_FIFO_PENDING);
  }

  @Override
  public boolean pending(int port) {
    long at = word(port);
    return at != 0 && (memory.read32(at) & PENDING) != 0;
  }

  @Override
  public boolean busy(int port) {
    long at = word(port);
    return at != 0 && (memory.read32(at) & LINKED) != 0;
  }

  @Override
  public int priority(int port, int priority) {
    if (priority < 0 || priority > FifoEvent.EVTCHN_FIFO_PRIORITY_MIN) {
      return -XenErrno.XEN_EINVAL;
    }
    ports.setPriority(port, priority);
    return 0;
  }

  /** EVTCHNOP_init_control of one vCPU. @return 0 or a negative errno */
  int control(int vcpu, long gfn, int offset) {
    if (vcpu >= controls.length || controls[vcpu] != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    long page = around.hold(ports.domain(), gfn);
    if (page < 0) {
      return -XenErrno.XEN_EINVAL;
    }
    controls[vcpu] = page + offset;
    return 0;
  }

  /** EVTCHNOP_expand_array. @return 0 or a negative errno */
  int expand(long gfn) {
    if (pageCount == PAGES) {
      return -XenErrno.XEN_ENOSPC;
    }
    long page = around.hold(ports.domain(), gfn);
    if (page < 0) {
      return -XenErrno.XEN_EINVAL;
    }
    pages[pageCount++] = page;
    int end = Math.min(pageCount * WORDS_PER_PAGE, ports.valid());
    for (int port = (pageCount - 1) * WORDS_PER_PAGE; port < end; port++) {
      if (ports.early(port)) {
        ports.early(port, false);
        raise(port);
      }
    }
    return 0;
  }

  /** Lets go of all pages. */
  void destroy() {
    for (int i = 0; i < pageCount; i++) {
      around.frames().drop(pages[i] >>> 12);
    }
    pageCount = 0;
    for (int i = 0; i < controls.length; i++) {
      if (controls[i] != 0) {
        around.frames().drop(controls[i] >>> 12);
        controls[i] = 0;
      }
    }
  }

  void save(DataOutputStream out) throws IOException {
    out.writeInt(controls.length);
    for (long control : controls) {
      out.writeLong(control);
    }
    for (int tail : tails) {
      out.writeInt(tail);
    }
    out.writeInt(pageCount);
    for (int i = 0; i < pageCount; i++) {
      out.writeLong(pages[i]);
    }
  }

  void restore(DataInputStream in) throws IOException {
    int vcpus = in.readInt();
    if (vcpus < 0 || vcpus > MOST_VCPUS) {
      throw new StateMismatch("channels: queues of " + vcpus + " vCPUs");
    }
    controls = new long[vcpus];
    tails = new int[vcpus * QUEUES];
    for (int i = 0; i < vcpus; i++) {
      controls[i] = in.readLong();
    }
    for (int i = 0; i < tails.length; i++) {
      tails[i] = in.readInt();
      if (tails[i] < 0 || tails[i] >= limit()) {
        throw new StateMismatch("channels: a queue that ends with port " + tails[i]);
      }
    }
    pageCount = in.readInt();
    if (pageCount < 0 || pageCount > PAGES) {
      throw new StateMismatch("channels: " + pageCount + " pages of event words");
    }
    for (int i = 0; i < pageCount; i++) {
      pages[i] = in.readLong();
    }
  }
}
