// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.testkit.FullLane;

/** Neighbour discovery (RFC 4861) between Linux and the gateway of {@code --nic user}, as Wireshark's reader sees it. */
@FullLane
@Timeout(300)
class UserNetworkNeighborsTest {
  private static final String GUEST = "fec0::5054:ff:fe12:3456";
  private static final InetAddress LOOPBACK6 = InetAddress.ofLiteral("::1");

  @TempDir
  private Path folder;

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK6)) {
      return free.getLocalPort();
    }
  }

  /** What the guest says to who connects. */
  private static CompletableFuture<String> heardAt(int port) {
    CompletableFuture<String> heard = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      String said = "";
      while (said.isEmpty() && System.nanoTime() < end) {
        try (Socket socket = new Socket(LOOPBACK6, port)) {
          socket.setSoTimeout(60_000);
          said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
          // The guest doesn't listen yet.
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
      }
      heard.complete(said);
    });
    return heard;
  }

  /** Lines of the capture: type, who sent it, target, prefix; nothing of it is malformed. */
  private List<String> discovery(Path capture) throws Exception {
    Path text = folder.resolve("discovery");
    Process tshark = new ProcessBuilder("tshark", "-n", "-r", capture.toString(), "-Y", "icmpv6.type >= 133 && icmpv6.type <= 136", "-T",
        "fields", "-E", "separator= ", "-e", "icmpv6.type", "-e", "ipv6.src", "-e", "icmpv6.nd.ns.target_address", "-e",
        "icmpv6.nd.na.target_address", "-e", "icmpv6.opt.prefix", "-e", "_ws.malformed").redirectOutput(text.toFile()).redirectError(folder
            .resolve("complaints").toFile()).start();
    assertTrue(tshark.waitFor(60, TimeUnit.SECONDS) && tshark.exitValue() == 0, () -> "see " + folder);
    return Files.readAllLines(text).stream().map(line -> line.replaceAll(" +", " ").strip()).toList();
  }

  @Test
  void theRouterIsAdvertisedAndEachAsksForTheOthersStation() throws Exception {
    int port = freePort();
    Path capture = folder.resolve("card.pcapng");
    try (CardGuest card = CardGuest.of("user,host=on,forward=tcp:[::1]:" + port + ":[" + GUEST + "]:7,pcap=" + capture)) {
      card.does("for i in $(seq 200); do ip -6 addr show dev eth0 | grep " + GUEST + " | grep -qv tentative && break; sleep 0.1; done");
      String routes = card.does("ip -6 route; ip -6 addr show dev eth0");
      assertTrue(routes.contains("default via fe80::2") && routes.contains("inet6 " + GUEST + "/64"), routes);
      CompletableFuture<String> heard = heardAt(port);
      card.guest.machine().governor(true);
      card.does("echo from the guest | nc -l -p 7");
      card.guest.runFor(1000);
      assertEquals("from the guest\n", heard.get(60, TimeUnit.SECONDS));
      String said = card.does("ping6 -c 1 -W 20 fec0::3 > /tmp/ping 2>&1; cat /tmp/ping");
      assertTrue(said.contains("1 packets received"), said);
      String neighbors = card.does("ip -6 neigh show dev eth0");
      assertTrue(neighbors.contains("fec0::3 lladdr 52:55:0a:00:02:02"), neighbors);
    }
    List<String> seen = discovery(capture);
    assertTrue(seen.contains("134 fe80::2 fec0::"), "a router's advertisement with the prefix: " + seen);
    assertTrue(seen.stream().anyMatch(line -> line.startsWith("133 fe80::5054:ff:fe12:3456")), "asked for: " + seen);
    assertTrue(seen.contains("135 fec0::2 " + GUEST), "the gateway asks for the guest, of which it has heard nothing: " + seen);
    assertTrue(seen.contains("136 " + GUEST + " " + GUEST), "who answers: " + seen);
    assertTrue(seen.contains("135 " + GUEST + " fec0::3"), "the guest asks for the resolver: " + seen);
    assertTrue(seen.contains("136 fec0::3 fec0::3"), "which answers: " + seen);
  }
}
