// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
  record Event(String path, String token) {}

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
    collect();
    byte[] answer = store.answer(connection, type, payload);
    collect();
    return answer;
  }

  /** Writes a node. @return whether it was allowed */
  boolean write(String path, byte[] value) {
    collect();
    boolean done = store.write(connection, path, value);
    collect();
    return done;
  }

  /** The node of a path; null where a request to read it would be answered with an error, but for what doesn't fit a message. */
  Node node(String path) {
    collect();
    try {
      return store.tree().find(store.absolute(path, connection.domain()));
    } catch (StoreFault fault) {
      return null;
    }
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
    while (connection.waiting() > 0) {
      note(connection.take());
    }
  }

  private void note(byte[] message) {
    header.at(new AbiBytes(message), 0);
    if (header.type() == StoreMessage.XS_WATCH_EVENT) {
      String text = new String(message, StoreHeader.SIZE, message.length - StoreHeader.SIZE, StandardCharsets.ISO_8859_1);
      int end = text.indexOf('\0');
      events.add(new Event(text.substring(0, end), text.substring(end + 1, text.indexOf('\0', end + 1))));
    }
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
