// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.xenolith.hyp.api.Domain;

/** Two Debian domains beside Dom0: what they do with their devices, and what {@code xl} does to them. */
final class DomainPair {
  private static final String ONE = "debian1";
  private static final String TWO = "debian2";

  private final HypervisorGuest guest;
  private final DebianDomains debian;
  private final Path folder;
  private final int mebibytes;
  private final String sum;

  /**
   * @param mebibytes to send from one to the other
   * @param sum       MD5 sum of so much test data
   */
  DomainPair(HypervisorGuest guest, DebianDomains debian, Path folder, int mebibytes, String sum) {
    this.guest = guest;
    this.debian = debian;
    this.folder = folder;
    this.mebibytes = mebibytes;
    this.sum = sum;
  }

  void all() throws IOException {
    guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
    // What only the first domain brings about (folders of the store, say) is no leak.
    guest.xl("create -p " + debian.domain(TWO, 12, 1, ""));
    guest.xl("destroy debian2");
    guest.run(10);
    Counters before = Counters.of(guest.machine(), folder.resolve("before"));
    String free = line(guest.xl("info"), "free_memory");
    guest.xl("create " + debian.domain(ONE, 11, 2, "xl.run=xl-serve,5000," + mebibytes + " xl.run=xl-disk,/dev/xvda,2"));
    guest.xl("create " + debian.domain(TWO, 12, 1, "xl.run=xl-ping,10.0.0.11 xl.run=xl-fetch,10.0.0.11,5000 xl.run=xl-disk,/dev/xvda,2"));
    transfers();
    listing();
    pausing();
    disks();
    interfaces();
    processors();
    memory();
    ends();
    assertEquals(free, line(guest.xl("info"), "free_memory"));
    assertEquals(before, Counters.of(guest.machine(), folder.resolve("after")));
  }

  private static String line(String text, String with) {
    return text.lines().filter(line -> line.contains(with)).findFirst().orElse("no line with " + with + " in\n" + text);
  }

  private void transfers() {
    guest.console(ONE);
    guest.runUntil(TWO, HypervisorGuest.PROMPT);
    guest.runUntil(ONE, HypervisorGuest.PROMPT);
    String one = guest.console(ONE).text();
    String two = guest.console(TWO).text();
    for (String console : new String[] {one, two}) {
      assertTrue(console.contains("XENOLITH-DOMU vbd-51712=Connected vif-0=Connected\n"), console);
      assertTrue(console.contains("XENOLITH-DISKTEST OK /dev/xvda mib=2 "), console);
    }
    assertTrue(two.contains("XENOLITH-PING OK 10.0.0.11 received=3/3\n"), two);
    assertTrue(two.contains("XENOLITH-FETCH OK 10.0.0.11:5000 bytes=" + (mebibytes << 20) + " md5=" + sum), two);
    assertTrue(one.contains("XENOLITH-SERVE OK port=5000 bytes=" + (mebibytes << 20) + " md5=" + sum), one);
  }

  private void listing() {
    // Time for what a shell does before it waits.
    guest.run(100);
    String list = guest.xl("list");
    assertTrue(line(list, ONE).matches("debian1 +3 +192 +2 +-b---- +\\d+\\.\\d"), list);
    assertTrue(line(list, TWO).matches("debian2 +4 +192 +1 +-b---- +\\d+\\.\\d"), list);
    assertTrue(line(list, "Domain-0").matches("Domain-0 +0 .*"), list);
    assertTrue(guest.xl("vcpu-list debian1").lines().filter(l -> l.startsWith(ONE)).count() == 2, guest.xl("vcpu-list debian1"));
    assertTrue(guest.xl("console " + TWO).contains("XENOLITH-FETCH OK"), "xl console");
    assertTrue(guest.xl("dmesg").contains("created debian1"), guest.xl("dmesg"));
    guest.xl("sched-credit2 -d debian2 -w 512 -c 50");
    assertTrue(line(guest.xl("sched-credit2"), TWO).matches("debian2 +4 +512 +50"), guest.xl("sched-credit2"));
    guest.xl("sched-credit2 -d debian2 -w 256 -c 0");
    assertEquals("42", guest.shell(TWO, "echo $((6 * 7))"));
  }

  private void pausing() {
    Domain two = guest.domain(TWO);
    guest.type(TWO, "while :; do :; done & sleep 0.3; kill $!; echo sl''ept");
    guest.run(100);
    guest.xl("pause debian2");
    long time = two.cpuTime();
    guest.run(200);
    assertEquals(time, two.cpuTime(), "a paused domain ran");
    assertTrue(line(guest.xl("list"), TWO).contains("--p---"), guest.xl("list"));
    guest.xl("unpause debian2");
    guest.runUntil(TWO, "slept\n");
  }

  private void disks() throws IOException {
    guest.xl("block-attach debian1 " + debian.disk("more", 1) + ",raw,xvdb,rw");
    assertEquals("2048", guest.shell(ONE,
        "for i in 1 2 3 4 5 6 7 8 9; do [ -e /sys/block/xvdb/size ] || sleep 0.2; done; cat /sys/block/xvdb/size"));
    assertTrue(guest.xl("block-list debian1").lines().anyMatch(l -> l.matches("51728 +4 +4 .*")), guest.xl("block-list debian1"));
    guest.xl("block-detach debian1 xvdb");
    guest.run(500);
    assertEquals("xvda", guest.shell(ONE, "ls /sys/block | grep xvd"));
    assertTrue(guest.xl("block-list debian1").lines().noneMatch(l -> l.startsWith("51728")), guest.xl("block-list debian1"));
  }

  private void interfaces() {
    guest.xl("network-attach debian1 mac=00:16:3e:00:00:77");
    assertEquals("00:16:3e:00:00:77", guest.shell(ONE,
        "for i in 1 2 3 4 5 6 7 8 9; do [ -e /sys/class/net/eth1 ] || sleep 0.2; done; cat /sys/class/net/eth1/address"));
    guest.xl("network-detach debian1 1");
    guest.run(500);
    assertEquals("eth0 lo", guest.shell(ONE, "echo $(ls /sys/class/net)"));
    assertEquals(1, guest.xl("network-list debian1").lines().filter(l -> l.matches("\\d+ .*")).count(), guest.xl("network-list debian1"));
  }

  private void processors() {
    assertEquals("0-1", guest.shell(ONE, "cat /sys/devices/system/cpu/online"));
    guest.xl("vcpu-set debian1 1");
    guest.run(500);
    assertEquals("0", guest.shell(ONE, "cat /sys/devices/system/cpu/online"));
    guest.xl("vcpu-set debian1 2");
    guest.run(500);
    assertEquals("0-1", guest.shell(ONE, "echo 1 > /sys/devices/system/cpu/cpu1/online; cat /sys/devices/system/cpu/online"));
  }

  private void memory() {
    guest.xl("mem-set debian1 160");
    guest.run(3000);
    assertTrue(line(guest.xl("list"), ONE).matches("debian1 +3 +160 +2 .*"), guest.xl("list"));
    guest.xl("mem-set debian1 192");
    guest.run(3000);
    assertTrue(line(guest.xl("list"), ONE).matches("debian1 +3 +192 +2 .*"), guest.xl("list"));
  }

  private void ends() {
    int from = guest.console(TWO).length();
    guest.xl("reboot debian2");
    guest.runUntil(guest.console(TWO), "XENOLITH-MARKER", from);
    assertEquals(5, guest.domain(TWO).id(), "domid after the reboot");
    guest.xl("destroy debian2");
    assertNull(guest.domain(TWO));
    guest.xl("shutdown debian1");
    guest.run(5000);
    assertNull(guest.domain(ONE), () -> guest.xl("list") + guest.console(ONE).text());
  }
}
