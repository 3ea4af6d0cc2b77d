// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** Networks outside that are wires: a socket between machines of two processes, and a tap of the host's in a network of its own. */
@FullLane
class NetworkWiresTest {
  private static final Duration BOOT = Duration.ofMinutes(4);
  private static final Duration COMMAND = Duration.ofMinutes(2);
  private static final String PROMPT = "xenolith:/# ";

  @TempDir
  private Path folder;

  private static List<String> line(String nic) {
    return List.of("boot", "--stdin", "--guest", "debian", "--memory", "256M", "--append", "quiet xl.pci xl.shell", "--pci", "1.0=virtio",
        "--nic", nic + ",pci=1.0");
  }

  private static void pings(Program machine, String who) throws InterruptedException {
    machine.type("ping -c 3 -W 20 " + who + " > /tmp/ping; echo PINGED; grep received /tmp/ping\n");
    machine.awaitOutput("(?s)PINGED\r?\n.*3 packets received", COMMAND);
  }

  /** Wireshark's reader judges what is captured of three echoes, asked for by each side if both do. */
  private static void echoes(Path capture, String one, String other) throws Exception {
    String seen = TestTools.run("tshark", "-n", "-r", capture, "-Y", "icmp", "-T", "fields", "-e", "frame.interface_name", "-e", "ip.src",
        "-e", "icmp.type", "-e", "_ws.malformed").expect(0).out();
    List<String> asked = seen.lines().filter(line -> line.equals("outside-network-0\t" + one + "\t8\t")).toList();
    List<String> answered = seen.lines().filter(line -> line.equals("outside-network-0\t" + other + "\t0\t")).toList();
    assertEquals(3, asked.size(), seen);
    assertEquals(3, answered.size(), seen);
  }

  private static void address(Program machine, String address) {
    machine.type("ip addr add " + address + "/24 dev eth0; ip link set eth0 up; echo \"it is $(cat /sys/class/net/eth0/carrier)\"\n");
  }

  @Test
  void machinesOfTwoProcessesPingEachOtherOverASocket() throws Exception {
    Path socket = folder.resolve("wire");
    try (Program first = Product.startWithInput(line("stream=" + socket + ",server=on").toArray())) {
      first.awaitOutput(PROMPT, BOOT);
      assertTrue(Files.exists(socket), "somebody listens");
      address(first, "10.9.0.1");
      first.awaitOutput("it is 1", COMMAND);
      try (Program alike = Product.startWithInput(line("stream=" + socket).toArray())) {
        alike.awaitOutput(PROMPT, BOOT);
        address(alike, "10.9.0.3");
        first.awaitError("somebody outside sends with this card's own address 52:54:00:12:34:56, .* as with mac=", COMMAND);
        alike.type("poweroff -f\n");
        alike.await(COMMAND).expect(0);
      }
      first.awaitError("stream " + socket + ": the peer is gone", COMMAND);
      Path capture = folder.resolve("wire.pcapng");
      Outcome late;
      try (Program second = Product.startWithInput(line("stream=" + socket + ",mac=52:54:00:00:00:02,pcap=" + capture).toArray())) {
        second.awaitOutput(PROMPT, BOOT);
        address(second, "10.9.0.2");
        second.awaitOutput("it is 1", COMMAND);
        pings(second, "10.9.0.1");
        pings(first, "10.9.0.2");
        second.type("poweroff -f\n");
        late = second.await(COMMAND);
      }
      late.expect(0);
      echoes(capture, "10.9.0.1", "10.9.0.2");
      first.awaitError("(?s)the peer is gone.*stream " + socket + ": the peer is gone", COMMAND);
      first.type("poweroff -f\n");
      first.await(COMMAND).expect(0);
    }
    assertTrue(Files.notExists(socket), "who listened has taken the socket away");
  }

  @Test
  void aGuestPingsItsHostThroughATapOrIsToldWhyThereIsNone() throws Exception {
    String inside = "ip tuntap add xl0 mode tap && ip addr add 10.8.0.1/24 dev xl0 && ip link set xl0 up";
    Outcome may = inNamespace(inside).await(COMMAND);
    if (may.exit() != 0) {
      // No network of its own for who runs the test, or no taps on this host: then the product says why it has none.
      System.out.println("no tap can be made here, so that none is tried: " + may);
      Product.run(line("tap=xl0").toArray()).expect(2).errHas("--nic 'tap=xl0,pci=1.0': (/dev/net/tun|xl0): .*(right|root)");
      return;
    }
    Path capture = folder.resolve("tap.pcapng");
    StringBuilder command = new StringBuilder(inside + " && exec ./xenolith");
    line("tap=xl0,pcap=" + capture).forEach(word -> command.append(" '").append(word).append('\''));
    try (Program machine = inNamespace(command.toString())) {
      machine.awaitOutput(PROMPT, BOOT);
      address(machine, "10.8.0.2");
      machine.awaitOutput("it is 1", COMMAND);
      pings(machine, "10.8.0.1");
      machine.type("poweroff -f\n");
      machine.await(COMMAND).expect(0);
    }
    echoes(capture, "10.8.0.2", "10.8.0.1");
  }

  /** Runs a line of the shell as root of a network of its own, with input. */
  private static Program inNamespace(String line) {
    ProcessBuilder builder = new ProcessBuilder("unshare", "-rn", "bash", "-c", line).directory(new File(Product.root().toString()));
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    return Program.start(builder);
  }
}
