// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who draws windows: an X server or a Wayland compositor. The library that draws would complain in its own words if it had none. Source: X(7), "Display names"; the
 * Wayland protocol, wl_display_connect.
 */
final class DisplayServer {
  private static final Pattern NAME = Pattern.compile("(?:[^/]+/)?([^:]*):(\\d+)(?:\\.\\d+)?");
  private static final String SOCKETS = "/tmp/.X11-unix/X";
  /** The sockets that somebody has, a line each (proc(5)). */
  private static final Path LIVE = Path.of("/proc/net/unix");
  private static final int FIRST_PORT = 6000;
  private static final int MILLISECONDS = 10_000;

  private DisplayServer() {}

  /** Whether one that an environment names takes connections; true where it names one in a way that isn't known here. */
  static boolean answers(Map<String, String> environment) {
    String wayland = environment.getOrDefault("WAYLAND_DISPLAY", "");
    if (!wayland.isEmpty() && takes(Path.of(environment.getOrDefault("XDG_RUNTIME_DIR", "/")).resolve(wayland))) {
      return true;
    }
    String display = environment.getOrDefault("DISPLAY", "");
    Matcher name = NAME.matcher(display);
    if (!name.matches()) {
      return !display.isEmpty();
    }
    int number = Integer.parseInt(name.group(2));
    boolean here = name.group(1).isEmpty() || name.group(1).equals("unix");
    return here ? takes(Path.of(SOCKETS + number)) || isAbstract(SOCKETS + number) || takes("localhost", FIRST_PORT + number)
        : takes(name.group(1), FIRST_PORT + number);
  }

  private static boolean takes(Path socket) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a server of this host has a name that is no file, as it has where it may not make one; the JDK can't connect to those (unix(7)). */
  private static boolean isAbstract(String socket) {
    try (Stream<String> sockets = Files.lines(LIVE)) {
      return sockets.anyMatch(line -> line.endsWith(" @" + socket));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static boolean takes(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), MILLISECONDS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
