// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.kit.VirtualDisks;
import org.xenolith.xen.abi.XenbusState;

/**
 * A block device and two network interfaces of one guest: grants for pages of {@link GuestPlace#SHARED} (reference
 * {@link #FIRST_REFERENCE} for the first), a port each, and, for what an input does anything to, the nodes that tools and front ends
 * write, with which it is connected. To connect a device takes longer than most that is done to one.
 */
final class RingDevices {
  static final int FIRST_REFERENCE = 64;
  static final int PAGES = 32;
  /** Pages among the shared ones: the block ring (four), then transmit and receive rings. */
  static final int BLOCK_RING = 0;
  static final int[] TRANSMIT = {4, 16};
  static final int[] RECEIVE = {5, 17};
  /** The first of the pages for data. */
  static final int DATA = 6;
  private static final String DISK = "51712";
  private static final String IMAGE = "image";
  private static final String BACKENDS = "/local/domain/" + ServiceEventsPort.DOMID + "/backend/";

  private final World world;
  private final Domain guest;
  private final int flags;
  private boolean disk;
  private boolean interfaces;
  final int blockPort;
  final int[] networkPorts = new int[2];

  /** @param flags 1:0 order of the block ring; 2 persistent grants; 3 no network offloads; 4 multicast filter; 5 read-only disk */
  RingDevices(World world, Domain guest, int flags) {
    this.world = world;
    this.guest = guest;
    this.flags = flags;
    for (int i = 0; i < PAGES; i++) {
      world.grants.grant(guest, FIRST_REFERENCE + i, ServiceEventsPort.DOMID, (GuestPlace.SHARED >>> 12) + i);
    }
    blockPort = port();
    for (int i = 0; i < 2; i++) {
      networkPorts[i] = port();
    }
  }

  /** The input does something to the block device. */
  void needDisk() {
    if (!disk) {
      disk = true;
      block();
    }
  }

  /** The input does something to a network interface: what one sends reaches the other. */
  void needInterfaces() {
    if (!interfaces) {
      interfaces = true;
      for (int i = 0; i < networkPorts.length; i++) {
        network(i);
      }
    }
  }

  /** The input changes a shared page. */
  void need(int page) {
    if (page < TRANSMIT[0]) {
      needDisk();
    } else if (page < DATA || page == TRANSMIT[1] || page == RECEIVE[1]) {
      needInterfaces();
    }
  }

  static long page(int index) {
    return GuestPlace.SHARED + ((long) index << 12);
  }

  private int port() {
    int port = world.channels.allocateUnbound(guest, ServiceEventsPort.DOMID);
    GuestDomains.demand(Math.min(0, port));
    return port;
  }

  private void block() {
    try {
      world.port(VirtualDisks.class).attach(disk(guest), new MemoryDisk());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String front = ends("vbd", DISK);
    String back = BACKENDS + "vbd/" + guest.id() + "/" + DISK;
    nodes(back, "params", IMAGE, "mode", (flags & 32) == 0 ? "w" : "r", "type", "phy", "discard-enable", "1");
    int order = flags & 3;
    if (order == 3 || order == 0) {
      nodes(front, "ring-ref", Integer.toString(FIRST_REFERENCE + BLOCK_RING));
    } else {
      nodes(front, "ring-page-order", Integer.toString(order));
      for (int i = 0; i < 1 << order; i++) {
        nodes(front, "ring-ref" + i, Integer.toString(FIRST_REFERENCE + BLOCK_RING + i));
      }
    }
    nodes(front, "event-channel", Integer.toString(blockPort), "protocol", "arm-abi", "feature-persistent",
        (flags & 4) == 0 ? "0" : "1");
    states(front, back, XenbusState.XenbusStateInitialised);
  }

  private void network(int index) {
    String front = ends("vif", Integer.toString(index));
    String back = BACKENDS + "vif/" + guest.id() + "/" + index;
    nodes(back, "mac", "00:16:3e:00:00:0" + index, "bridge", "xenbr0", "handle", Integer.toString(index));
    String offloads = (flags & 8) == 0 ? "1" : "0";
    nodes(front, "tx-ring-ref", Integer.toString(FIRST_REFERENCE + TRANSMIT[index]), "rx-ring-ref",
        Integer.toString(FIRST_REFERENCE + RECEIVE[index]), "event-channel", Integer.toString(networkPorts[index]),
        "request-rx-copy", "1", "feature-rx-notify", "1", "feature-sg", offloads, "feature-gso-tcpv4", offloads,
        "feature-gso-tcpv6", offloads, "feature-ipv6-csum-offload", offloads, "request-multicast-control",
        (flags & 16) == 0 ? "0" : "1");
    states(front, back, XenbusState.XenbusStateConnected);
  }

  private String ends(String kind, String id) {
    String front = GuestDomains.home(guest) + "/device/" + kind + "/" + id;
    String back = BACKENDS + kind + "/" + guest.id() + "/" + id;
    GuestDomains.node(world, front, "", "n" + guest.id() + " r" + ServiceEventsPort.DOMID);
    GuestDomains.node(world, back, "", "n1 r" + guest.id());
    return front;
  }

  private void states(String front, String back, int state) {
    nodes(front, "backend", back, "backend-id", Integer.toString(ServiceEventsPort.DOMID), "state", Integer.toString(state));
    // The path of the front end last: with that a device begins to be one.
    nodes(back, "frontend-id", Integer.toString(guest.id()), "online", "1", "state",
        Integer.toString(XenbusState.XenbusStateInitialising), "frontend", front);
  }

  /** Writes nodes, which have the permissions of the one above. */
  private void nodes(String path, String... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      GuestDomains.node(world, path + "/" + namesAndValues[i], namesAndValues[i + 1]);
    }
  }

  private static String disk(Domain guest) {
    return VirtualDisks.name(guest, DISK, IMAGE);
  }

  /** Takes the disk away when its guest is gone. */
  static void end(World world, Domain guest) {
    world.port(VirtualDisks.class).detach(disk(guest));
  }
}
