// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The screen as another program sees it: windows of whatever process, closed and typed at from outside. A small client of the
 * X Window System's core protocol (version 11, release 7.7, chapters 8 to 10) and of its extension XTEST.
 */
final class Screen implements Closeable {
  static final int ENTER = 0xFF0D;
  static final int ESCAPE = 0xFF1B;
  static final int UP = 0xFF52;
  static final int DOWN = 0xFF54;
  static final int F10 = 0xFFC7;

  private static final int REPLY = 1;
  private static final int FAULT = 0;
  private static final int PACKET = 32;
  private static final int PRESS = 2;
  private static final int RELEASE = 3;
  private static final int CLIENT_MESSAGE = 33;
  private static final int VIEWABLE = 2;

  private final SocketChannel socket;
  private final DataInputStream in;
  private final int root;
  private final int firstKey;
  private final int lastKey;
  private final int test;

  /** A window that is shown. */
  record Window(int id, String title) {}

  /** @param display as in DISPLAY, of this host: ":1" */
  Screen(String display) throws IOException {
    String number = display.replaceFirst("^.*:", "").replaceFirst("\\..*$", "");
    socket = SocketChannel.open(StandardProtocolFamily.UNIX);
    socket.connect(UnixDomainSocketAddress.of("/tmp/.X11-unix/X" + number));
    in = new DataInputStream(Channels.newInputStream(socket));
    send(little(12).put((byte) 'l').put((byte) 0).putShort((short) 11));
    ByteBuffer head = read(8);
    ByteBuffer setup = read((head.getShort(6) & 0xFFFF) * 4);
    if (head.get(0) != 1) {
      throw new IOException("the display " + display + " refuses this client: " + StandardCharsets.ISO_8859_1.decode(setup));
    }
    firstKey = setup.get(26) & 0xFF;
    lastKey = setup.get(27) & 0xFF;
    int vendor = setup.getShort(16) & 0xFFFF;
    root = setup.getInt(32 + (vendor + 3 & ~3) + 8 * (setup.get(21) & 0xFF));
    ByteBuffer extension = ask(text(98, "XTEST"));
    test = extension.get(9) & 0xFF;
    if (extension.get(8) == 0) {
      throw new IOException("the display " + display + " lacks the extension XTEST");
    }
  }

  /** The window of a title that is shown, if there is one. */
  Optional<Window> window(String title) throws IOException {
    return windows().stream().filter(w -> w.title().equals(title)).findFirst();
  }

  /** All top-level windows with a title that are shown. */
  List<Window> windows() throws IOException {
    int name = atom("_NET_WM_NAME");
    ByteBuffer tree = ask(request(15, 0, 8).putInt(root));
    List<Window> shown = new ArrayList<>();
    for (int i = 0; i < (tree.getShort(16) & 0xFFFF); i++) {
      int id = tree.getInt(PACKET + 4 * i);
      ByteBuffer attributes = answer(request(3, 0, 8).putInt(id));
      if (attributes == null || attributes.get(26) != VIEWABLE) {
        continue;
      }
      ByteBuffer property = answer(request(20, 0, 24).putInt(id).putInt(name).putInt(0).putInt(0).putInt(1000));
      if (property != null && property.getInt(16) > 0) {
        byte[] text = new byte[property.getInt(16)];
        property.get(PACKET, text);
        shown.add(new Window(id, new String(text, StandardCharsets.UTF_8).strip()));
      }
    }
    return shown;
  }

  /** Asks a window to close, as a window manager does when a person presses the cross in its corner. */
  void close(Window window) throws IOException {
    ByteBuffer event = request(25, 0, 44).putInt(window.id()).putInt(0);
    event.put((byte) CLIENT_MESSAGE).put((byte) 32).putShort((short) 0).putInt(window.id()).putInt(atom("WM_PROTOCOLS"))
        .putInt(atom("WM_DELETE_WINDOW"));
    send(event);
    atom("WM_PROTOCOLS"); // a question: the event was taken when its answer is there
  }

  /** Gives a window the keyboard, and presses keys, each for itself. */
  void type(Window window, int... symbols) throws IOException {
    send(request(42, 1, 12).putInt(window.id()).putInt(0));
    for (int symbol : symbols) {
      int code = code(symbol);
      for (int what : new int[] {PRESS, RELEASE}) {
        send(request(test, 2, 36).put((byte) what).put((byte) code));
      }
      atom("WM_PROTOCOLS");
    }
  }

  private int code(int symbol) throws IOException {
    ByteBuffer keys = ask(request(101, 0, 8).put((byte) firstKey).put((byte) (lastKey - firstKey + 1)));
    int each = keys.get(1) & 0xFF;
    for (int code = firstKey; code <= lastKey; code++) {
      if (keys.getInt(PACKET + (code - firstKey) * each * 4) == symbol) {
        return code;
      }
    }
    throw new IOException("no key has the symbol " + Integer.toHexString(symbol));
  }

  private int atom(String name) throws IOException {
    return ask(text(16, name)).getInt(8);
  }

  private static ByteBuffer text(int code, String name) {
    ByteBuffer request = request(code, 0, 8 + (name.length() + 3 & ~3));
    return request.putShort((short) name.length()).putShort((short) 0).put(name.getBytes(StandardCharsets.US_ASCII));
  }

  private static ByteBuffer request(int code, int detail, int length) {
    return little(length).put((byte) code).put((byte) detail).putShort((short) (length / 4));
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer ask(ByteBuffer request) throws IOException {
    ByteBuffer answer = answer(request);
    if (answer == null) {
      throw new IOException("the display refuses request " + request.get(0));
    }
    return answer;
  }

  /** The answer to a request that has one; null for an error, of a window that is gone meanwhile, say. */
  private ByteBuffer answer(ByteBuffer request) throws IOException {
    send(request);
    while (true) {
      ByteBuffer packet = read(PACKET);
      if (packet.get(0) == FAULT) {
        return null;
      }
      if (packet.get(0) == REPLY) {
        int more = packet.getInt(4) * 4;
        return little(PACKET + more).put(packet).put(read(more)).rewind();
      }
    }
  }

  private void send(ByteBuffer request) throws IOException {
    request.rewind();
    while (request.hasRemaining()) {
      socket.write(request);
    }
    request.rewind();
  }

  private ByteBuffer read(int length) throws IOException {
    InputStream from = in;
    byte[] bytes = from.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the display has gone");
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
