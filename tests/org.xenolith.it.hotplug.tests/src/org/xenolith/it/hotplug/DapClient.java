// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An editor as far as messages of the Debug Adapter Protocol go: their JSON is looked at as text. */
final class DapClient implements AutoCloseable {
  private static final int PATIENCE_MILLISECONDS = 25_000;
  private static final Pattern LENGTH = Pattern.compile("Content-Length: ([0-9]+)\r\n\r\n");
  private final Socket socket;
  private final List<String> events = new ArrayList<>();
  private int sent;

  DapClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLISECONDS);
  }

  /** One that has come and attached. @param stops whether it wants to see the machine as it is */
  static DapClient attached(int port, boolean stops) throws IOException {
    DapClient client = new DapClient(port);
    client.ask("initialize", "{\"adapterID\":\"xenolith\"}");
    client.event("initialized");
    client.ask("attach", "{\"stopOnEntry\":" + stops + "}");
    client.ask("configurationDone", "{}");
    if (stops) {
      client.event("stopped");
    }
    return client;
  }

  void raw(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends a request. Returns its number. */
  int send(String command, String arguments) throws IOException {
    String text = "{\"seq\":%d,\"type\":\"request\",\"command\":\"%s\",\"arguments\":%s}".formatted(++sent, command, arguments);
    raw("Content-Length: " + text.length() + "\r\n\r\n" + text);
    return sent;
  }

  /** The response to a request, which succeeds. */
  String ask(String command, String arguments) throws IOException {
    String response = response(send(command, arguments));
    if (!response.contains("\"success\":true")) {
      throw new IOException(command + ": " + response);
    }
    return response;
  }

  /** Why a request is refused. */
  String refused(String command, String arguments) throws IOException {
    String response = response(send(command, arguments));
    if (!response.contains("\"success\":false")) {
      throw new IOException(command + " isn't refused: " + response);
    }
    return text(response, "message");
  }

  String response(int number) throws IOException {
    for (;;) {
      String message = await();
      if (message.contains("\"type\":\"response\"") && number(message, "request_seq") == number) {
        return message;
      }
      events.add(message);
    }
  }

  /** The next event of a name. */
  String event(String name) throws IOException {
    String wanted = "\"event\":\"" + name + "\"";
    for (String each : events) {
      if (each.contains(wanted)) {
        events.remove(each);
        return each;
      }
    }
    for (;;) {
      String message = await();
      if (message.contains(wanted)) {
        return message;
      }
      events.add(message);
    }
  }

  /** The next message. */
  String await() throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    Matcher found = null;
    while (found == null || !found.find()) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        throw new IOException("the connection is closed");
      }
      header.write(b);
      found = LENGTH.matcher(header.toString(StandardCharsets.US_ASCII));
    }
    return new String(socket.getInputStream().readNBytes(Integer.parseInt(found.group(1))), StandardCharsets.UTF_8);
  }

  // ---- What is in a message

  /** The first member of a name that is a text. */
  static String text(String message, String name) {
    return find(message, "\"" + name + "\":\"((?:[^\"\\\\]|\\\\.)*)\"");
  }

  /** The first member of a name that is a number. */
  static int number(String message, String name) {
    return Integer.parseInt(find(message, "\"" + name + "\":(-?[0-9]+)"));
  }

  static String find(String message, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(message);
    if (!found.find()) {
      throw new AssertionError(pattern + " isn't in " + message);
    }
    return found.group(1);
  }

  /** Goes without a word. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
