
// SPDX-License-Identifier: EPL-2.0
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A line of somebody at home: an HTTP proxy on loopback that hands on at most so many bits a second, over all connections together. A path without a host is a file of
 * this host's. What was fetched once comes from a folder from then on, so that the line is what is measured and not the network behind it.
 */
final class ThrottledProxy {
  private static final int PART = 16 << 10;
  private static final double NANOSECONDS = 1e9;
  /** So long a line goes on with what it was given before while its sender oversleeps. */
  private static final long UNDER_WAY = 20_000_000;

  private final double bytesPerSecond;
  private final Path kept;
  /** When all that was handed on would have come over the line. */
  private long free = System.nanoTime();

  private ThrottledProxy(double bitsPerSecond, Path kept) {
    this.bytesPerSecond = bitsPerSecond / 8;
    this.kept = kept;
  }

  /** Arguments: bits per second; a folder for what was fetched. Prints its port, and goes on until its input ends. */
  public static void main(String[] arguments) throws IOException {
    ThrottledProxy proxy = new ThrottledProxy(Double.parseDouble(arguments[0]), Files.createDirectories(Path.of(arguments[1])));
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", proxy::answer);
    server.start();
    System.out.println(server.getAddress().getPort());
    while (System.in.read() >= 0) {
      // Whoever started it holds the other end.
    }
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI asked = exchange.getRequestURI();
      Path file = asked.getHost() == null ? Path.of(asked.getPath()) : fetched(asked);
      if (!Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.sendResponseHeaders(200, Files.size(file));
      try (InputStream in = Files.newInputStream(file); OutputStream out = exchange.getResponseBody()) {
        byte[] part = new byte[PART];
        for (int length; (length = in.read(part)) > 0;) {
          pass(length);
          out.write(part, 0, length);
        }
      }
    }
  }

  private synchronized Path fetched(URI asked) throws IOException {
    Path file = kept.resolve(asked.getPath().replaceFirst(".*/", ""));
    if (!Files.exists(file)) {
      URLConnection connection = asked.toURL().openConnection();
      Path fresh = kept.resolve("unfinished");
      try (InputStream in = connection.getInputStream(); OutputStream out = Files.newOutputStream(fresh)) {
        in.transferTo(out);
      }
      Files.move(fresh, file);
    }
    return file;
  }

  /** Waits until the line has room for so many bytes more. */
  private void pass(int bytes) {
    long mine;
    synchronized (this) {
      free = Math.max(free, System.nanoTime() - UNDER_WAY) + (long) (bytes / bytesPerSecond * NANOSECONDS);
      mine = free;
    }
    for (long left; (left = mine - System.nanoTime()) > 0;) {
      LockSupport.parkNanos(left);
    }
  }
}
