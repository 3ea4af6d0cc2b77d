// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** Dom0 and two Debian domains that send each other data over a network, traced: what the hypervisor does is there by domain, and they see nothing of it. */
@FullLane
@Order(2)
class TracedDomainsTest {
  private static final Pattern EVENT = Pattern.compile("^\\[[^]]*] \\([^)]*\\) ([a-z0-9-]+): \\{ cpu = (-?\\d+), domain = (-?\\d+), ");
  /** Severity of a warning, PI_WARN, and the group of what is said of a protocol's sequence, PI_SEQUENCE (Wireshark's epan/proto.h). */
  private static final int WARNING = 0x600000;
  private static final int SEQUENCE = 0x0200_0000;
  private static final String FETCHED = "XENOLITH-FETCH OK";

  @TempDir
  private Path work;

  private Path config(String name, int number, String words) throws InterruptedException, IOException {
    DebianParts debian = DebianParts.fetched();
    Path disk = Files.write(work.resolve(name + ".img"), new byte[1 << 20]);
    return Files.writeString(work.resolve(name + ".cfg"), """
                name = "%s"
                kernel = "%s"
                ramdisk = "%s"
                memory = 160
                extra = "console=hvc0 quiet %s xl.domu xl.ip=10.0.0.%d/24 %s"
                disk = [ '%s,raw,xvda,rw' ]
                vif = [ 'mac=00:16:3e:00:00:%02x' ]
                """.formatted(name, debian.kernel(), debian.initrd(), Boot.SHORT, number, words, disk, number));
  }

  private Object[] line(Object... more) throws InterruptedException, IOException {
    Object[] line = {"--hypervisor", "--guest", "debian", "--gic", 3, "--cpus", 2, "--memory", "1G", "--append", "quiet " + Boot.SHORT
        + " xl.disk xl.shell", "--domu", config("debian1", 11, "xl.run=xl-serve,4242,1 xl.shell"), "--domu", config("debian2", 12,
            "xl.run=xl-ping,10.0.0.11 xl.run=xl-fetch,10.0.0.11,4242 xl.shell"), "--domu", config("debian3", 13, ""), "--disk",
        Files.write(work.resolve("dom0.img"), new byte[1 << 20]), "--console", "debian2", "--until", FETCHED};
    return Stream.concat(Stream.of(line), Stream.of(more)).toArray();
  }

  /** Events without how long each is behind the one before it, and without what babeltrace2 2.0.4 shows for an empty text: that of an earlier event of the kind. */
  private static List<String> events(String text) {
    return text.lines().map(line -> line.replaceFirst("\\([^)]*\\) ", "").replaceFirst("(request = \"TRANSACTION_START\", path = )\".*\"",
        "$1")).toList();
  }

  @Test
  void whatTheHypervisorDoesIsThereByDomainAndTheDomainsSeeNothing() throws Exception {
    Path folder = work.resolve("three");
    Boot plain = Boot.run(work, "plain", 0, line());
    Boot traced = Boot.run(work, "traced", 0, line("--trace=" + folder
        + ",format=ctf1,limit=2G"));
    assertEquals(plain.report().number("instructions"), traced.report().number("instructions"));
    assertEquals(plain.report().digest(), traced.report().digest());
    Map<String, Set<Integer>> domains = new TreeMap<>();
    Outcome read = TestTools.run("babeltrace2", folder).expect(0);
    assertEquals("", read.err());
    read.out().lines().forEach(event -> {
      Matcher found = EVENT.matcher(event);
      assertTrue(found.find(), event);
      domains.computeIfAbsent(found.group(1), kind -> new TreeSet<>()).add(Integer.valueOf(found.group(3)));
    });
    for (String kind : new String[] {"hypercall", "hypercall-result", "vcpu-trap", "event-channel", "xenstore", "stage2", "domain-console",
        "exception", "return"}) {
      assertTrue(domains.getOrDefault(kind, Set.of()).containsAll(Set.of(0, 2, 3)), () -> kind + " of " + domains);
    }
    for (String kind : new String[] {"grant-map", "grant-unmap", "switch", "vcpu-interrupt", "trap", "frame", "access", "dma", "line",
        "alarm",
        "domain"}) {
      assertTrue(domains.containsKey(kind), () -> kind + " isn't among " + domains);
    }
    for (String[] filter : new String[][] {{"domain=2", "\\{ cpu = -?\\d+, domain = 2, .*"}, {"domain=3,cpu=1",
        "\\{ cpu = 1, domain = 3, .*"}}) {
      Path part = work.resolve("part" + filter[0].replaceAll("\\W", "-"));
      Boot.run(work, "filtered", 0, line("--trace=" + part + ",format=ctf1,limit=2G," + filter[0]));
      List<String> found = events(TestTools.run("babeltrace2", part).expect(0).out());
      Pattern wanted = Pattern.compile("\\[[^]]*] [a-z0-9-]+: " + filter[1]);
      List<String> meant = events(read.out()).stream().filter(event -> wanted.matcher(event).matches()).toList();
      for (int i = 0; i < Math.min(meant.size(), found.size()); i++) {
        assertEquals(meant.get(i), found.get(i), filter[0] + ", event " + i);
      }
      assertEquals(meant.size(), found.size(), filter[0]);
      assertTrue(found.size() > 1000, () -> filter[0] + ": " + found.size());
    }
    assertTrue(read.out().contains("name = \"sched_op ") && read.out().contains("request = \"WRITE\", path = \""), "names");
  }

  @Test
  void tsharkReadsTheFramesOfTheirPortsWithoutAWarning() throws Exception {
    Path file = work.resolve("three.pcapng");
    Boot.run(work, "captured", 0, line("--trace=" + file));
    Outcome read = TestTools.run("tshark", "-n", "-r", file, "-T", "fields", "-e", "frame.interface_name", "-e", "frame.time_epoch", "-e",
        "_ws.col.Protocol", "-e", "_ws.expert.severity", "-e", "_ws.expert.group", "-e", "_ws.expert.message").expect(0);
    assertEquals("", read.err().replaceAll("Running as user \"root\".*\n", ""));
    Set<String> ports = new TreeSet<>();
    Set<String> protocols = new TreeSet<>();
    read.out().lines().forEach(each -> {
      String[] fields = each.split("\t", -1);
      ports.add(fields[0]);
      protocols.add(fields[2]);
      String[] severities = fields[3].split(",");
      String[] groups = fields[4].split(",");
      for (int i = 0; i < severities.length && !severities[i].isEmpty(); i++) {
        // What tshark says of the guests' own conversation, a window that is full, is theirs.
        assertTrue(Integer.parseInt(severities[i]) < WARNING || Integer.parseInt(groups[i]) == SEQUENCE, each);
      }
    });
    assertEquals(2, ports.size(), ports::toString);
    assertTrue(protocols.containsAll(Set.of("ARP", "ICMP", "TCP")), protocols::toString);
  }
}
