// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xenolith.testkit.FullLane;

/** An idle guest's time passes as the host's does while something outside is asked or connected, and at once while nothing is. */
@FullLane
@Timeout(300)
class UserNetworkPaceTest {
  private static final int LONG = 300;
  private static final int SHORT = 6;

  private static void passesAtOnce(CardGuest card, String when) {
    long began = card.guest.machine().now();
    double seconds = card.secondsOf("sleep " + LONG);
    assertTrue(card.guest.machine().now() - began >= LONG * 1_000_000_000L, "the guest slept");
    // A busy host executes the few instructions of it slowly; one that waited would take all of it.
    assertTrue(seconds < LONG / 4, LONG + " s of the guest's took " + seconds + " s of the host's, " + when);
  }

  private static void passesAsTheHostsDoes(CardGuest card, String when) {
    double seconds = card.secondsOf("sleep " + SHORT);
    assertTrue(seconds > SHORT - 0.5, SHORT + " s of the guest's took " + seconds + " s of the host's, " + when);
  }

  @Test
  void idleTimeIsPacedOnlyWhileSomethingOutsideIsAskedOrConnected() throws IOException {
    try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        NameServer names = new NameServer();
        CardGuest card = CardGuest.of("user,host=on,resolver=127.0.0.1:" + names.port())) {
      passesAtOnce(card, "nothing was asked yet");
      card.does("mkfifo /silent; (sleep 100000 > /silent &); ((nc " + CardGuest.HOST + " " + listening.getLocalPort()
          + " < /silent > /got 2>&1; echo ended >> /got) &)");
      card.does("for i in $(seq 100); do netstat -tn | grep -q ESTABLISHED && break; sleep 0.1; done");
      try (Socket peer = listening.accept()) {
        passesAsTheHostsDoes(card, "a connection is open");
        peer.getOutputStream().write("bye\n".getBytes(StandardCharsets.UTF_8));
      }
      assertEquals("bye\nended", card.does("for i in $(seq 100); do grep -q ended /got && break; sleep 0.1; done; cat /got"));
      passesAtOnce(card, "the connection has ended");
      card.does("mkdir -p /etc; echo nameserver 10.0.2.3 > /etc/resolv.conf; (nslookup -type=a silent.test > /tmp/names 2>&1 &)");
      double asked = card.secondsOf("sleep " + LONG);
      assertTrue(names.asked().contains("UDP silent.test 1"), names.asked()::toString);
      assertTrue(asked > 3 && asked < LONG / 4, "a question that nobody answers is waited for, for a while: " + asked + " s");
      passesAtOnce(card, "the question is given up");
    }
  }
}
