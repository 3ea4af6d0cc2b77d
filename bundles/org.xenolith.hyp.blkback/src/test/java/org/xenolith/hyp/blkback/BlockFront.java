// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.kit.PagedMemory;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.AbiMemory;
import org.xenolith.xen.abi.BlkifRequest;
import org.xenolith.xen.abi.BlkifRequestIndirect;
import org.xenolith.xen.abi.BlkifResponse;
import org.xenolith.xen.abi.BlockInterface;
import org.xenolith.xen.abi.SharedRing;
import org.xenolith.xen.abi.XenbusState;

/** A small front end of a block device: rings in its domain's real pages, as io/blkif.h and io/ring.h say. */
final class BlockFront {
  /** Pages of the domain that are data, with references from {@link #DATA_REF} on; granted for writing. */
  static final int DATA_PAGES = 32;
  static final int DATA_REF = 100;
  /** The same pages, granted for reading only. */
  static final int READ_ONLY_REF = 200;
  private static final int DATA_PAGE = 20;
  private static final int RING_REF = 8;
  private static final int INDIRECT_REF = 60;
  private static final int INDIRECT_PAGE = 17;

  /** One segment. */
  record Segment(int reference, int first, int last) {
    static Segment page(int index) {
      return new Segment(DATA_REF + index, 0, 7);
    }
  }

  /** One answer. */
  record Answer(long id, int operation, int status) {}

  final FakeHypervisor hypervisor;
  final FakeDomain domain;
  final String id;
  final String front;
  final String back;
  final PagedMemory memory;
  final SharedRing ring = new SharedRing();
  final int slots;
  private final int order;
  /** What it calls the layout of its ring. */
  String protocol = "arm-abi";
  int port;
  int produced;
  int consumed;

  /** @param order of the ring's pages; -1 for a front end that knows one page only */
  BlockFront(FakeHypervisor hypervisor, FakeDomain domain, int number, int order) {
    this.hypervisor = hypervisor;
    this.domain = domain;
    this.order = order;
    id = Integer.toString(number);
    front = "/local/domain/" + domain.id() + "/device/vbd/" + id;
    back = "/local/domain/" + ServiceEventsPort.DOMID + "/backend/vbd/" + domain.id() + "/" + id;
    int count = 1 << Math.max(order, 0);
    long[] pages = new long[count];
    for (int i = 0; i < count; i++) {
      pages[i] = hypervisor.p2m().translate(domain, domain.page(i), true);
    }
    memory = new PagedMemory(hypervisor.memory(), pages);
    ring.at(memory, 0);
    slots = BlockConnection.slots(count);
  }

  /** What the tools do. */
  BlockFront plug(String params, String mode) {
    node(back, "");
    node(front, "");
    node(back + "/frontend", front);
    node(back + "/online", "1");
    node(back + "/mode", mode);
    node(back + "/params", params);
    node(front + "/state", "1");
    node(back + "/state", "1");
    hypervisor.store().settle();
    return this;
  }

  private void node(String path, String value) {
    hypervisor.store().write(path, value);
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

  /** Makes a ring and says that it is there. */
  BlockFront connect(boolean persistent) {
    int count = 1 << Math.max(order, 0);
    for (int i = 0; i < count; i++) {
      grant(RING_REF + i, i, false);
    }
    for (int i = 0; i < DATA_PAGES; i++) {
      grant(DATA_REF + i, DATA_PAGE + i, false);
      grant(READ_ONLY_REF + i, DATA_PAGE + i, true);
    }
    grant(INDIRECT_REF, INDIRECT_PAGE, false);
    ring.reqProd(0);
    ring.reqEvent(1);
    ring.rspProd(0);
    ring.rspEvent(1);
    produced = 0;
    consumed = 0;
    port = hypervisor.eventChannels().allocateUnbound(domain, ServiceEventsPort.DOMID);
    if (order < 0) {
      hypervisor.store().remove(front + "/ring-page-order");
      node(front + "/ring-ref", Integer.toString(RING_REF));
    } else {
      node(front + "/ring-page-order", Integer.toString(order));
      for (int i = 0; i < count; i++) {
        node(front + "/ring-ref" + i, Integer.toString(RING_REF + i));
      }
    }
    node(front + "/event-channel", Integer.toString(port));
    node(front + "/protocol", protocol);
    node(front + "/feature-persistent", persistent ? "1" : "0");
    state(XenbusState.XenbusStateInitialised);
    return this;
  }

  /** Takes its grants back, as a front end does whose device closed. @return references that are mapped still */
  List<Integer> revoke() {
    List<Integer> mapped = new ArrayList<>();
    for (int i = 0; i < 512; i++) {
      if (!hypervisor.grants().revoke(domain, i)) {
        mapped.add(i);
      }
    }
    return mapped;
  }

  private void grant(int reference, int page, boolean readOnly) {
    hypervisor.grants().grant(domain, reference, ServiceEventsPort.DOMID, domain.gfn() + page, readOnly);
  }

  byte[] data(int index) {
    byte[] content = new byte[4096];
    domain.memory().read(domain.page(DATA_PAGE + index), content, 0, 4096);
    return content;
  }

  void data(int index, byte[] content) {
    domain.memory().write(domain.page(DATA_PAGE + index), content, 0, 4096);
  }

  /** Address of the next slot in {@link #memory}. */
  long slot() {
    return SharedRing.SIZE + (long) (produced++ & slots - 1) * BlkifRequest.SIZE;
  }

  void request(int operation, long requestId, long sector, Segment... segments) {
    long at = slot();
    BlkifRequest request = new BlkifRequest();
    request.at(memory, at);
    request.operation(operation);
    request.nrSegments(segments.length);
    request.handle(0);
    request.id(requestId);
    request.sectorNumber(sector);
    for (int i = 0; i < segments.length; i++) {
      segment(memory, at + BlkifRequest.SEG + 8L * i, segments[i]);
    }
  }

  private static void segment(AbiMemory to, long at, Segment segment) {
    to.write32(at, segment.reference);
    to.write8(at + 4, (byte) segment.first);
    to.write8(at + 5, (byte) segment.last);
  }

  void indirect(int operation, long requestId, long sector, Segment... segments) {
    long at = slot();
    BlkifRequestIndirect request = new BlkifRequestIndirect();
    request.at(memory, at);
    memory.write8(at, (byte) BlockInterface.BLKIF_OP_INDIRECT);
    memory.write8(at + BlkifRequestIndirect.INDIRECT_OP, (byte) operation);
    request.nrSegments(segments.length);
    request.id(requestId);
    request.sectorNumber(sector);
    request.indirectGrefs(0, INDIRECT_REF);
    for (int i = 0; i < segments.length; i++) {
      segment(domain.memory(), domain.page(INDIRECT_PAGE) + 8L * i, segments[i]);
    }
  }

  /** Shows the requests, without an event. @return whether the back end wants one */
  boolean push() {
    int before = ring.reqProd();
    ring.reqProd(produced);
    return Integer.compareUnsigned(produced - ring.reqEvent(), produced - before) < 0;
  }

  /** Sends an event; the service domain hears of it when it is delivered. */
  void event() {
    hypervisor.eventChannels().send(domain, port);
  }

  /** Shows the requests, tells the back end if it wants that, and lets it work. */
  void go() {
    if (push()) {
      event();
    }
    hypervisor.port(ServiceEventsPort.class).deliver();
    hypervisor.clock().advance(1);
  }

  /** The answers that are there; asks for an event with the next one. */
  List<Answer> answers() {
    List<Answer> answers = new ArrayList<>();
    while (consumed != ring.rspProd()) {
      long at = SharedRing.SIZE + (long) (consumed++ & slots - 1) * BlkifRequest.SIZE;
      BlkifResponse response = new BlkifResponse();
      response.at(memory, at);
      answers.add(new Answer(response.id(), response.operation(), response.status()));
    }
    ring.rspEvent(consumed + 1);
    return answers;
  }

  /** Events since this was asked last. */
  int events() {
    return hypervisor.eventChannels().received(domain, port);
  }
}
