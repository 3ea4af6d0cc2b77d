// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** A port of a guest that datagrams from outside are sent on to, and the answers back to who sent. Bounded: who sent first makes room. */
final class ForwardedDatagrams implements Outside.DatagramEvents {
  private static final int MOST_CLIENTS = 256;

  /** A client as the guest sees it. */
  private record Shown(InternetAddress address, int port) {}

  private final LinkedHashMap<Shown, InetSocketAddress> clients = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Shown, InetSocketAddress> eldest) {
      return size() > MOST_CLIENTS;
    }
  };
  private final AddressPlan plan;
  private final DatagramNat nat;
  private final InternetAddress guest;
  private final int port;
  private Outside.Datagrams datagrams;

  ForwardedDatagrams(AddressPlan plan, DatagramNat nat, InternetAddress guest, int port) {
    this.plan = plan;
    this.nat = nat;
    this.guest = guest;
    this.port = port;
  }

  /** Where answers go from: the place outside that this hears of. */
  void from(Outside.Datagrams newDatagrams) {
    datagrams = newDatagrams;
  }

  @Override
  public void datagram(byte[] bytes, int length, InetSocketAddress from) {
    InternetAddress sender = plan.shown(from.getAddress(), guest);
    clients.put(new Shown(sender, from.getPort()), from);
    nat.deliver(sender, from.getPort(), guest, port, bytes, length);
  }

  /** A datagram from the guest's port. @return whether it was an answer to a client */
  boolean answer(IpPacket packet, int toPort, int length) {
    InetSocketAddress client = clients.get(new Shown(packet.destination, toPort));
    if (client == null || datagrams == null) {
      return false;
    }
    datagrams.send(ByteBuffer.wrap(packet.bytes, packet.payload + InternetProtocol.UDP_HEADER, length), client);
    return true;
  }
}
