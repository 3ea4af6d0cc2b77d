// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** A Debian in a domain looks for its PCI functions: what it has asked its virtual bus is in a trace, as its own domain's. */
@FullLane
class TracedPassthroughTest {
  private static final GivenFunction DISK = new GivenFunction("01:00.0", "nvme");
  private static final String GUEST = "debian1";
  private static final Pattern EVENT = Pattern.compile(
      "\"pid\":(\\d+).*\"cat\":\"domain-pci\".*\"function\":\"([^\"]+)\",\"offset\":\"0x([0-9a-f]+)\",\"size\":(\\d),\"write\":(\\d),\"value\":\"0x([0-9a-f]+)\"");

  @TempDir
  private Path folder;

  /** An access to configuration space, as the trace has it. */
  private record Access(String domain, String function, int offset, int size, boolean write, long value) {}

  /** Executes a word of the prompt, for which the machine must run. */
  private static void traces(HypervisorGuest guest, String... words) throws Exception {
    MonitorCommand command = InstalledProduct.get().services(MonitorCommand.class).stream().filter(each -> each.name().equals("traces"))
        .findFirst().orElseThrow();
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> command.execute(guest.machine(), List.of(words)));
    guest.dom0("sleep 0.1");
    answer.get(1, TimeUnit.MINUTES);
  }

  private static List<Access> accesses(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(EVENT::matcher).filter(Matcher::find).map(found -> new Access(found.group(1), found.group(
        2), Integer.parseInt(found.group(3), 16), Integer.parseInt(found.group(4)), found.group(5).equals("1"), Long.parseLong(found.group(
            6), 16))).toList();
  }

  @Test
  void whatAKernelAsksItsVirtualBusIsThereByDomain() throws Exception {
    Path image = Files.write(folder.resolve("nvme.raw"), new byte[8 << 20]);
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").cpus(2).memory(1L << 30).guest(
        "debian").append("quiet cryptomgr.notests xl.pci xl.shell").hypervisor(true).boardOption("pcie", "ecam").boardOption("iommu",
            "smmuv3").option("pci", "1.0=root-port 1.0/0.0=nvme").disks(List.of(image + ",pci=1.0/0.0")).build())) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      DISK.release(guest);
      Path file = folder.resolve("bus.json");
      traces(guest, "on", file + ",kinds=domain-pci");
      Path config = Files.writeString(folder.resolve(GUEST + ".cfg"), Files.readString(DebianDomains.fetched(folder).domain(GUEST, 11, 1,
          "xl.pci")) + "pci = [ '01:00.0' ]\n");
      guest.xl("create " + config);
      guest.runUntil(GUEST, HypervisorGuest.PROMPT);
      String shown = guest.shell(GUEST, "cd /sys/bus/pci/devices; for d in *; do echo $d $(cat $d/vendor) $(cat $d/device); done");
      traces(guest, "off");

      List<Access> all = accesses(file);
      Set<String> domains = all.stream().map(Access::domain).collect(Collectors.toSet());
      assertEquals(1, domains.size(), () -> "Dom0 has the machine's bus: " + domains);
      Matcher function = Pattern.compile("0000:(\\S+) 0x(\\w{4}) 0x(\\w{4})").matcher(shown);
      int functions = 0;
      while (function.find()) {
        String name = function.group(1);
        long identity = Long.parseLong(function.group(3) + function.group(2), 16);
        assertTrue(all.stream().anyMatch(each -> each.function.endsWith(name) && each.offset == 0 && each.size == 4 && !each.write
            && each.value == identity), () -> name + " isn't asked for its identity in " + all);
        functions++;
      }
      assertEquals(1, functions, shown);
      // PCI Local Bus 3.0, 6.2.5.1: a BAR's size is found by writing ones.
      assertTrue(all.stream().anyMatch(each -> each.offset == 0x10 && each.write && each.value == 0xFFFF_FFFFL), all::toString);
      // 6.2.2: memory space and bus master are turned on.
      assertTrue(all.stream().anyMatch(each -> each.offset == 4 && each.write && (each.value & 6) == 6), all::toString);
    }
  }
}
