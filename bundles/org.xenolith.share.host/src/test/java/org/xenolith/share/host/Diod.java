// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.xenolith.ninep.kit.Message;

/** diod, another server of 9P2000.L, on a folder; from PATH, or fetched by {@code releng/test-tools}. */
final class Diod implements AutoCloseable {
  private static final long START_SECONDS = 20;
  private final Process process;
  private final SocketChannel socket;
  private final DataInputStream in;
  private final OutputStream out;

  Diod(Path folder, Path place) throws IOException, InterruptedException {
    Path address = place.resolve("socket");
    Path log = place.resolve("log");
    process = new ProcessBuilder(program(), "-f", "-n", "-N", "-L", "stderr", "-l", address.toString(), "-e", folder.toString())
        .redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Files.exists(address) && process.isAlive() && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    if (!Files.exists(address)) {
      process.destroyForcibly();
      throw new AssertionError("diod makes no socket: " + Files.readString(log));
    }
    socket = SocketChannel.open(StandardProtocolFamily.UNIX);
    socket.connect(UnixDomainSocketAddress.of(address));
    in = new DataInputStream(Channels.newInputStream(socket));
    out = Channels.newOutputStream(socket);
  }

  private static String program() throws IOException, InterruptedException {
    for (String folder : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(folder, "diod"))) {
        return Path.of(folder, "diod").toString();
      }
    }
    Process fetch = new ProcessBuilder(System.getProperty("xenolith.root", "../..") + "/releng/test-tools", "diod").redirectError(
        ProcessBuilder.Redirect.INHERIT).start();
    String folder = new String(fetch.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (fetch.waitFor() != 0) {
      throw new AssertionError("releng/test-tools doesn't fetch diod");
    }
    return Path.of(folder, "diod").toString();
  }

  /** Asks, and waits for the answer. */
  byte[] answer(byte[] request) {
    try {
      out.write(request);
      out.flush();
      byte[] begin = in.readNBytes(4);
      byte[] answer = new byte[(int) Message.size(begin, 0)];
      System.arraycopy(begin, 0, answer, 0, begin.length);
      in.readFully(answer, begin.length, answer.length - begin.length);
      return answer;
    } catch (IOException e) {
      throw new AssertionError("diod doesn't answer", e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    process.destroyForcibly();
  }
}
