// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.it.guest.TwoDomains;
import org.xenolith.testkit.FullLane;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.launch.kit.RunDriver;
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
    serving();
  }

  private void serving() {
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
    return launch(nic, List.of());
  }

  /** @param trace texts of the option of this name */
  private static Launch launch(String nic, List<String> trace) {
    return InstalledProduct.get().service(Launcher.class).launch(RequestBuilder.of("virt").boardOption("pcie", "ecam").memory(256L << 20)
        .guest("debian").append("quiet xl.pci xl.shell").option("pci", "1.0=virtio").option("nic", nic).option("trace", trace).build(),
        text -> {}, (kind, place,
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

  private void fetchedAgainWithoutANetwork(String nic, Path journal, String digest, List<String> trace) throws IOException {
    int before = served.get();
    List<String> told = new ArrayList<>();
    try (Launch launch = launch(nic, trace)) {
      // Has who looks at the run begin, as front ends do.
      new RunDriver(launch, true, HangLimit.NONE, told::add);
      try (GuestMachine guest = GuestMachine.of(launch)) {
        guest.machine().replay(journal);
        assertEquals(StopReason.POWER_OFF, guest.run(), guest.console()::text);
        assertEquals(digest, guest.machine().digest());
      }
    }
    assertEquals(before, served.get(), "nobody was asked");
  }

  /** Wireshark's reader judges what a replay's trace has of one station: a line a frame. */
  private void theCaptureHasTheWholeConversation(Path capture, String... other) throws Exception {
    Path text = folder.resolve("frames");
    Process tshark = new ProcessBuilder("tshark", "-n", "-r", capture.toString(), "-T", "fields", "-e", "frame.interface_name", "-e",
        "_ws.col.Protocol", "-e", "ip.src", "-e", "tcp.len", "-e", "_ws.malformed", "-e", "tcp.analysis.retransmission").redirectOutput(text
            .toFile()).redirectError(folder.resolve("complaints").toFile()).start();
    assertTrue(tshark.waitFor(60, TimeUnit.SECONDS) && tshark.exitValue() == 0, () -> text(folder.resolve("complaints")));
    Set<String> stations = new TreeSet<>();
    Set<String> protocols = new TreeSet<>();
    long bytes = 0;
    for (String line : Files.readAllLines(text)) {
      String[] fields = line.split("\t", -1);
      stations.add(fields[0]);
      protocols.add(fields[1]);
      bytes += fields[2].equals(HOST) && !fields[3].isEmpty() ? Long.parseLong(fields[3]) : 0;
      assertTrue(fields[4].isEmpty() && fields[5].isEmpty(), line);
    }
    assertEquals(1, stations.size(), stations::toString);
    assertTrue(stations.iterator().next().contains("outside-network-0"), stations::toString);
    assertTrue(protocols.containsAll(Set.of("ARP", "DHCP", "TCP")) && protocols.containsAll(List.of(other)), protocols::toString);
    assertTrue(bytes >= BYTES && bytes < BYTES + 1000, "each byte once: " + bytes);
  }

  @Test
  void byAddressTranslation() throws Exception {
    Path journal = folder.resolve("journal");
    String nic = "user,host=on,pci=1.0";
    String digest = fetches(nic, journal);
    server.close();
    Path capture = folder.resolve("outside.pcapng");
    fetchedAgainWithoutANetwork(nic, journal, digest, List.of(capture + ",device=outside-network-0"));
    theCaptureHasTheWholeConversation(capture, "ICMPv6");
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
    Path capture = folder.resolve("wire.pcapng");
    String nic = "stream=" + socket + ",pci=1.0,pcap=" + capture;
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
    theCaptureHasTheWholeConversation(capture);
    Files.delete(capture);
    fetchedAgainWithoutANetwork(nic, journal, digest, List.of());
    assertTrue(Files.notExists(capture), "a replay has nothing outside, and so nothing to capture there");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void byIpv6WithAnAddressOfTheRoutersAdvertisement() throws Exception {
    server.close();
    server = new ServerSocket(0, 10, InetAddress.getByName("::1"));
    serving();
    try (Launch launch = launch("user,host=on,pci=1.0"); GuestMachine guest = GuestMachine.of(launch)) {
      launch.connect(text -> {});
      guest.runUntil(ShellGuest.PROMPT);
      guest.command(
          "ip link set eth0 up; for i in $(seq 200); do ip -6 addr show dev eth0 | grep 'fec0::' | grep -qv tentative && break; sleep 0.1; done");
      String addresses = guest.command("ip -6 addr show dev eth0; ip -6 route");
      assertTrue(addresses.contains("inet6 fec0::") && addresses.contains("default via fe80::"), addresses);
      String got = guest.command("wget -q -O - 'http://[fec0::2]:" + server.getLocalPort() + "/' | md5sum");
      assertTrue(got.contains(md5()), got + guest.events());
      assertEquals(1, served.get());
    }
  }

  private static final int MANY = 10 << 20;

  /** Takes so many bytes from who connects, slower than they are sent, and gives as many back. */
  private static ServerSocket exchange() throws IOException {
    ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    listening.setReceiveBufferSize(1 << 16);
    Thread.ofPlatform().daemon().name("test's exchange").start(() -> {
      try (Socket client = listening.accept()) {
        InputStream in = client.getInputStream();
        byte[] bytes = new byte[100_003];
        int left = MANY;
        for (int count = 0; left > 0 && count >= 0; left -= Math.max(count, 0)) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150));
          count = in.read(bytes, 0, Math.min(left, bytes.length));
        }
        client.getOutputStream().write(new byte[MANY - left]);
      } catch (IOException e) {
        // The guest says what it has.
      }
    });
    return listening;
  }

  @Test
  void nothingIsSentTwiceInEitherDirectionThoughTheOutsideReadsSlowly() throws Exception {
    Path capture = folder.resolve("card.pcapng");
    try (ServerSocket peer = exchange(); Launch launch = launch("user,host=on,pci=1.0,pcap=" + capture);
        GuestMachine guest = GuestMachine.of(launch)) {
      launch.connect(text -> {});
      guest.runUntil(ShellGuest.PROMPT);
      guest.command("ip link set eth0 up; ip addr add 10.0.2.15/24 dev eth0; ip route add default via " + HOST);
      String got = guest.command("head -c " + MANY + " /dev/zero | nc " + HOST + " " + peer.getLocalPort() + " | wc -c");
      assertEquals(String.valueOf(MANY), got.strip());
      assertEquals("0", guest.command("awk '/^Tcp:/{n=$13} END{print n}' /proc/net/snmp").strip(), "segments the guest sent again");
    }
    Path text = folder.resolve("segments");
    Process tshark = new ProcessBuilder("tshark", "-n", "-r", capture.toString(), "-Y", "tcp", "-T", "fields", "-e", "ip.src", "-e",
        "tcp.len", "-e", "tcp.window_size", "-e", "tcp.analysis.retransmission", "-e", "tcp.analysis.lost_segment", "-e", "_ws.malformed")
        .redirectOutput(text.toFile()).redirectError(folder.resolve("complaints").toFile()).start();
    assertTrue(tshark.waitFor(120, TimeUnit.SECONDS) && tshark.exitValue() == 0, () -> text(folder.resolve("complaints")));
    long out = 0;
    long in = 0;
    int narrow = 0;
    for (String line : Files.readAllLines(text)) {
      String[] fields = line.split("\t", -1);
      boolean guests = fields[0].equals("10.0.2.15");
      out += guests ? Long.parseLong(fields[1]) : 0;
      in += guests ? 0 : Long.parseLong(fields[1]);
      narrow += !guests && Long.parseLong(fields[2]) < 50_000 ? 1 : 0;
      assertTrue(fields[3].isEmpty() && fields[4].isEmpty() && fields[5].isEmpty(), line);
    }
    assertEquals(MANY, out, "each byte once");
    assertEquals(MANY, in, "each byte once");
    assertTrue(narrow > 5, "the window closed often enough: " + narrow);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** What somebody says at a port of the host's loopback until it is closed; who isn't there yet is asked again. */
  private static CompletableFuture<String> heardAt(int port) {
    CompletableFuture<String> heard = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      String said = "";
      while (said.isEmpty() && System.nanoTime() < end) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          socket.setSoTimeout(60_000);
          said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
          // The guest doesn't listen yet, which is a reset to who connects to a forward.
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
      }
      heard.complete(said);
    });
    return heard;
  }

  @Test
  void aForwardReachesTheGuestWhichDoesNotReachTheHostsLoopbackUnlessThatIsAskedFor() throws Exception {
    int port = freePort();
    try (Launch launch = launch("user,hostfwd=tcp:127.0.0.1:" + port + "-:7,pci=1.0"); GuestMachine guest = GuestMachine.of(launch)) {
      launch.connect(text -> {});
      guest.runUntil(ShellGuest.PROMPT);
      guest.command("ip link set eth0 up; ip addr add 10.0.2.15/24 dev eth0; ip route add default via " + HOST);
      for (String host : List.of(HOST, "127.0.0.1", "10.0.2.4")) {
        String got = guest.command("printf 'GET /\\r\\n\\r\\n' | nc -w 20 " + host + " " + server.getLocalPort() + " 2>/dev/null | wc -c");
        assertEquals("0", got.strip(), host);
      }
      assertEquals(0, served.get(), "the host's loopback");
      CompletableFuture<String> heard = heardAt(port);
      // As with --stdin: else the time of a guest that waits and isn't connected yet passes at once.
      guest.machine().governor(true);
      guest.command("echo from the guest | nc -l -p 7");
      guest.runFor(1000);
      assertEquals("from the guest\n", heard.get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void domainsOnTheBridgeOfACardReachTheOutsideAndAreReached() throws Exception {
    int port = freePort();
    LaunchRequest request = TwoDomains.dom0(folder).option("nic", "user,host=on,forward=tcp:" + port + ":10.0.2.16:7").build();
    try (TwoDomains domains = TwoDomains.connected(request)) {
      for (int domain : new int[] {1, 2}) {
        domains.command(domain, "udhcpc -i eth0 -n -q -t 20 -T 1 -s /bin/true > /tmp/lease 2>&1; cat /tmp/lease");
        String address = "10.0.2." + (14 + domain);
        String lease = domains.command(domain, "cat /tmp/lease");
        assertTrue(lease.contains("lease of " + address + " obtained from " + HOST), lease);
        domains.command(domain, "ip addr add " + address + "/24 dev eth0; ip route add default via " + HOST);
        String got = domains.command(domain, "wget -q -O - http://" + HOST + ":" + server.getLocalPort() + "/ | md5sum");
        assertTrue(got.contains(md5()), got + domains);
      }
      CompletableFuture<String> heard = heardAt(port);
      domains.machine().governor(true);
      domains.command(2, "echo from the second | nc -l -p 7");
      domains.runFor(TimeUnit.SECONDS.toNanos(1));
      assertEquals("from the second\n", heard.get(60, TimeUnit.SECONDS));
    }
  }
}
