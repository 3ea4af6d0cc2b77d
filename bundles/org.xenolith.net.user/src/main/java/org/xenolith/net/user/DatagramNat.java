// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import static org.xenolith.net.user.HeaderFields.half;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Carries datagrams (RFC 768) between guests and the outside. A guest's port has one place outside for all that it sends to and hears from,
 * as RFC 4787 asks for. Bounded: the place used longest ago makes room.
 */
final class DatagramNat {
  static final int MOST = 256;
  /** A place is given up that long after its last datagram, RFC 4787 4.3. */
  private static final long PATIENCE = 300_000_000_000L;
  /** A question is taken for one that waits for its answer that long. */
  private static final long ASKED = 5_000_000_000L;

  private record Port(InternetAddress guest, int port) {}

  /** Whom a guest sent to, as it knows it. */
  private record Known(InternetAddress address, int port) {}

  /** A place outside, for all that a guest sends from one port. */
  private static final class Place {
    private static final int MOST_RENAMED = 64;
    private static final int MOST_QUESTIONS = 16;
    /** Where a guest sent to, as it knows it, so that answers come from there: by their places outside. */
    final LinkedHashMap<InetSocketAddress, Known> renamed = new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Known> eldest) {
        return size() > MOST_RENAMED;
      }
    };
    Outside.Datagrams datagrams;
    long used;
    boolean asking;
    /** How often each of the latest questions for names was asked, by its number: several are asked in turn, as for both kinds of addresses. */
    final LinkedHashMap<Integer, Integer> questions = new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
        return size() > MOST_QUESTIONS;
      }
    };
  }

  private final ReachPolicy policy;
  private final Outside outside;
  private final PacketWriter writer;
  private final IcmpResponder icmp;
  private final LinkedHashMap<Port, Place> places = new LinkedHashMap<>(16, 0.75f, true);
  /** Whose answers go to who sent from outside, by the guests' ports. */
  private final HashMap<Port, ForwardedDatagrams> forwards = new HashMap<>();
  private long now;

  DatagramNat(ReachPolicy policy, Outside outside, PacketWriter writer, IcmpResponder icmp) {
    this.policy = policy;
    this.outside = outside;
    this.writer = writer;
    this.icmp = icmp;
  }

  /** A guest's datagram with a right checksum, for no server of ours; length is that of its bytes. */
  void take(IpPacket packet, int length) {
    byte[] bytes = packet.bytes;
    int port = half(bytes, packet.payload + 2);
    ForwardedDatagrams forward = forwards.get(new Port(packet.source, half(bytes, packet.payload)));
    if (forward != null && forward.answer(packet, port, length)) {
      return;
    }
    Optional<InetSocketAddress> to = policy.outside(packet.destination, port);
    if (to.isEmpty()) {
      icmp.trouble(packet, policy.plan().inside(packet.destination) ? IcmpResponder.Trouble.NO_PORT : IcmpResponder.Trouble.PROHIBITED);
      return;
    }
    Place place = place(new Port(packet.source, half(bytes, packet.payload)));
    if (place == null || place.datagrams == null) {
      icmp.trouble(packet, IcmpResponder.Trouble.NO_ROUTE);
      return;
    }
    InetSocketAddress target = to.get();
    int at = packet.payload + InternetProtocol.UDP_HEADER;
    if (policy.plan().isResolver(packet.destination) && length >= 2) {
      target = resolver(place, half(bytes, at));
    }
    if (target.getPort() != port || !target.getAddress().equals(packet.destination.inet())) {
      place.renamed.put(target, new Known(packet.destination, port));
    }
    place.used = now;
    place.asking = true;
    place.datagrams.send(ByteBuffer.wrap(bytes, at, length), target);
  }

  /** A question asked again goes to the next of the host's resolvers. */
  private InetSocketAddress resolver(Place place, int question) {
    int times = place.questions.merge(question, 1, Integer::sum);
    return policy.resolvers().get((times - 1) % policy.resolvers().size());
  }

  private Place place(Port port) {
    Place place = places.get(port);
    if (place != null) {
      return place;
    }
    if (places.size() >= MOST) {
      Iterator<Place> oldest = places.values().iterator();
      close(oldest.next());
      oldest.remove();
    }
    Place fresh = new Place();
    try {
      fresh.datagrams = outside.datagrams((bytes, length, from) -> answer(port, fresh, bytes, length, from));
    } catch (IOException e) {
      // The host has no such sockets left, or no such family: the guest is told that there is no way.
      return null;
    }
    places.put(port, fresh);
    return fresh;
  }

  private void answer(Port port, Place place, byte[] bytes, int length, InetSocketAddress from) {
    Known sender = sender(place, from);
    if (sender == null) {
      return;
    }
    place.used = now;
    place.asking = false;
    deliver(sender.address, sender.port, port.guest, port.port, bytes, length);
  }

  /** Who sent a datagram, as a guest knows it; null for somebody that it knows nothing of. */
  private Known sender(Place place, InetSocketAddress from) {
    Known known = place.renamed.get(from);
    if (known != null) {
      return known;
    }
    InternetAddress own = InternetAddress.of(from.getAddress());
    if (!from.getAddress().isLoopbackAddress()) {
      return new Known(own, from.getPort());
    }
    // Servers may answer from another port than they are asked at (TFTP, RFC 1350).
    return policy.host() ? new Known(own.isFour() ? policy.plan().gateway() : AddressPlan.GATEWAY6, from.getPort()) : null;
  }

  /** Sends a guest a datagram. */
  void deliver(InternetAddress from, int fromPort, InternetAddress to, int toPort, byte[] bytes, int length) {
    int most = 0xFFFF - InternetProtocol.UDP_HEADER - (to.isFour() ? InternetProtocol.IPV4_HEADER : 0);
    if (from.isFour() != to.isFour() || length > most) {
      return;
    }
    int udp = writer.begin(from, to, InternetProtocol.UDP);
    half(writer.bytes, udp, fromPort);
    half(writer.bytes, udp + 2, toPort);
    half(writer.bytes, udp + 4, InternetProtocol.UDP_HEADER + length);
    System.arraycopy(bytes, 0, writer.bytes, udp + InternetProtocol.UDP_HEADER, length);
    writer.end(InternetProtocol.UDP_HEADER + length, 6);
  }

  private static void close(Place place) {
    if (place.datagrams != null) {
      place.datagrams.close();
    }
  }

  /** Has what comes to a place outside go to a guest's port. */
  ForwardedDatagrams forward(InternetAddress guest, int port) {
    return forwards.computeIfAbsent(new Port(guest, port), p -> new ForwardedDatagrams(policy.plan(), this, guest, port));
  }

  void time(long newNow) {
    now = newNow;
  }

  /** Gives places up that nobody has used for long. */
  void tick() {
    for (Iterator<Place> i = places.values().iterator(); i.hasNext();) {
      Place place = i.next();
      if (now - place.used > PATIENCE) {
        close(place);
        i.remove();
      }
    }
  }

  /** Whether something was asked a moment ago that isn't answered yet. */
  boolean busy() {
    for (Place place : places.values()) {
      if (place.asking && now - place.used < ASKED) {
        return true;
      }
    }
    return false;
  }

  int open() {
    return places.size();
  }

  void close() {
    places.values().forEach(DatagramNat::close);
    places.clear();
  }
}
