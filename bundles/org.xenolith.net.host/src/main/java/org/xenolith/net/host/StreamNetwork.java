// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.host;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.HostReason;
import org.xenolith.net.api.FrameReceiver;
import org.xenolith.net.api.OutsideLink;
import org.xenolith.net.api.OutsideNetwork;

/** Offers {@code --nic stream=PATH}: another machine, of this emulator or another one, or a program such as passt, over a UNIX socket. */
@Component(service = OutsideNetwork.class, property = OutsideNetwork.WORD + "=stream")
public final class StreamNetwork implements OutsideNetwork {
  private static final String SERVER = "server";

  @Override
  public Map<String, String> settings() {
    return Map.of("", "PATH of a UNIX socket", SERVER, "on|off: whether to listen there and wait for a peer (off: connect to it)");
  }

  @Override
  public OutsideLink open(Map<String, List<String>> settings, FrameReceiver machine) throws IOException {
    String text = String.join("", settings.getOrDefault("", List.of()));
    if (text.isEmpty()) {
      throw new IllegalArgumentException("stream needs the path of a UNIX socket: stream=PATH");
    }
    String server = settings.getOrDefault(SERVER, List.of("off")).getLast();
    if (!server.equals("on") && !server.equals("off")) {
      throw new IllegalArgumentException("server=" + server + ": write server=on to listen at the path, or server=off to connect to it");
    }
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("stream=" + text + ": " + e.getReason());
    }
    return new LineLink("stream " + path, server.equals("on") ? listen(path) : connect(path), machine);
  }

  private static StreamLine connect(Path path) throws IOException {
    try {
      return StreamLine.to(path);
    } catch (ConnectException e) {
      throw new IOException(path + ": nobody listens there; start the peer first, or say server=on for it to connect to this one", e);
    } catch (SocketException e) {
      throw new IOException(path + (Files.exists(path) ? ": " + HostReason.of(e).text()
          : ": there is no such socket; start the peer first, or say server=on for it to connect to this one"), e);
    }
  }

  private static StreamLine listen(Path path) throws IOException {
    try {
      return StreamLine.at(path);
    } catch (SocketException e) {
      throw new IOException(path + (Files.exists(path) ? ": it is there already; name another path, or remove it if nobody listens there"
          : ": " + HostReason.of(e).text()), e);
    }
  }
}
