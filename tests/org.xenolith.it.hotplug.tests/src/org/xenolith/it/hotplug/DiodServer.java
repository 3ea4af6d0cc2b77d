// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** diod, another server of 9P2000.L, on a folder and a port of the host's loopback; from PATH, or fetched by {@code releng/test-tools}. */
final class DiodServer implements AutoCloseable {
  private static final long START_SECONDS = 30;

  private final Process process;
  private final int port;

  DiodServer(Path folder, Path log) throws IOException, InterruptedException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    process = new ProcessBuilder(program(), "-f", "-n", "-N", "-L", "stderr", "-l", "127.0.0.1:" + port, "-e", folder.toString())
        .redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new AssertionError("diod doesn't answer: " + Files.readString(log));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
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

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
