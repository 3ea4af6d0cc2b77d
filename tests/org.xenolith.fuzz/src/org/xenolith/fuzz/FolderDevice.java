// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import org.xenolith.hyp.api.Backend;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.ninep.kit.Message;
import org.xenolith.share.api.FoldersPort;
import org.xenolith.share.api.SharePort;
import org.xenolith.share.api.SharedFolder;
import org.xenolith.xen.abi.XenbusState;

/**
 * A folder of one guest: grants for pages of {@link GuestPlace#SHARED} (reference {@link #FIRST_REFERENCE} for the first), two ports, the nodes that tools and a front end write, with which the
 * device is connected, and who serves the folder, who answers each request as the input says.
 */
final class FolderDevice implements SharePort.Outside {
  static final int FIRST_REFERENCE = 64;
  static final int PAGES = 32;
  /** Pages with indices are the first two of the shared ones; those with data are behind, so many for each ring. */
  static final int DATA = 2;
  static final int PER_RING = 8;
  /** In the page with the indices (public header io/9pfs.h): theirs, the data pages' number as a power of two, and their references. */
  static final int IN_CONS = 0;
  static final int IN_PROD = 4;
  static final int OUT_CONS = 64;
  static final int OUT_PROD = 68;
  static final int ORDER = 128;
  static final int REFERENCES = 132;
  private static final String ID = "0";
  private static final String BACKENDS = "/local/domain/" + ServiceEventsPort.DOMID + "/backend/9pfs/";
  /** Bytes of an answer that an input can ask for, by three bits: an error's, one of a page, one that no ring has room for. */
  private static final int[] SIZES = {11, 7, 100, 4096, 8192, 16_384, 70_000, 12};
  private static final int[] COUNTS = {1, 8, 64, 200};
  private static final int MOST_ANSWERS = 400;

  private final World world;
  private final Domain guest;
  final int order;
  final int rings;
  final int[] ports = new int[2];
  /** What is answered, each to one request; all behind them by an error. */
  private final Queue<Integer> answers = new ArrayDeque<>();

  /** @param flags 1:0 order of the rings less one; 2 two rings; 5:3 the order that the page says is other by so much */
  FolderDevice(World world, Domain guest, int flags) {
    this.world = world;
    this.guest = guest;
    order = 1 + (flags & 3) % 3;
    rings = 1 + (flags >> 2 & 1);
    for (int i = 0; i < PAGES; i++) {
      world.grants.grant(guest, FIRST_REFERENCE + i, ServiceEventsPort.DOMID, (GuestPlace.SHARED >>> 12) + i);
    }
    for (int ring = 0; ring < 2; ring++) {
      ports[ring] = world.channels.allocateUnbound(guest, ServiceEventsPort.DOMID);
      GuestDomains.demand(Math.min(0, ports[ring]));
      ByteBuffer page = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
      page.putInt(ORDER, order + (flags >> 3 & 7));
      for (int i = 0; i < PER_RING; i++) {
        page.putInt(REFERENCES + 4 * i, FIRST_REFERENCE + DATA + ring * PER_RING + i);
      }
      guest.memory().write(page(ring), page.array(), 0, page.capacity());
    }
    world.machine.inputHandler(SharePort.INPUT, (place, bytes) -> FoldersPort.key(place).flatMap(folders(world)::port).map(port -> port
        .bring(bytes)).orElse(bytes.length));
    folders(world).add(key(guest), new SharedFolder("/folder", false, "p9", "mount"));
    folders(world).port(key(guest)).orElseThrow().connect(this);
    nodes();
  }

  private static FoldersPort folders(World world) {
    return world.port(FoldersPort.class);
  }

  private static String key(Domain guest) {
    return new Backend(guest, ID, "", "").key();
  }

  static long page(int index) {
    return GuestPlace.SHARED + ((long) index << 12);
  }

  /** Bytes of one of a ring's two circles. */
  int capacity() {
    return 4096 << order >> 1;
  }

  /** Where a ring's data are; the half that requests are in is the second. */
  static long data(int ring) {
    return page(DATA + ring * PER_RING);
  }

  String frontend() {
    return GuestDomains.home(guest) + "/device/9pfs/" + ID;
  }

  private void nodes() {
    String back = BACKENDS + guest.id() + "/" + ID;
    GuestDomains.node(world, frontend(), "", "n" + guest.id() + " r" + ServiceEventsPort.DOMID);
    GuestDomains.node(world, back, "", "n1 r" + guest.id());
    front("version", "1");
    front("num-rings", Integer.toString(rings));
    for (int ring = 0; ring < 2; ring++) {
      front("ring-ref" + ring, Integer.toString(FIRST_REFERENCE + ring));
      front("event-channel-" + ring, Integer.toString(ports[ring]));
    }
    front("backend", back);
    front("backend-id", Integer.toString(ServiceEventsPort.DOMID));
    front("state", Integer.toString(XenbusState.XenbusStateInitialised));
    // The path of the front end last: with that a device begins to be one.
    GuestDomains.node(world, back + "/frontend-id", Integer.toString(guest.id()));
    GuestDomains.node(world, back + "/online", "1");
    GuestDomains.node(world, back + "/state", Integer.toString(XenbusState.XenbusStateInitialising));
    GuestDomains.node(world, back + "/frontend", frontend());
  }

  private void front(String name, String value) {
    GuestDomains.node(world, frontend() + "/" + name, value);
  }

  /** The next requests that have none are answered so: bits 2:0 a size, 3 not at all, 4 twice, 5 to a request that nobody made; 7:6 how many, 1, 8, 64 or 200. */
  void answer(int how) {
    for (int left = COUNTS[how >> 6 & 3]; left > 0 && answers.size() < MOST_ANSWERS; left--) {
      answers.add(how);
    }
  }

  @Override
  public void request(long id, byte[] message) {
    // Who serves a folder reads on from here.
    if (message.length < Message.HEADER || message.length > Message.MOST || Message.size(message, 0) != message.length) {
      throw new IllegalStateException("a request of " + message.length + " bytes that says something else came through");
    }
    Integer how = answers.poll();
    int as = how == null ? 0 : how;
    ByteBuffer answer = ByteBuffer.allocate(SIZES[as & 7]).order(ByteOrder.LITTLE_ENDIAN);
    answer.putInt(answer.capacity()).put((byte) 7).putShort((short) Message.tag(message, 0));
    for (int times = (as & 8) != 0 ? 0 : (as & 16) != 0 ? 2 : 1; times > 0; times--) {
      world.machine.input(SharePort.INPUT, FoldersPort.place(HypervisorNode.PATH, key(guest)), SharePort.input((as & 32) != 0 ? id + 1000
          : id, answer.array()));
    }
  }

  @Override
  public void taken(long id) {}

  @Override
  public byte[] save() {
    return new byte[0];
  }

  /** Takes the folder away when its guest is gone. */
  static void end(World world, Domain guest) {
    folders(world).remove(key(guest));
  }
}
