package org.xenolith.hyp.xenstore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.StoreHeader;
import org.xenolith.xen.abi.StoreMessage;

/** The hypervisor's own conversation with the store: requests in Java, events kept until they are fetched. */
final class OwnConnection {
  private final XenStore store;
  private final Connection connection;
  private final StoreHeader header = new StoreHeader();
  private final List<Event> events = new ArrayList<>();

  /** A watch fired. */
  record Event(String path, String token) { }

  OwnConnection(XenStore store, Connection connection) {
    this.store = store;
    this.connection = connection;
  }

  /**
   * Makes a request.
   *
   * @return the answer, or null for an error
   */
  byte[] request(int type, byte[] payload) {
    byte[] answer = null;
    collect();
    store.answer(connection, type, 0, 0, payload);
    for (byte[] message : messages()) {
      header.at(new AbiBytes(message), 0);
      if (header.type() == type) {
        answer = Arrays.copyOfRange(message, StoreHeader.SIZE, message.length);
      } else {
        note(message);
      }
    }
    return answer;
  }

  /** Fetches the events that wait, in order. */
  List<Event> fetch() {
    collect();
    List<Event> all = List.copyOf(events);
    events.clear();
    return all;
  }

  /** Whether events wait. */
  boolean eventful() {
    return connection.waiting() > 0 || !events.isEmpty();
  }

  private void collect() {
    messages().forEach(this::note);
  }

  private void note(byte[] message) {
    header.at(new AbiBytes(message), 0);
    if (header.type() == StoreMessage.XS_WATCH_EVENT) {
      String[] parts = new String(message, StoreHeader.SIZE, message.length - StoreHeader.SIZE, StandardCharsets.ISO_8859_1).split("\0", -1);
      events.add(new Event(parts[0], parts[1]));
    }
  }

  private List<byte[]> messages() {
    byte[] bytes = new byte[connection.waiting()];
    connection.transmit(bytes, 0, bytes.length);
    List<byte[]> all = new ArrayList<>();
    for (int at = 0; at < bytes.length;) {
      header.at(new AbiBytes(Arrays.copyOfRange(bytes, at, at + StoreHeader.SIZE)), 0);
      int end = at + StoreHeader.SIZE + header.len();
      all.add(Arrays.copyOfRange(bytes, at, end));
      at = end;
    }
    return all;
  }

  /** Events that were collected and not fetched. */
  List<Event> kept() {
    return events;
  }

  byte[] saveEvents() {
    return Payload.of(events.stream().flatMap(event -> Stream.of(event.path, event.token)).toList());
  }

  void restoreEvents(byte[] saved) {
    events.clear();
    List<String> parts = new Payload(saved).strings();
    for (int i = 0; i + 1 < parts.size(); i += 2) {
      events.add(new Event(parts.get(i), parts.get(i + 1)));
    }
  }
}
