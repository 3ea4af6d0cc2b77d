// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.StoreHeader;
import org.xenolith.xen.abi.StoreMessage;

/** The other end of a connection, for tests: requests and events as text, in which "|" stands for a zero byte. */
final class Client {
  private final Connection connection;
  private final List<String> events = new ArrayList<>();
  private int request;

  Client(Connection connection) {
    this.connection = connection;
  }

  /** Sends a request and returns the answer's payload. */
  String call(int type, int transaction, String payload) {
    byte[] message = message(type, ++request, transaction, payload);
    connection.receive(message, 0, message.length);
    String answer = null;
    for (String[] got : drain()) {
      if (got[0].equals(Integer.toString(StoreMessage.XS_WATCH_EVENT))) {
        events.add(got[2]);
      } else {
        if (answer != null || !got[1].equals(Integer.toString(request))) {
          throw new AssertionError("an answer that nobody asked for: " + String.join(" ", got));
        }
        answer = got[2];
      }
    }
    return answer;
  }

  String call(int type, String payload) {
    return call(type, 0, payload);
  }

  String write(String path, String value) {
    return call(StoreMessage.XS_WRITE, path + '|' + value);
  }

  String read(String path) {
    return call(StoreMessage.XS_READ, path + '|');
  }

  int begin() {
    String id = call(StoreMessage.XS_TRANSACTION_START, "|");
    return Integer.parseInt(id.substring(0, id.length() - 1));
  }

  /** The events since the last time. */
  List<String> events() {
    for (String[] got : drain()) {
      events.add(got[2]);
    }
    List<String> all = List.copyOf(events);
    events.clear();
    return all;
  }

  static byte[] message(int type, int request, int transaction, String payload) {
    byte[] text = payload.replace('|', '\0').getBytes(StandardCharsets.ISO_8859_1);
    byte[] message = new byte[StoreHeader.SIZE + text.length];
    StoreHeader header = new StoreHeader();
    header.at(new AbiBytes(message), 0);
    header.type(type);
    header.reqId(request);
    header.txId(transaction);
    header.len(text.length);
    System.arraycopy(text, 0, message, StoreHeader.SIZE, text.length);
    return message;
  }

  private List<String[]> drain() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[100];
    for (int count = connection.transmit(part, 0, 7); count > 0; count = connection.transmit(part, 3, 97)) {
      all.write(part, all.size() == 0 ? 0 : 3, count);
    }
    return messages(all.toByteArray());
  }

  /** Messages as type, request and payload. */
  static List<String[]> messages(byte[] bytes) {
    List<String[]> messages = new ArrayList<>();
    StoreHeader header = new StoreHeader();
    for (int at = 0; at < bytes.length; at += StoreHeader.SIZE + header.len()) {
      header.at(new AbiBytes(bytes), at);
      messages.add(new String[] {Integer.toString(header.type()), Integer.toString(header.reqId()),
          new String(bytes, at + StoreHeader.SIZE, header.len(), StandardCharsets.ISO_8859_1).replace('\0', '|')});
    }
    return messages;
  }
}
