// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.NetInterface;
import org.xenolith.xen.abi.NetifExtraInfo;
import org.xenolith.xen.abi.NetifRxRequest;
import org.xenolith.xen.abi.NetifRxResponse;
import org.xenolith.xen.abi.NetifTxRequest;
import org.xenolith.xen.abi.NetifTxResponse;
import org.xenolith.xen.abi.SharedRing;
import org.xenolith.xen.abi.XenbusState;

/** A small front end of a network interface: rings and buffers in its domain's real pages, as io/netif.h and io/ring.h say. */
final class NetFront {
  static final int TX_RING_REF = 8;
  static final int RX_RING_REF = 9;
  /** References of transmit buffers, granted for reading only. */
  static final int TX_REF = 100;
  static final int TX_BUFFERS = 24;
  /** References of receive buffers. */
  static final int RX_REF = 200;
  static final int RX_BUFFERS = 36;
  private static final int TX_PAGE = 2;
  private static final int RX_PAGE = TX_PAGE + TX_BUFFERS;
  private static final int SLOTS = 256;

  /** A frame that arrived. */
  record Received(byte[] bytes, int flags, int segmentType, int segmentSize) {}

  final FakeHypervisor hypervisor;
  final FakeDomain domain;
  final String front;
  final String back;
  final SharedRing tx = new SharedRing();
  final SharedRing rx = new SharedRing();
  private final NetifTxRequest txRequest = new NetifTxRequest();
  private final NetifTxResponse txResponse = new NetifTxResponse();
  private final NetifRxRequest rxRequest = new NetifRxRequest();
  private final NetifRxResponse rxResponse = new NetifRxResponse();
  private final NetifExtraInfo extra = new NetifExtraInfo();
  private final ArrayDeque<Integer> txFree = new ArrayDeque<>();
  private final ArrayDeque<Integer> rxFree = new ArrayDeque<>();
  int txPort;
  int rxPort;
  int txProduced;
  int txConsumed;
  int rxProduced;
  int rxConsumed;
  /** Status of each answer that was no {@code NETIF_RSP_NULL}. */
  final List<Integer> statuses = new ArrayList<>();
  int nulls;

  NetFront(FakeHypervisor hypervisor, FakeDomain domain) {
    this.hypervisor = hypervisor;
    this.domain = domain;
    front = "/local/domain/" + domain.id() + "/device/vif/0";
    back = "/local/domain/" + ServiceEventsPort.DOMID + "/backend/vif/" + domain.id() + "/0";
  }

  void node(String path, String value) {
    hypervisor.store().write(path, value);
  }

  /** What the tools do. */
  NetFront plug() {
    node(back, "");
    node(front, "");
    node(back + "/frontend", front);
    node(back + "/online", "1");
    node(back + "/bridge", "xenbr0");
    node(front + "/state", "1");
    node(back + "/state", "1");
    hypervisor.store().settle();
    return this;
  }

  String backNode(String name) {
    return hypervisor.store().read(back + "/" + name);
  }

  int backState() {
    return Integer.parseInt(backNode("state"));
  }

  void state(int state) {
    node(front + "/state", Integer.toString(state));
    hypervisor.store().settle();
  }

  /** Makes rings and says that they are there; features as {@code name=value}. */
  NetFront connect(boolean split, String... features) {
    grant(TX_RING_REF, 0, false);
    grant(RX_RING_REF, 1, false);
    txFree.clear();
    rxFree.clear();
    for (int i = 0; i < TX_BUFFERS; i++) {
      grant(TX_REF + i, TX_PAGE + i, true);
      txFree.add(i);
    }
    for (int i = 0; i < RX_BUFFERS; i++) {
      grant(RX_REF + i, RX_PAGE + i, false);
      rxFree.add(i);
    }
    tx.at(domain.memory(), domain.page(0));
    rx.at(domain.memory(), domain.page(1));
    for (SharedRing ring : List.of(tx, rx)) {
      ring.reqProd(0);
      ring.reqEvent(1);
      ring.rspProd(0);
      ring.rspEvent(1);
    }
    txProduced = 0;
    txConsumed = 0;
    rxProduced = 0;
    rxConsumed = 0;
    txPort = hypervisor.eventChannels().allocateUnbound(domain, ServiceEventsPort.DOMID);
    rxPort = split ? hypervisor.eventChannels().allocateUnbound(domain, ServiceEventsPort.DOMID) : txPort;
    node(front + "/tx-ring-ref", Integer.toString(TX_RING_REF));
    node(front + "/rx-ring-ref", Integer.toString(RX_RING_REF));
    if (split) {
      node(front + "/event-channel-tx", Integer.toString(txPort));
      node(front + "/event-channel-rx", Integer.toString(rxPort));
    } else {
      node(front + "/event-channel", Integer.toString(txPort));
    }
    node(front + "/request-rx-copy", "1");
    for (String feature : features) {
      node(front + "/" + feature.split("=")[0], feature.split("=")[1]);
    }
    state(XenbusState.XenbusStateConnected);
    return this;
  }

  /** Connects as Linux's front end does. */
  NetFront connect() {
    return connect(true, "feature-sg=1", "feature-gso-tcpv4=1", "feature-gso-tcpv6=1", "feature-ipv6-csum-offload=1");
  }

  private void grant(int reference, int page, boolean readOnly) {
    hypervisor.grants().grant(domain, reference, ServiceEventsPort.DOMID, domain.gfn() + page, readOnly);
  }

  /** References that are mapped still. */
  List<Integer> mapped() {
    List<Integer> mapped = new ArrayList<>();
    for (int i = 0; i < 512; i++) {
      if (hypervisor.grants().inUse(domain, i)) {
        mapped.add(i);
      }
    }
    return mapped;
  }

  // ---- transmit

  /** Address of the transmit slot so many after the next one. */
  long txSlot(int ahead) {
    return domain.page(0) + SharedRing.SIZE + (long) (txProduced + ahead & SLOTS - 1) * NetifTxRequest.SIZE;
  }

  /** Writes one slot, and is at the next. */
  void txSlot(int ref, int offset, int flags, int id, int length) {
    txRequest.at(domain.memory(), txSlot(0));
    txRequest.gref(ref);
    txRequest.offset(offset);
    txRequest.flags(flags);
    txRequest.id(id);
    txRequest.length(length);
    txProduced++;
  }

  void gsoSlot(int type, int size, int more) {
    extra.at(domain.memory(), txSlot(0));
    extra.type(NetInterface.XEN_NETIF_EXTRA_TYPE_GSO);
    extra.flags(more);
    extra.gsoType(type);
    extra.gsoSize(size);
    extra.gsoFeatures(0);
    txProduced++;
  }

  void groupSlot(int type, long address) {
    long at = txSlot(0);
    extra.at(domain.memory(), at);
    extra.type(type);
    extra.flags(0);
    for (int i = 0; i < 6; i++) {
      domain.memory().write8(at + 2 + i, (byte) (address >>> 40 - 8 * i));
    }
    txProduced++;
  }

  void fill(int buffer, int offset, byte[] from, int at, int length) {
    domain.memory().write(domain.page(TX_PAGE + buffer) + offset, from, at, length);
  }

  /**
   * Puts a frame into as many slots as it takes, at random places of its pages if asked.
   *
   * @return false if there aren't enough buffers or slots
   */
  boolean put(byte[] frame, int flags, int segmentType, int segmentSize, Random random) {
    List<int[]> parts = new ArrayList<>();
    for (int at = 0; at < frame.length;) {
      int offset = random == null ? 0 : random.nextInt(3000);
      // Small parts are allowed as long as no more than 18 are needed in all.
      int most = 4096 - offset;
      int wanted = random != null && parts.size() < 2 ? 1 + random.nextInt(most) : most;
      if (random != null && frame.length > 20_000) {
        offset = 0;
        wanted = 4096;
      }
      int part = Math.min(frame.length - at, wanted);
      parts.add(new int[] {offset, part, at});
      at += part;
    }
    int slots = parts.size() + (segmentType != 0 ? 1 : 0);
    if (parts.size() > txFree.size() || txProduced - txConsumed + slots > SLOTS) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      int buffer = txFree.poll();
      int[] part = parts.get(i);
      fill(buffer, part[0], frame, part[2], part[1]);
      boolean extraFollows = i == 0 && segmentType != 0;
      txSlot(TX_REF + buffer, part[0], (i == 0 ? flags : 0) | (i < parts.size() - 1 ? NetInterface.NETTXF_more_data : 0)
          | (extraFollows ? NetInterface.NETTXF_extra_info : 0), buffer, i == 0 ? frame.length : part[1]);
      if (extraFollows) {
        gsoSlot(segmentType, segmentSize, 0);
      }
    }
    return true;
  }

  /** Shows the back end all requests, sends events that it wants, and takes the answers. */
  void go() {
    int before = tx.reqProd();
    tx.reqProd(txProduced);
    if (Integer.compareUnsigned(txProduced - tx.reqEvent(), txProduced - before) < 0) {
      hypervisor.eventChannels().send(domain, txPort);
    }
    settle();
    reap();
  }

  /** Lets everything happen that is due. */
  void settle() {
    hypervisor.port(ServiceEventsPort.class).deliver();
    hypervisor.clock().advance(0);
    hypervisor.port(ServiceEventsPort.class).deliver();
    hypervisor.store().settle();
  }

  private void reap() {
    while (txConsumed != tx.rspProd()) {
      txResponse.at(domain.memory(), domain.page(0) + SharedRing.SIZE + (long) (txConsumed++ & SLOTS - 1) * NetifTxRequest.SIZE);
      if (txResponse.status() == NetInterface.NETIF_RSP_NULL) {
        nulls++;
      } else {
        statuses.add(txResponse.status());
        if (txResponse.id() < TX_BUFFERS) {
          txFree.add(txResponse.id());
        }
      }
    }
    tx.rspEvent(txConsumed + 1);
  }

  /** Sends one frame, which must be taken. */
  void send(byte[] frame) {
    if (!put(frame, 0, 0, 0, null)) {
      throw new AssertionError("no room to send");
    }
    go();
  }

  // ---- receive

  /** Gives up to so many buffers to the back end. */
  void give(int most) {
    int before = rx.reqProd();
    for (int i = 0; i < most && !rxFree.isEmpty(); i++) {
      int buffer = rxFree.poll();
      rxRequest.at(domain.memory(), domain.page(1) + SharedRing.SIZE + (long) (rxProduced & SLOTS - 1) * NetifRxRequest.SIZE);
      rxRequest.id(buffer);
      rxRequest.gref(RX_REF + buffer);
      rxProduced++;
    }
    rx.reqProd(rxProduced);
    if (Integer.compareUnsigned(rxProduced - rx.reqEvent(), rxProduced - before) < 0) {
      hypervisor.eventChannels().send(domain, rxPort);
    }
    settle();
  }

  /** Takes what arrived. A slot's request is whatever buffer was given there: an extra slot gives its buffer back. */
  List<Received> receive() {
    List<Received> frames = new ArrayList<>();
    while (rxConsumed != rx.rspProd()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      int flags = rxResponse(bytes);
      int first = flags;
      int type = 0;
      int size = 0;
      if ((flags & NetInterface.NETRXF_extra_info) != 0) {
        extra.at(domain.memory(), domain.page(1) + SharedRing.SIZE + (long) (rxConsumed & SLOTS - 1) * NetifRxResponse.SIZE);
        if (extra.type() != NetInterface.XEN_NETIF_EXTRA_TYPE_GSO || extra.flags() != 0) {
          throw new AssertionError("extra slot of type " + extra.type() + ", flags " + extra.flags());
        }
        type = extra.gsoType();
        size = extra.gsoSize();
        rxFree.add(given(rxConsumed++));
      }
      while ((flags & NetInterface.NETRXF_more_data) != 0) {
        flags = rxResponse(bytes);
      }
      frames.add(new Received(bytes.toByteArray(), first, type, size));
    }
    rx.rspEvent(rxConsumed + 1);
    return frames;
  }

  /** Buffers are given in a cycle, so the one of an index is known. */
  private final java.util.Map<Integer, Integer> order = new java.util.HashMap<>();

  private int given(int index) {
    return order.get(index);
  }

  /** Gives buffers, and remembers where each is. */
  void giveAll() {
    int at = rxProduced;
    for (int buffer : rxFree) {
      order.put(at++, buffer);
    }
    give(RX_BUFFERS);
  }

  private int rxResponse(ByteArrayOutputStream bytes) {
    if (rxConsumed == rx.rspProd()) {
      throw new AssertionError("a frame goes on behind the last answer");
    }
    rxResponse.at(domain.memory(), domain.page(1) + SharedRing.SIZE + (long) (rxConsumed & SLOTS - 1) * NetifRxResponse.SIZE);
    if (rxResponse.status() < 0 || rxResponse.id() != given(rxConsumed)) {
      throw new AssertionError("answer " + rxConsumed + ": id " + rxResponse.id() + ", status " + rxResponse.status());
    }
    byte[] part = new byte[rxResponse.status()];
    domain.memory().read(domain.page(RX_PAGE + rxResponse.id()) + rxResponse.offset(), part, 0, part.length);
    bytes.writeBytes(part);
    rxFree.add(rxResponse.id());
    rxConsumed++;
    return rxResponse.flags();
  }

  /** An ordinary frame. */
  static byte[] frame(long destination, long source, int length, Random random) {
    byte[] frame = new byte[length];
    random.nextBytes(frame);
    for (int i = 0; i < 6; i++) {
      frame[i] = (byte) (destination >>> 40 - 8 * i);
      frame[6 + i] = (byte) (source >>> 40 - 8 * i);
    }
    frame[12] = (byte) 0x88;
    frame[13] = (byte) 0xB5;
    return frame;
  }

  @Override
  public String toString() {
    return "front " + domain + " " + Arrays.asList(txProduced, txConsumed, rxProduced, rxConsumed);
  }
}
