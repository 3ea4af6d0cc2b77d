// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.ninepback;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.ninep.kit.Message;
import org.xenolith.ninep.kit.MessageType;
import org.xenolith.ninep.kit.MessageWriter;
import org.xenolith.share.api.SharePort;
import org.xenolith.share.api.FoldersPort;
import org.xenolith.share.api.SharedFolder;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.XenbusState;

/** A small front end in its domain's real pages, as docs/misc/9pfs.pandoc says, and who serves its folder: that keeps what is asked. */
final class NinepFront implements SharePort.Outside {
  static final String ROLE = "ninepback";
  static final NinepBackendComponent COMPONENT = new NinepBackendComponent();
  private static final int INTERFACE_REF = 8;
  private static final int DATA_REF = 100;
  /** Pages of the domain: those with indices, then those with data, 16 for each ring. */
  private static final int DATA_PAGE = 8;
  private static final int PER_RING = 16;

  /** One request. */
  record Asked(long id, byte[] message) {}

  final FakeHypervisor hypervisor = new FakeHypervisor();
  final FakeDomain domain;
  private final FakeDomain service;
  final FoldersPort ports;
  final List<Asked> asked = new ArrayList<>();
  private final String front;
  private final String back;
  final int[] channels = new int[2];
  private int order = 1;

  NinepFront() {
    hypervisor.store();
    hypervisor.grants();
    hypervisor.eventChannels();
    service = hypervisor.service();
    domain = hypervisor.domU(3, 1);
    ports = hypervisor.port(FoldersPort.class);
    hypervisor.install(ROLE, COMPONENT).reset();
    front = "/local/domain/" + domain.id() + "/device/9pfs/0";
    back = "/local/domain/" + ServiceEventsPort.DOMID + "/backend/9pfs/" + domain.id() + "/0";
  }

  String key() {
    return "%05d/0".formatted(domain.serial());
  }

  SharePort port() {
    return ports.port(key()).orElseThrow();
  }

  /** What the tools do. */
  NinepFront plug() {
    ports.add(key(), new SharedFolder("/tmp", false, "test", "mount"));
    port().connect(this);
    node(back, "");
    node(front, "");
    node(back + "/frontend", front);
    node(back + "/online", "1");
    node(front + "/state", "1");
    node(back + "/state", "1");
    hypervisor.store().settle();
    return this;
  }

  void node(String path, String value) {
    hypervisor.store().write(path, value);
  }

  String frontNode(String name) {
    return front + "/" + name;
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

  /** Makes two rings with data of so many pages (as a power of two), and says that they are there. */
  NinepFront connect(int newOrder) {
    order = newOrder;
    prepare();
    state(XenbusState.XenbusStateInitialised);
    return this;
  }

  void prepare() {
    node(front + "/version", "1");
    node(front + "/num-rings", "2");
    for (int ring = 0; ring < 2; ring++) {
      hypervisor.grants().grant(domain, INTERFACE_REF + ring, ServiceEventsPort.DOMID, domain.gfn() + ring, false);
      for (int at = 0; at < 4096; at += 4) {
        word(ring, at, 0);
      }
      word(ring, NinepRing.ORDER, order);
      for (int i = 0; i < Math.min(1 << order, PER_RING); i++) {
        int reference = DATA_REF + ring * PER_RING + i;
        hypervisor.grants().grant(domain, reference, ServiceEventsPort.DOMID, domain.gfn() + DATA_PAGE + ring * PER_RING + i, false);
        word(ring, NinepRing.REFERENCES + 4 * i, reference);
      }
      channels[ring] = hypervisor.eventChannels().allocateUnbound(domain, ServiceEventsPort.DOMID);
      node(front + "/ring-ref" + ring, Integer.toString(INTERFACE_REF + ring));
      node(front + "/event-channel-" + ring, Integer.toString(channels[ring]));
    }
  }

  /** Pages of the domain that the back end has mapped. */
  int mapped() {
    return hypervisor.grants().mapped(service);
  }

  int capacity() {
    return 4096 << order >> 1;
  }

  int word(int ring, int at) {
    return domain.memory().read32(domain.page(ring) + at);
  }

  void word(int ring, int at, int value) {
    domain.memory().write32(domain.page(ring) + at, value);
  }

  private long data(int ring, int circle, int index) {
    int at = circle + (index & capacity() - 1);
    return domain.page(DATA_PAGE + ring * PER_RING + at / 4096) + at % 4096;
  }

  /** Puts bytes into a ring, without an event. */
  void put(int ring, byte[] bytes) {
    int produced = word(ring, NinepRing.OUT_PROD);
    for (int i = 0; i < bytes.length; i++) {
      domain.memory().write8(data(ring, capacity(), produced + i), bytes[i]);
    }
    word(ring, NinepRing.OUT_PROD, produced + bytes.length);
  }

  /** Lets the back end hear of a ring. */
  void event(int ring) {
    hypervisor.eventChannels().send(domain, channels[ring]);
    hypervisor.port(ServiceEventsPort.class).deliver();
  }

  /** Asks. */
  void ask(int ring, byte[] message) {
    put(ring, message);
    event(ring);
  }

  /** A request of so many bytes. */
  static byte[] request(int tag, int length) {
    byte[] filler = new byte[length - Message.HEADER - 4];
    for (int i = 0; i < filler.length; i++) {
      filler[i] = (byte) (i * 7 + tag);
    }
    return new MessageWriter(length).request(MessageType.WRITE, tag).data(filler, 0, filler.length).bytes();
  }

  /** Has an answer come, as an input does. @return whether it was taken */
  boolean answer(long id, byte[] message) {
    byte[] input = SharePort.input(id, message);
    return port().bring(input) == input.length;
  }

  /** Takes the next answer of a ring. */
  byte[] take(int ring) {
    int consumed = word(ring, NinepRing.IN_CONS);
    byte[] begin = bytes(ring, consumed, 4);
    byte[] message = bytes(ring, consumed, (int) Message.size(begin, 0));
    word(ring, NinepRing.IN_CONS, consumed + message.length);
    return message;
  }

  private byte[] bytes(int ring, int from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = domain.memory().read8(data(ring, 0, from + i));
    }
    return bytes;
  }

  int events(int ring) {
    return hypervisor.eventChannels().received(domain, channels[ring]);
  }

  List<String> reported() {
    return hypervisor.context(ROLE).reportedEvents().stream().map(event -> event.kind()).distinct().toList();
  }

  @Override
  public void request(long id, byte[] message) {
    asked.add(new Asked(id, message));
  }

  @Override
  public void taken(long id) {}

  @Override
  public byte[] save() {
    return new byte[0];
  }
}
