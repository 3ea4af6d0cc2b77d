// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xenolith.testkit.FullLane;

/** What a guest's own programs are answered by {@code --nic user}: echoes, names, files by datagrams, and by IPv6. One guest does it all. */
@FullLane
@Timeout(300)
class UserNetworkAnswersTest {
  private static NameServer silent;
  private static NameServer names;
  private static CardGuest card;

  @BeforeAll
  static void boots() throws IOException {
    silent = new NameServer();
    names = new NameServer();
    card = CardGuest.of("user,host=on,resolver=127.0.0.1:" + names.port() + ",resolver=127.0.0.1:" + silent.port());
    card.does("mkdir -p /etc; echo nameserver 10.0.2.3 > /etc/resolv.conf");
    card.does(
        "for i in $(seq 200); do ip -6 addr show dev eth0 | grep 'fec0::' | grep -qv tentative && break; sleep 0.1; done");
  }

  @AfterAll
  static void ends() throws IOException {
    card.close();
    names.close();
    silent.close();
  }

  /** Three echoes must be answered. */
  private static void echoes(String ping) {
    String said = card.does(ping + " -c 3 -W 20 > /tmp/ping 2>&1; cat /tmp/ping");
    assertTrue(said.contains("3 packets transmitted, 3 packets received"), said);
  }

  @Test
  void theGatewayAnswersEchoesLargeOnesToo() {
    echoes("ping 10.0.2.2");
    echoes("ping 10.0.2.3");
    echoes("ping -s 20000 10.0.2.2");
    echoes("ping6 fec0::2");
    echoes("ping6 -s 20000 fec0::2");
  }

  private static Optional<String> ownAddress() throws IOException {
    return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).filter(address -> address instanceof Inet4Address
        && !address.isLoopbackAddress() && !address.isLinkLocalAddress()).map(InetAddress::getHostAddress).findFirst();
  }

  @Test
  void aHostOutsideAnswersEchoes() throws IOException {
    Optional<String> own = ownAddress();
    if (own.isEmpty()) {
      System.out.println("this host has no address but its loopback's, so that nobody outside is asked");
      String said = card.does("ping -c 1 -W 8 192.0.2.77 > /tmp/ping 2>&1; cat /tmp/ping");
      assertTrue(said.contains("1 packets transmitted, 0 packets received"), said);
      return;
    }
    echoes("ping " + own.get());
  }

  @Test
  void namesAreAnsweredAndUnknownOnesRefused() {
    String known = card.does("nslookup host.test > /tmp/names 2>&1; cat /tmp/names");
    assertTrue(known.contains("Address: 192.0.2.7") && known.contains("Address: 2001:db8::7"), known);
    String four = card.does("nslookup -type=a host.test > /tmp/names 2>&1; cat /tmp/names");
    assertTrue(four.contains("Address: 192.0.2.7") && !four.contains("2001:db8"), four);
    String bySix = card.does("nslookup -type=aaaa host.test fec0::3 > /tmp/names 2>&1; cat /tmp/names");
    assertTrue(bySix.contains("2001:db8::7"), bySix);
    String unknown = card.does("nslookup nobody.test > /tmp/names 2>&1; echo $?; cat /tmp/names");
    assertTrue(unknown.startsWith("1\n") && unknown.contains("can't find nobody.test: NXDOMAIN"), unknown);
    assertTrue(names.asked().containsAll(List.of("UDP host.test 1", "UDP host.test 28", "UDP nobody.test 1")), names.asked()::toString);
  }

  @Test
  void whoIsNotAnsweredGivesUpAndIsAnsweredThen() {
    String said = card.does("nslookup silent.test > /tmp/names 2>&1; echo $?; cat /tmp/names");
    assertTrue(said.startsWith("1\n") && said.contains("no servers could be reached"), said);
    assertTrue(names.asked().contains("UDP silent.test 1") && names.asked().contains("UDP silent.test 28"), names.asked()::toString);
    assertTrue(silent.asked().containsAll(List.of("UDP silent.test 1", "UDP silent.test 28")), "asked again, both kinds: " + silent
        .asked());
    String then = card.does("nslookup host.test > /tmp/names 2>&1; cat /tmp/names");
    assertTrue(then.contains("Address: 192.0.2.7"), then);
  }

  /** By the C library in busybox, which asks again by TCP when it is told that an answer is too large. */
  @Test
  void anAnswerThatIsTooLargeForADatagramComesByTcp() {
    String said = card.does("ping -c 1 -W 20 large.test > /tmp/ping 2>&1; cat /tmp/ping");
    assertTrue(said.contains("PING large.test (10.0.2.2)") && said.contains("1 packets received"), said + names.asked());
    assertTrue(names.asked().containsAll(List.of("UDP large.test 1", "TCP large.test 1")), names.asked()::toString);
  }

  /** @param host as the guest knows it */
  private static void transfers(InetAddress at, String host, int block) throws Exception {
    byte[] file = new byte[300_000];
    new Random(block).nextBytes(file);
    try (TftpServer server = new TftpServer(at, file)) {
      String there = " " + host + " " + server.port();
      assertEquals("0", card.does("tftp -g -b " + block + " -l /tmp/file -r file" + there + " 2>/tmp/said; echo $?"), () -> card.does(
          "cat /tmp/said"));
      assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(file)), card.does(
          "md5sum < /tmp/file").substring(0, 32));
      assertEquals("0", card.does("tftp -p -b " + block + " -l /tmp/file -r file" + there + " 2>/tmp/said; echo $?"), () -> card.does(
          "cat /tmp/said"));
      assertArrayEquals(file, server.given());
      assertEquals(block + 4, server.largest(), "a block with its header in one datagram");
    }
  }

  @Test
  void filesGoBothWaysInDatagramsOfOnePacket() throws Exception {
    transfers(InetAddress.ofLiteral("127.0.0.1"), "10.0.2.2", 1400);
    transfers(InetAddress.ofLiteral("::1"), "fec0::2", 1400);
  }

  @Test
  void filesGoBothWaysInDatagramsOfManyFragments() throws Exception {
    transfers(InetAddress.ofLiteral("127.0.0.1"), "10.0.2.2", 65464);
    transfers(InetAddress.ofLiteral("::1"), "fec0::2", 65464);
  }
}
