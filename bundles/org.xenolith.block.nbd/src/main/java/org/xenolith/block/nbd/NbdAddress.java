// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.nbd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an export is: as QEMU writes it ({@code nbd:unix:PATH[:exportname=NAME]}, {@code nbd:HOST:PORT[:exportname=NAME]}), or as NBD's own addresses do (doc/uri.md of the NBD
 * project: {@code nbd://HOST[:PORT]/NAME}, {@code nbd+unix:///NAME?socket=PATH}).
 *
 * @param text   as it was said
 * @param server of it
 * @param export its name there; the empty one is the server's usual one
 */
record NbdAddress(String text, SocketAddress server, String export) {
  private static final int PORT = 10809;
  private static final Pattern UNIX = Pattern.compile("nbd:unix:(?<path>.+?)(?::exportname=(?<export>.*))?");
  private static final Pattern TCP = Pattern.compile("nbd:(?<host>\\[[^]]+]|[^:/]+):(?<port>\\d{1,5})(?::exportname=(?<export>.*))?");
  private static final Pattern URI = Pattern.compile("nbd://(?<host>\\[[^]]+]|[^:/]+)(?::(?<port>\\d{1,5}))?(?:/(?<export>.*))?");
  private static final Pattern UNIX_URI = Pattern.compile("nbd\\+unix://(?:/(?<export>[^?]*))?\\?socket=(?<path>.+)");

  static boolean is(String text) {
    return text.startsWith("nbd:") || text.startsWith("nbd+unix:");
  }

  /** @throws IOException if it is none, with the forms that there are */
  static NbdAddress of(String text) throws IOException {
    for (Pattern unix : new Pattern[] {UNIX, UNIX_URI}) {
      Matcher matcher = unix.matcher(text);
      if (matcher.matches()) {
        try {
          return new NbdAddress(text, UnixDomainSocketAddress.of(matcher.group("path")), export(matcher));
        } catch (InvalidPathException e) {
          throw new IOException(text + ": no socket can have this name");
        }
      }
    }
    for (Pattern tcp : new Pattern[] {TCP, URI}) {
      Matcher matcher = tcp.matcher(text);
      if (matcher.matches() && !matcher.group("host").equals("unix")) {
        int port = Optional.ofNullable(matcher.group("port")).map(Integer::parseInt).orElse(PORT);
        if (port == 0 || port > 0xFFFF) {
          throw new IOException(text + ": " + port + " is no port; expected 1 to 65535");
        }
        String host = matcher.group("host").replaceAll("[\\[\\]]", "");
        return new NbdAddress(text, new InetSocketAddress(host, port), export(matcher));
      }
    }
    throw new IOException(text
        + ": expected nbd:unix:PATH, nbd:HOST:PORT, nbd://HOST[:PORT]/EXPORT or nbd+unix:///EXPORT?socket=PATH; the first two may end in :exportname=NAME");
  }

  private static String export(Matcher matcher) {
    return Optional.ofNullable(matcher.group("export")).orElse("");
  }
}
