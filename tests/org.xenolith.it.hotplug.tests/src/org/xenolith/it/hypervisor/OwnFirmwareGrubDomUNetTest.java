// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.SystemDisk;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.Lane;

/**
 * Debian's GRUB, in a domain by our own UEFI firmware, loads a file over its PV network from Debian in another domain; then it starts Debian, whose own front
 * end connects with the same back end. Nobody in it is of a test's. The full lane's.
 */
class OwnFirmwareGrubDomUNetTest {
  private static final String SERVER = "server";
  private static final String NAME = "own";
  private static final String PROMPT = "grub> ";
  private static final String SHELL = "root@debian:~# ";

  @TempDir
  Path folder;

  private static String command(HypervisorGuest guest, String line, String end, String prompt) {
    GuestConsole console = guest.console(NAME);
    int from = console.length();
    guest.machine().input(ConsolesPort.INPUT, NAME, line.getBytes(StandardCharsets.ISO_8859_1));
    guest.run(100);
    int typed = console.length();
    guest.machine().input(ConsolesPort.INPUT, NAME, end.getBytes(StandardCharsets.ISO_8859_1));
    guest.runUntil(console, prompt, typed);
    return console.text().substring(from);
  }

  private void loads() throws IOException, InterruptedException {
    Path own = Files.writeString(folder.resolve(NAME + ".cfg"), """
        name = "%s"
        firmware = "xenolith"
        memory = 512
        disk = [ '%s,raw,xvda,rw' ]
        vif = [ 'mac=00:16:3e:00:00:02' ]
        """.formatted(NAME, SystemDisk.in(folder)));
    Path server = DebianDomains.fetched(folder).domain(SERVER, 11, 1, "");
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(1L << 30).noDom0(true)
        .hypervisor(true).domUs(List.of(server)).build())) {
      guest.console(SERVER);
      guest.runUntil(SERVER, HypervisorGuest.PROMPT);
      guest.shell(SERVER, "mkdir /www; yes 0123456789abcde | head -20000 >/www/lines.txt; echo it came by HTTP >/www/small.txt");
      String sum = guest.shell(SERVER, "md5sum /www/lines.txt").split(" ")[0];
      guest.shell(SERVER, "busybox httpd -p 80 -h /www");
      guest.console(NAME);
      guest.xl("create " + own);
      guest.runUntil(NAME, "GNU GRUB");
      guest.run(100);
      command(guest, "", "c", PROMPT);
      String cards = command(guest, "net_ls_cards", "\r", PROMPT);
      assertTrue(cards.contains("efinet0 00:16:3e:00:00:02"), cards);
      command(guest, "net_add_addr mine efinet0 10.0.0.12", "\r", PROMPT);
      String addresses = command(guest, "net_ls_addr", "\r", PROMPT);
      assertTrue(addresses.contains("mine 00:16:3e:00:00:02 10.0.0.12"), addresses);
      String small = command(guest, "cat (http,10.0.0.11)/small.txt", "\r", PROMPT);
      assertTrue(small.contains("it came by HTTP"), small);
      String crc = command(guest, "md5sum (http,10.0.0.11)/lines.txt", "\r", PROMPT);
      assertTrue(crc.contains(sum), () -> sum + crc);
      command(guest, "normal", "\r", "debian login: ");
      command(guest, "root", "\n", SHELL);
      String said = command(guest, "n=$(ls /sys/class/net | grep -v lo); ip link set $n up; ip addr add 10.0.0.12/24 dev $n; "
          + "exec 3<>/dev/tcp/10.0.0.11/80; echo -e 'GET /small.txt HTTP/1.0\\r\\n\\r' >&3; cat <&3", "\n", SHELL);
      assertTrue(said.contains("it came by HTTP"), said);
      String back = guest.shell(SERVER, "ping -c 3 10.0.0.12");
      assertTrue(back.contains("3 packets received"), back);
      assertFalse(guest.events().contains("model-failed") || guest.events().contains("vif-"), guest::events);
    }
  }

  @TestFactory
  List<DynamicTest> grubLoadsFromAnotherDomain() {
    return Lane.onlyFull(dynamicTest("PV network", this::loads));
  }
}
