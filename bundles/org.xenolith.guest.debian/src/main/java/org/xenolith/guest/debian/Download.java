// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongConsumer;

/** Copies what an address leads to into a file. */
interface Download {
  /**
   * Copies it.
   *
   * @param told how many bytes have come, as they do
   * @throws FileNotFoundException if whoever answers has no such file
   * @throws IOException if nobody answers, or less comes than was said
   */
  void copy(String address, Path file, LongConsumer told) throws IOException;

  /** Over http, https or from a file; through the proxy that {@code http_proxy} or {@code https_proxy} names, as other programs. */
  static Download of(Map<String, String> environment) {
    return (address, file, told) -> {
      URI uri = URI.create(address);
      String scheme = String.valueOf(uri.getScheme());
      if (!scheme.matches("https?|file")) {
        throw new IOException("'" + scheme + ":' is no way to fetch a package");
      }
      URLConnection connection = uri.toURL().openConnection(proxy(environment.getOrDefault(scheme + "_proxy", "")));
      connection.setConnectTimeout(20_000);
      connection.setReadTimeout(30_000);
      try (InputStream in = connection.getInputStream()) {
        long length = connection.getContentLengthLong();
        long copied = copy(in, file, told);
        if (length >= 0 && copied < length) {
          throw new IOException("the connection ended after " + copied + " of " + length + " bytes");
        }
      }
    };
  }

  private static long copy(InputStream in, Path file, LongConsumer told) throws IOException {
    long copied = 0;
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] part = new byte[1 << 16];
      for (int length; (length = in.read(part)) >= 0;) {
        out.write(part, 0, length);
        copied += length;
        told.accept(copied);
      }
    }
    return copied;
  }

  private static Proxy proxy(String address) throws IOException {
    if (address.isBlank()) {
      return Proxy.NO_PROXY;
    }
    try {
      URI uri = URI.create(address.contains("://") ? address : "http://" + address);
      return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort()));
    } catch (IllegalArgumentException e) {
      throw new IOException("the proxy '" + address + "' of the environment is no address", e);
    }
  }
}
