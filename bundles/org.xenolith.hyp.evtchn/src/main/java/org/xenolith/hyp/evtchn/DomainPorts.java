// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;
import org.xenolith.xen.abi.FifoEvent;
import org.xenolith.xen.abi.XenErrno;

/** The ports of one domain: what each is bound to, whom it notifies, and the ABI by which the domain hears of events. */
final class DomainPorts {
  /** Kinds of a port, with the numbers of EVTCHNSTAT_*. */
  static final byte CLOSED = 0;
  static final byte UNBOUND = 1;
  static final byte INTERDOMAIN = 2;
  static final byte VIRQ = 4;
  static final byte IPI = 5;
  /** Port 0, which is never used. */
  static final byte RESERVED = 6;
  /** Virtual interrupts that there can be. */
  static final int VIRQS = 24;
  /** Ports come into being so many at a time; those that exist are valid, closed or not. */
  private static final int BUCKET = 64;

  private final Environment around;
  private final DeviceState state = new DeviceState();
  private final int serial;
  private Domain domain;
  private EventAbi abi;
  private FifoQueues fifo;
  private int most = Integer.MAX_VALUE;
  private int valid;
  /** No port below is closed. */
  private int hint;
  private int open;
  private byte[] kind = {};
  private short[] vcpu = {};
  private byte[] priority = {};
  private short[] lastQueue = {};
  private boolean[] early = {};
  /** Unbound: domid that may bind. Interdomain: serial of the other domain. VIRQ: its number. */
  private int[] subject = {};
  /** Interdomain: the other domain's port. */
  private int[] remotePort = {};
  /** Interdomain: the other domain's ports; null until looked up. */
  private DomainPorts[] peer = {};
  /** Port that a VIRQ of a vCPU is bound to, at vCPU · {@link #VIRQS} + VIRQ; 0 for none. */
  private int[] virqs = {};

  /** Ports of the domain of that serial; {@link #attach} says which one that is. */
  DomainPorts(int serial, Environment around) {
    this.serial = serial;
    this.around = around;
    state.varying("channels", this::reset, this::save, this::restore);
  }

  DeviceState state() {
    return state;
  }

  int serial() {
    return serial;
  }

  Domain domain() {
    return domain;
  }

  private void reset() {
    fifo = null;
    abi = null;
    valid = 0;
    hint = 1;
    open = 0;
    grow(BUCKET);
    kind[0] = RESERVED;
  }

  /** The domain is there. @param mostPort highest port that it may have */
  void attach(Domain live, int mostPort) {
    domain = live;
    most = mostPort;
    abi = live.kind() == DomainSpec.Kind.SERVICE ? new ServiceEvents(around.service())
        : fifo != null ? fifo : new TwoLevel(this, around);
    Arrays.fill(virqs, 0);
    for (int port = 1; port < valid; port++) {
      if (kind[port] == VIRQ) {
        virq(subject[port], vcpuOfVirq(port), port);
      }
    }
  }

  /** Global ones are bound at vCPU 0, whoever is notified. */
  private int vcpuOfVirq(int port) {
    return EventChannelSubsystem.global(subject[port]) ? 0 : vcpu[port];
  }

  private void grow(int to) {
    if (to > kind.length) {
      int size = Math.max(to, 2 * kind.length);
      kind = Arrays.copyOf(kind, size);
      vcpu = Arrays.copyOf(vcpu, size);
      priority = Arrays.copyOf(priority, size);
      lastQueue = Arrays.copyOf(lastQueue, size);
      early = Arrays.copyOf(early, size);
      subject = Arrays.copyOf(subject, size);
      remotePort = Arrays.copyOf(remotePort, size);
      peer = Arrays.copyOf(peer, size);
    }
    for (; valid < to; valid++) {
      kind[valid] = CLOSED;
      vcpu[valid] = 0;
      priority[valid] = FifoEvent.EVTCHN_FIFO_PRIORITY_DEFAULT;
      lastQueue[valid] = 0;
      early[valid] = false;
      subject[valid] = 0;
      remotePort[valid] = 0;
      peer[valid] = null;
    }
  }

  // ---- one port

  /** Whether a number is that of a port that exists, closed or not. */
  boolean valid(int port) {
    return port >= 0 && port < valid;
  }

  int valid() {
    return valid;
  }

  byte kind(int port) {
    return kind[port];
  }

  int subject(int port) {
    return subject[port];
  }

  int remotePort(int port) {
    return remotePort[port];
  }

  DomainPorts peer(int port) {
    return peer[port];
  }

  void peer(int port, DomainPorts other) {
    peer[port] = other;
  }

  int notifiedId(int port) {
    return vcpu[port];
  }

  Vcpu notified(int port) {
    return domain.vcpu(vcpu[port]);
  }

  void notified(int port, int id) {
    vcpu[port] = (short) id;
  }

  int priority(int port) {
    return priority[port];
  }

  void setPriority(int port, int value) {
    priority[port] = (byte) value;
  }

  int lastQueue(int port) {
    return lastQueue[port];
  }

  void lastQueue(int port, int queue) {
    lastQueue[port] = (short) queue;
  }

  /** Whether an event came before the domain gave the page that would have told it. */
  boolean early(int port) {
    return early[port];
  }

  void early(int port, boolean pending) {
    early[port] = pending;
  }

  int virq(int virq, int ofVcpu) {
    int at = ofVcpu * VIRQS + virq;
    return at < virqs.length ? virqs[at] : 0;
  }

  private void virq(int virq, int ofVcpu, int port) {
    if ((ofVcpu + 1) * VIRQS > virqs.length) {
      virqs = Arrays.copyOf(virqs, (ofVcpu + 1) * VIRQS);
    }
    virqs[ofVcpu * VIRQS + virq] = port;
  }

  /** Ports that aren't closed. */
  int open() {
    return open;
  }

  // ---- binding

  /** A port that is free. @return it, or a negative errno */
  int free() {
    if (domain.state() == DomainState.DYING) {
      return -XenErrno.XEN_EINVAL;
    }
    int end = (int) Math.min(most + 1L, abi.limit());
    boolean first = true;
    for (int port = hint; port < end; port++) {
      if (port >= valid) {
        grow(port / BUCKET * BUCKET + BUCKET);
      }
      if (kind[port] == CLOSED) {
        if (first) {
          hint = port;
          first = false;
        }
        if (!abi.busy(port)) {
          return port;
        }
      }
    }
    return -XenErrno.XEN_ENOSPC;
  }

  private void bind(int port, byte newKind, int newSubject) {
    kind[port] = newKind;
    subject[port] = newSubject;
    priority[port] = FifoEvent.EVTCHN_FIFO_PRIORITY_DEFAULT;
    open++;
  }

  void bindUnbound(int port, int remoteDomid) {
    bind(port, UNBOUND, remoteDomid);
  }

  void bindInterdomain(int port, DomainPorts other, int otherPort) {
    bind(port, INTERDOMAIN, other.serial);
    connect(port, other, otherPort);
  }

  /** An unbound port, or a new one, is connected now. */
  void connect(int port, DomainPorts other, int otherPort) {
    kind[port] = INTERDOMAIN;
    subject[port] = other.serial;
    remotePort[port] = otherPort;
    peer[port] = other;
  }

  /** The other side is gone: its domain, or who has its domid next, may bind again. */
  void disconnect(int port, int remoteDomid) {
    kind[port] = UNBOUND;
    subject[port] = remoteDomid;
    remotePort[port] = 0;
    peer[port] = null;
  }

  void bindVirq(int port, int virq, int ofVcpu) {
    bind(port, VIRQ, virq);
    vcpu[port] = (short) ofVcpu;
    virq(virq, ofVcpu, port);
  }

  void bindIpi(int port, int ofVcpu) {
    bind(port, IPI, 0);
    vcpu[port] = (short) ofVcpu;
  }

  /** Frees a port that is bound; the other side was told. */
  void release(int port) {
    if (kind[port] == VIRQ) {
      virq(subject[port], vcpuOfVirq(port), 0);
    }
    if (domain != null) {
      abi.clear(port);
    }
    kind[port] = CLOSED;
    subject[port] = 0;
    remotePort[port] = 0;
    peer[port] = null;
    vcpu[port] = 0;
    hint = Math.min(hint, port);
    open--;
  }

  // ---- ABI

  EventAbi abi() {
    return abi;
  }

  /** EVTCHNOP_init_control; the first one changes the ABI. @return 0 or a negative errno */
  int initControl(int ofVcpu, long gfn, int offset) {
    if (fifo != null) {
      return fifo.control(ofVcpu, gfn, offset);
    }
    FifoQueues queues = new FifoQueues(this, around, domain.vcpus().size());
    int result = queues.control(ofVcpu, gfn, offset);
    if (result == 0) {
      int end = Math.min(valid, abi.limit());
      for (int port = 1; port < end; port++) {
        early[port] = abi.pending(port);
        priority[port] = FifoEvent.EVTCHN_FIFO_PRIORITY_DEFAULT;
      }
      fifo = queues;
      abi = queues;
    }
    return result;
  }

  /** EVTCHNOP_expand_array. @return 0 or a negative errno */
  int expandArray(long gfn) {
    return fifo == null ? -XenErrno.XEN_EOPNOTSUPP : fifo.expand(gfn);
  }

  /** Goes back to the 2-level ABI, as at the domain's creation. */
  void dropFifo() {
    if (fifo != null) {
      fifo.destroy();
      fifo = null;
      if (domain != null) {
        abi = new TwoLevel(this, around);
      }
    }
  }

  // ---- record

  private byte[] save() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(valid);
      for (int port = 0; port < valid; port++) {
        out.writeByte(kind[port]);
        out.writeShort(vcpu[port]);
        out.writeByte(priority[port]);
        out.writeShort(lastQueue[port]);
        out.writeBoolean(early[port]);
        out.writeInt(subject[port]);
        out.writeInt(remotePort[port]);
      }
      out.writeBoolean(fifo != null);
      if (fifo != null) {
        fifo.save(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void restore(byte[] saved) {
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(saved));
      int count = in.readInt();
      if (count <= 0 || count > FifoEvent.EVTCHN_FIFO_NR_CHANNELS) {
        throw new StateMismatch("channels: " + count + " ports");
      }
      reset();
      valid = 0;
      grow(count);
      for (int port = 0; port < count; port++) {
        kind[port] = in.readByte();
        vcpu[port] = in.readShort();
        priority[port] = in.readByte();
        lastQueue[port] = in.readShort();
        early[port] = in.readBoolean();
        subject[port] = in.readInt();
        remotePort[port] = in.readInt();
        if (vcpu[port] < 0 || kind[port] == VIRQ && (subject[port] < 0 || subject[port] >= VIRQS)) {
          throw new StateMismatch("channels: port " + port + " is bound to nothing that there is");
        }
        if (priority[port] < 0 || priority[port] > FifoEvent.EVTCHN_FIFO_PRIORITY_MIN || lastQueue[port] < 0) {
          throw new StateMismatch("channels: port " + port + " is in a queue that there is not");
        }
        if (kind[port] != CLOSED && kind[port] != RESERVED) {
          open++;
        }
      }
      if (in.readBoolean()) {
        fifo = new FifoQueues(this, around, 0);
        fifo.restore(in);
      }
    } catch (IOException e) {
      throw new StateMismatch("channels: the record ends too early");
    }
    if (domain != null) {
      attach(domain, most);
    }
  }
}
