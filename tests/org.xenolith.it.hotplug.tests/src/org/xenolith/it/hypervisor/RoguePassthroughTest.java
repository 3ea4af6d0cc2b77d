// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.testkit.FullLane;

/**
 * Debian in a domain that was given two endpoints that do what they are told, and tells them to reach for all that isn't the domain's;
 * Dom0, Debian as well, reads its NVMe controller meanwhile. One boot for all.
 */
@FullLane
class RoguePassthroughTest {
  private static final String GUEST = "debian1";
  private static final String ROGUE = "0000:01:00.0";
  private static final int RID = 0x100;
  private static final int SECOND = 0x18;
  private static final long RAM = 0x4000_0000L;
  /** Of the domain's 192 MiB, behind what its kernel takes. */
  private static final long OWN = RAM + (191L << 20);
  private static final long BEYOND = RAM + (192L << 20);
  private static final long PATTERN = 0xA5A5_5A5A_1234_5678L;
  private static final long DOORBELL = 0x0809_0040;
  private static final int WRITE = 0x802;
  private static final int WRITE32 = 0x402;
  private static final int READ = 0x801;
  private static final int FLOOD = 20_000;
  private static final String DONE = "0x00000001";
  private static final String REFUSED = "0x00000002";
  /** Lines that the domain's shell knows from then on: configuration bytes of a function; what an endpoint is told to do. */
  private static final List<String> FUNCTIONS = List.of(
      "c() { printf \"$3\" | dd of=/sys/bus/pci/devices/$1/config bs=1 seek=$2 conv=notrunc 2>/dev/null; }",
      "bar() { sed -n \"$2p\" /sys/bus/pci/devices/$1/resource | cut -d' ' -f1; }",
      "a=$(ls /sys/bus/pci/devices | head -n1); b=$(ls /sys/bus/pci/devices | tail -n1)",
      "for f in $a $b; do echo 1 > /sys/bus/pci/devices/$f/enable; c $f 4 '\\006\\000'; done; ba=$(($(bar $a 1))); bt=$(($(bar $a 5)))",
      "t() { devmem $ba 64 $2; devmem $((ba+8)) 64 $3; devmem $((ba+16)) 32 $1; devmem $((ba+20)) 32; }");

  private final List<String> events = new ArrayList<>();
  @TempDir
  Path folder;
  private HypervisorGuest guest;
  private Domain domain;
  private P2mPort p2m;
  private PhysicalBus bus;
  private HostBridgePort bridge;
  private String sum;

  private void boot() throws IOException, NoSuchAlgorithmException {
    byte[] disk = new byte[4 << 20];
    new Random(7).nextBytes(disk);
    sum = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(disk));
    Path image = Files.write(folder.resolve("nvme.raw"), disk);
    guest = HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").cpus(2).memory(1L << 30).guest("debian")
        .append("quiet cryptomgr.notests xl.pci xl.shell").hypervisor(true).boardOption("pcie", "ecam").boardOption("iommu", "smmuv3")
        .option("pci", "1.0=root-port 1.0/0.0=rogue 2.0=root-port 2.0/0.0=nvme 3.0=rogue")
        .disks(List.of(image + ",pci=2.0/0.0")).build());
    guest.machine().eventListener((kind, place, text) -> events.add(kind + ' ' + place + ' ' + text));
    guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
    guest.xl("pci-assignable-add 01:00.0");
    guest.xl("pci-assignable-add 00:03.0");
    Path config = DebianDomains.fetched(folder).domain(GUEST, 11, 1, "mem=184M xl.pci");
    Files.writeString(config, Files.readString(config) + "pci = [ '01:00.0', '00:03.0' ]\n");
    guest.xl("create " + config);
    guest.runUntil(GUEST, HypervisorGuest.PROMPT);
    FUNCTIONS.forEach(line -> guest.type(GUEST, line));
    domain = guest.domain(GUEST);
    p2m = Counters.port(guest.machine(), P2mPort.class);
    bus = Counters.port(guest.machine(), DomainsPort.class).domains().processors().getFirst().as(Cpu.class).env.bus();
    bridge = Counters.port(guest.machine(), HostBridgesPort.class).all().getFirst();
  }

  /** What a command prints at Dom0's shell. */
  private String dom0(String command) {
    int from = guest.board().length();
    guest.typeAtBoard("echo \"=b\"\"egin=$(" + command + ")=e\"\"nd=\"");
    guest.runUntil(guest.board(), "=end=\n", from);
    String answer = guest.board().text().substring(from);
    return answer.substring(answer.indexOf("=begin=") + "=begin=".length(), answer.indexOf("=end=")).strip();
  }

  /** Has the first endpoint do something for each address; what its status is then. */
  private List<String> tell(int command, long data, Long... addresses) {
    String list = Arrays.stream(addresses).map(a -> "0x" + Long.toHexString(a)).collect(Collectors.joining(" "));
    return guest.shell(GUEST, "for i in " + list + "; do t " + command + " $i 0x" + Long.toHexString(data) + "; done").lines()
        .map(String::strip).toList();
  }

  /** Events of a kind since the last time that was asked for any. */
  private List<String> events(String kind) {
    List<String> found = events.stream().filter(e -> e.startsWith(kind + ' ')).toList();
    events.clear();
    return found;
  }

  private long frame(int owner) {
    FrameHeap frames = Counters.port(guest.machine(), FrameHeapPort.class);
    for (long mfn = (BEYOND >>> 12) + 64; mfn < (RAM >>> 12) + (1 << 18); mfn++) {
      if (frames.owner(mfn) == owner) {
        return mfn << 12;
      }
    }
    throw new AssertionError("no frame of " + owner);
  }

  private byte[] own(int length) {
    return guest.machine().peek(p2m.translate(domain, OWN, false), length);
  }

  // ---- the test

  @Test
  void anEndpointReachesNothingThatIsNotItsDomains() throws IOException, NoSuchAlgorithmException {
    try {
      boot();
      memory();
      messages();
      bars();
      assertTrue(dom0("md5sum /dev/nvme0n1").startsWith(sum), guest.board()::text);
      guest.xl("destroy " + GUEST);
      assertTrue(dom0("dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum").startsWith(sum), guest.board()::text);
      for (String kind : List.of("model-failed", "change-failed", "hypervisor-stray", "internal-fault", "unmodelled-access")) {
        assertNull(guest.machine().events().get(kind), kind);
      }
    } finally {
      if (guest != null) {
        guest.close();
      }
    }
  }

  /** It reads and writes its domain's memory; elsewhere nothing changes, and an event says who tried and whose it is. */
  private void memory() {
    events.clear();
    assertEquals(List.of(DONE), tell(WRITE, PATTERN, OWN));
    assertEquals(PATTERN, ByteBuffer.wrap(own(8)).order(ByteOrder.LITTLE_ENDIAN).getLong());
    assertEquals(List.of(), events("iommu-fault"));
    guest.typeAtBoard("dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum > /sum; echo read > /done");
    long dom0 = frame(guest.domain("Domain-0").serial());
    long hypervisors = frame(FrameHeap.HYPERVISOR);
    byte[] before = guest.machine().peek(dom0, 4096);
    byte[] beforeOfHypervisor = guest.machine().peek(hypervisors, 4096);
    List<Long> nowhere = List.of(dom0, hypervisors, BEYOND, 0x0800_0000L, 0x0808_0000L, 0x0900_0000L, 0x0905_0000L, 0x40_1010_0004L,
        nvmeBar(), 0x0300_1000L);
    assertTrue(tell(WRITE, PATTERN, nowhere.toArray(Long[]::new)).stream().allMatch(REFUSED::equals));
    assertTrue(tell(READ, 0, dom0, hypervisors, nvmeBar()).stream().allMatch(REFUSED::equals));
    assertArrayEquals(before, guest.machine().peek(dom0, 4096));
    assertArrayEquals(beforeOfHypervisor, guest.machine().peek(hypervisors, 4096));
    List<String> faults = events("iommu-fault");
    for (long address : nowhere) {
      assertTrue(faults.stream().anyMatch(e -> e.contains("function " + ROGUE + ", of d" + domain.id() + " " + GUEST)
          && e.endsWith("write to 0x" + Long.toHexString(address))), () -> Long.toHexString(address) + ": " + faults);
    }
    assertEquals("read", dom0("for i in 1 2 3 4 5 6 7 8 9; do [ -e /done ] || sleep 0.2; done; cat /done"));
    assertEquals(sum + "  -", dom0("cat /sum"));
  }

  private long nvmeBar() {
    return bridge.read(0x200, 0x10, 4) & 0xFFFF_FFF0L;
  }

  /** Its own DeviceID comes with each message, whatever the message says; nothing of Dom0's is raised, however many there are. */
  private void messages() {
    String before = dom0("grep nvme /proc/interrupts");
    assertTrue(before.contains("ITS-MSI"), before);
    events.clear();
    for (long event : new long[] {0, 1, 2, 0x200_0000L, 8192}) {
      assertEquals(List.of(DONE), tell(WRITE32, event, DOORBELL), events::toString);
    }
    List<String> refused = events("its-message");
    assertEquals(5, refused.size(), refused::toString);
    assertTrue(refused.stream().allMatch(e -> e.contains(ROGUE)), refused::toString);
    assertEquals(before, dom0("grep nvme /proc/interrupts"));
    long registers = bridge.read(RID, 0x10, 4) & 0xFFFF_FFF0L;
    bus.write(registers, 8, DOORBELL);
    assertTimeout(Duration.ofSeconds(10), () -> {
      for (int i = 0; i < FLOOD; i++) {
        bus.write(registers + 8, 8, i);
        bus.write(registers + 16, 4, WRITE32);
      }
    });
    assertEquals(FLOOD + 5L, guest.machine().events().get("its-message"));
    assertEquals(before, dom0("grep nvme /proc/interrupts"));
    events.clear();
  }

  /** The domain puts BARs and MSI-X entries where they must not be: it gets an event, the hardware keeps its own. */
  private void bars() {
    int host = bridge.read(RID, 0x10, 4);
    int hostsSecond = bridge.read(SECOND, 0x10, 4);
    events.clear();
    guest.shell(GUEST, "devmem $bt 32 0x40000000; devmem $((bt+4)) 32 0; devmem $((bt+8)) 32 1; devmem $((bt+12)) 32 0");
    named(events("pci-refused"), "MSI-X entry 0 stays masked: it leads to 0x40000000 with 1, expected the doorbell 0x8090040");
    long second = Long.decode(guest.shell(GUEST, "bar $b 1"));
    for (long address : new long[] {second, 0x0808_0000L, RAM, 0x3300_0000L, 0x0300_1000L, 0x1000_0000L}) {
      long mapped = p2m.translate(domain, address, false);
      String bytes = "\\\\%03o\\\\%03o\\\\%03o\\\\%03o".formatted(address & 0xFF, address >>> 8 & 0xFF, address >>> 16 & 0xFF,
          address >>> 24 & 0xFF);
      guest.shell(GUEST, "c $a 4 '\\000\\000'; c $a 16 '" + bytes.replace("\\\\", "\\") + "'; c $a 4 '\\002\\000'");
      named(events("pci-refused"), "BAR 0 at 0x" + Long.toHexString(address) + " isn't mapped: "
          + (address == second ? "BAR 0 of 0000:00:03.0 is there" : "it isn't in a window of the virtual bridge"));
      assertEquals(mapped, p2m.translate(domain, address, false), "what is at 0x" + Long.toHexString(address));
      assertEquals(host, bridge.read(RID, 0x10, 4));
    }
    assertEquals(hostsSecond, bridge.read(SECOND, 0x10, 4));
  }

  private void named(List<String> refused, String what) {
    assertTrue(refused.stream().anyMatch(e -> e.contains("d" + domain.id() + ' ' + ROGUE) && e.contains(what)),
        () -> what + ": " + refused);
  }
}
