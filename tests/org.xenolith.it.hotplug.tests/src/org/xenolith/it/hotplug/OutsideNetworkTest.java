// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.testkit.FullLane;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.StopReason;

/** A guest fetches something from a server of the host's by each kind of network outside; a replay of that needs no network. */
@FullLane
@Timeout(300)
class OutsideNetworkTest {
  private static final int BYTES = 3_000_000;
  private static final String HOST = "10.0.2.2";

  @TempDir
  private Path folder;
  private ServerSocket server;
  private final AtomicInteger served = new AtomicInteger();

  @BeforeEach
  void serve() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("test's server").start(() -> {
      while (!server.isClosed()) {
        try (Socket client = server.accept()) {
          answer(client);
        } catch (IOException e) {
          // The test is over, or the client has gone: what came is judged by the guest.
        }
      }
    });
  }

  private void answer(Socket client) throws IOException {
    client.setSoTimeout(20_000);
    BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null && !line.isEmpty();) {
      line = in.readLine();
    }
    served.incrementAndGet();
    byte[] content = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      content[i] = (byte) (i * 31 >> 4);
    }
    OutputStream out = client.getOutputStream();
    out.write(("HTTP/1.0 200 OK\r\nContent-Length: " + BYTES + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(content);
    out.flush();
  }

  @AfterEach
  void end() throws IOException {
    server.close();
  }

  private static Launch launch(String nic) {
    return InstalledProduct.get().service(Launcher.class).launch(RequestBuilder.of("virt").boardOption("pcie", "ecam").memory(256L << 20)
        .guest("debian").append("quiet xl.pci xl.shell").option("pci", "1.0=virtio").option("nic", nic).build(), text -> {}, (kind, place,
            text) -> {});
  }

  /** What the guest does with a network; the host is at {@link #HOST}. Returns the digest of its end. */
  private String fetches(String nic, Path journal) throws IOException {
    try (Launch launch = launch(nic); GuestMachine guest = GuestMachine.of(launch)) {
      guest.machine().record(journal);
      launch.connect(text -> {});
      guest.runUntil(ShellGuest.PROMPT);
      guest.command("ip link set eth0 up; udhcpc -i eth0 -n -q -t 20 -T 1 -s /bin/true > /tmp/lease 2>&1");
      String lease = guest.command("cat /tmp/lease");
      assertTrue(lease.contains("lease of 10.0.2.15 obtained from " + HOST), lease);
      guest.command("ip addr add 10.0.2.15/24 dev eth0; ip route add default via " + HOST);
      String got = guest.command("wget -q -O - http://" + HOST + ":" + server.getLocalPort() + "/ | md5sum");
      assertTrue(got.contains(md5()), got + guest.events());
      guest.type("poweroff -f\n");
      assertEquals(StopReason.POWER_OFF, guest.run(), guest.console()::text);
      return guest.machine().digest();
    }
  }

  private static String md5() {
    byte[] content = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      content[i] = (byte) (i * 31 >> 4);
    }
    try {
      return java.util.HexFormat.of().formatHex(java.security.MessageDigest.getInstance("MD5").digest(content));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  private void fetchedAgainWithoutANetwork(String nic, Path journal, String digest) throws IOException {
    int before = served.get();
    try (Launch launch = launch(nic); GuestMachine guest = GuestMachine.of(launch)) {
      guest.machine().replay(journal);
      assertEquals(StopReason.POWER_OFF, guest.run(), guest.console()::text);
      assertEquals(digest, guest.machine().digest());
    }
    assertEquals(before, served.get(), "nobody was asked");
  }

  @Test
  void byAddressTranslation() throws IOException {
    Path journal = folder.resolve("journal");
    String nic = "user,host=on,pci=1.0";
    String digest = fetches(nic, journal);
    server.close();
    fetchedAgainWithoutANetwork(nic, journal, digest);
  }

  @Test
  void byPasst() throws Exception {
    Path socket = folder.resolve("passt");
    partner(socket, "passt", "-f", "--socket", socket.toString(), "-a", "10.0.2.15", "-n", "24", "-g", HOST);
  }

  @Test
  void byQemuAsPartner() throws Exception {
    Path socket = folder.resolve("qemu");
    partner(socket, "qemu-system-x86_64", "-M", "none", "-display", "none", "-monitor", "none", "-netdev",
        "stream,id=s,server=on,addr.type=unix,addr.path=" + socket, "-netdev", "user,id=u", "-netdev", "hubport,hubid=0,id=h0,netdev=s",
        "-netdev", "hubport,hubid=0,id=h1,netdev=u");
  }

  private void partner(Path socket, String... command) throws Exception {
    // passt gives its rights away, and must reach its socket then.
    folder.toFile().setWritable(true, false);
    folder.toFile().setExecutable(true, false);
    Path log = folder.resolve("log");
    Process partner = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Path journal = folder.resolve("journal");
    String nic = "stream=" + socket + ",pci=1.0";
    String digest;
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!Files.exists(socket) && partner.isAlive() && System.nanoTime() < end) {
        Thread.sleep(10);
      }
      assertTrue(Files.exists(socket), () -> List.of(command) + " makes no socket: " + text(log));
      digest = fetches(nic, journal);
    } finally {
      partner.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    Files.deleteIfExists(socket);
    fetchedAgainWithoutANetwork(nic, journal, digest);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
