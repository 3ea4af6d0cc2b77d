// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.hyp.api.Domain;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** Xen's own tools of Debian's amd64 packages in the hardware domain of a PC: they see and control a domain that we built, and build one. */
@FullLane
class PcToolsTest {
  private static final String UART = "/isa/serial@1,3f8";
  private static final String WORDS = "quiet cryptomgr.notests xl.shell";
  private static final List<String> ALL = List.of("one", "two");
  private static final List<String> PACKAGES = List.of("xen-utils-4.17", "xen-utils-common", "xenstore-utils");

  @TempDir
  private Path folder;
  private Path kernel;
  private Path ramdisk;
  private HypervisorGuest guest;

  @BeforeEach
  void fetch() throws IOException {
    GuestImage debian = InstalledProduct.get().services(GuestSource.class).stream().filter(each -> each.name().equals(
        "debian-amd64-cloud")).findFirst().orElseThrow().obtain(System.out::println, GuestRequest.PLAIN);
    kernel = Files.write(folder.resolve("Image"), debian.kernel());
    ramdisk = Files.write(folder.resolve("initrd"), debian.initrd().orElseThrow());
  }

  private Path config(String name, String kernelFile, String ramdiskFile, String more) throws IOException {
    return Files.writeString(folder.resolve(name + ".cfg"), """
        name = "%s"
        type = "pvh"
        kernel = "%s"
        ramdisk = "%s"
        memory = 160
        vcpus = 2
        extra = "console=hvc0 %s"
        %s
        """.formatted(name, kernelFile, ramdiskFile, WORDS, more));
  }

  private static RequestBuilder dom0() {
    return RequestBuilder.of("pc-pvh").cpus(2).memory(1536L << 20).guest("debian-amd64").option("package", PACKAGES).append(WORDS)
        .hypervisor(true);
  }

  private void boot(RequestBuilder request) {
    guest = HypervisorGuest.launch(request.build(), UART);
    // What is written before somebody listens is lost.
    ALL.forEach(guest::console);
    guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
    tool("mkdir -p /var/lock");
  }

  /** What a command prints in Dom0, which must succeed. */
  private String tool(String command) {
    String out = guest.dom0(command + " 2>&1; echo exit=$?").replace("\r", "");
    assertTrue(out.endsWith("exit=0"), () -> command + ":\n" + out + "\n" + guest.events());
    assertFalse(out.contains("libxl: error"), () -> command + ":\n" + out);
    return out.substring(0, out.length() - "exit=0".length());
  }

  private Map<String, String> info() {
    return tool("xl info").lines().filter(line -> line.contains(":")).collect(Collectors.toMap(line -> line.substring(0, line.indexOf(
        ':')).strip(), line -> line.substring(line.indexOf(':') + 1).strip()));
  }

  private static void has(String text, String pattern) {
    assertTrue(text.matches("(?s).*" + pattern + ".*"), () -> pattern + " isn't in\n" + text);
  }

  private void goneAfter(String name) {
    for (int i = 0; i < 100 && guest.domain(name) != null; i++) {
      guest.run(100);
    }
    assertNull(guest.domain(name), () -> guest.xl("list") + guest.xl("dmesg"));
  }

  // ---- Domains of ours

  @Test
  void theyControlDomainsThatWeBuilt() throws IOException {
    boot(dom0().domUs(List.of(config("one", kernel.toString(), ramdisk.toString(), ""), config("two", kernel.toString(), ramdisk.toString(),
        ""))));
    try (HypervisorGuest closed = guest) {
      guest.runUntil("one", HypervisorGuest.PROMPT);
      guest.runUntil("two", HypervisorGuest.PROMPT);
      theMachineIsDescribed();
      theDomainsAreListed();
      aPausedDomainStandsStill();
      theirSettingsAreOurs();
      tool("xl shutdown one");
      goneAfter("one");
      tool("xl destroy two");
      goneAfter("two");
      assertFalse(tool("xl list").contains("two"));
      has(tool("xl dmesg"), "\\(XEN\\) d3: destroyed two");
      assertNull(guest.machine().events().get("model-failed"), guest.events());
    }
  }

  private void theMachineIsDescribed() {
    Map<String, String> info = info();
    assertEquals("x86_64", info.get("machine"));
    assertEquals("2", info.get("nr_cpus"));
    assertEquals("1", info.get("max_cpu_id"));
    assertEquals("2", info.get("cores_per_socket"));
    assertEquals("1", info.get("threads_per_core"));
    assertEquals("1000.000", info.get("cpu_mhz"));
    assertEquals("1536", info.get("total_memory"));
    int free = Integer.parseInt(info.get("free_memory"));
    assertTrue(free > 700 && free < 1536 - 384 - 2 * 160, "free: " + free);
    assertEquals("4.17.7", info.get("xen_version"));
    assertEquals("hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64", info.get("xen_caps"));
    has(guest.xl("info"), "machine +: x86_64");
    has(guest.xl("info"), "xen_caps +: hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64");
    assertEquals("hvm hap gnttab-v1", info.get("virt_caps"));
    assertEquals("credit2", info.get("xen_scheduler"));
    assertEquals("virt_start=0xffff800000000000", info.get("platform_params"));
    // Words as a processor with long mode, SSE4.2 and AES has them: FPU, LM, AESNI.
    String[] words = info.get("hw_caps").split(":");
    assertEquals(8, words.length);
    assertEquals(1, Integer.parseUnsignedInt(words[0], 16) & 1);
    assertNotEquals(0, Integer.parseUnsignedInt(words[1], 16) & 1 << 25);
    assertNotEquals(0, Integer.parseUnsignedInt(words[2], 16) & 1 << 29);
  }

  private void theDomainsAreListed() {
    String list = tool("xl list");
    has(list, "Domain-0 +0 +38\\d +2 +[-br]{6} ");
    has(list, "one +2 +160 +2 +[-br]{6} ");
    has(list, "two +3 +160 +2 +[-br]{6} ");
    has(tool("xl vcpu-list one"), "one +2 +0 .*\n.*one +2 +1 ");
    has(tool("xl domname 2"), "one");
    has(tool("xenstore-ls /local/domain/2"), "name = \"one\"");
    has(guest.xl("list"), "one +2 ");
  }

  private void aPausedDomainStandsStill() {
    Domain one = guest.domain("one");
    guest.type("one", "sha256sum /dev/zero");
    guest.run(200);
    tool("xl pause one");
    has(tool("xl list one"), "one +2 +\\d+ +2 +[-br]{2}p--- ");
    has(guest.xl("list"), "one .*p");
    long then = one.cpuTime();
    guest.run(500);
    assertEquals(then, one.cpuTime(), "while it is paused");
    tool("xl unpause one");
    guest.run(500);
    assertTrue(one.cpuTime() > then + 100_000_000, "it goes on");
    guest.type("one", "\u0003");
  }

  private void theirSettingsAreOurs() {
    has(tool("xl sched-credit2"), "two +3 +256 +0");
    tool("xl sched-credit2 -d two -w 512 -c 50");
    assertEquals(512, guest.domain("two").weight());
    assertEquals(50, guest.domain("two").cap());
    has(guest.xl("sched-credit2"), "two +3 +512 +50");
    tool("xl sched-credit2 -d two -w 256 -c 0");
    // Debian's own mem-set wants the file that a domain was created of, which libxl keeps in Dom0.
    guest.xl("mem-set two 128");
    shrinksTo128("two", 3);
  }

  private void shrinksTo128(String name, int id) {
    String line = name + " +" + id + " +12[78] ";
    for (int i = 0; i < 50 && !tool("xl list " + name).matches("(?s).*" + line + ".*"); i++) {
      guest.run(100);
    }
    has(tool("xl list " + name), line);
  }

  // ---- Domains of theirs

  @Test
  void debiansXlBuildsADomainThatComesUpAndLeavesNothing() throws IOException {
    Path plain = config("made", "/root/Image", "/root/initrd", "");
    Path less = config("less", "/root/Image", "/root/initrd", "cpuid = \"host,aes=0\"");
    boot(dom0().option("add-file", List.of("/root/Image=" + kernel, "/root/initrd=" + ramdisk, "/root/made.cfg=" + plain, "/root/less.cfg="
        + less)));
    try (HypervisorGuest closed = guest) {
      String aes = flags("made", 2);
      assertTrue(aes.matches("[1-9]"), aes);
      String free = info().get("free_memory");
      assertEquals("0", flags("less", 3), "what its file takes away of CPUID is gone");
      assertEquals(free, info().get("free_memory"), "a domain that came and went");
      assertFalse(tool("xl list").contains("made"));
      assertEquals("", tool("xenstore-ls /libxl").strip());
      assertNull(guest.machine().events().get("model-failed"), guest.events());
    }
  }

  /** Creates a domain, looks at it from in and out, and destroys it. @return in how many CPUs' flags it finds AES */
  private String flags(String name, int id) {
    tool("xl create /root/" + name + ".cfg");
    String console = Integer.toString(id);
    guest.runUntil(console, HypervisorGuest.PROMPT);
    String text = guest.console(console).text();
    assertTrue(text.contains("XENOLITH-MARKER"), text);
    assertEquals("2", guest.shell(console, "nproc"));
    assertEquals("xen", guest.shell(console, "cat /sys/hypervisor/type"));
    assertTrue(guest.shell(console, "dmesg").contains("Booting kernel on Xen PVH"), text);
    String aes = guest.shell(console, "grep -cw aes /proc/cpuinfo");
    has(tool("xl list"), name + " +" + id + " +160 +2 +[-br]{6} ");
    has(tool("xl vcpu-list " + name), name + " +" + id + " +1 +\\d +[-br]{3} ");
    Domain made = guest.domain("domain-" + id);
    assertEquals(2, made.vcpus().size());
    tool("xl mem-set " + name + " 128");
    shrinksTo128(name, id);
    tool("xl destroy " + name);
    assertNull(guest.domain("domain-" + id));
    return aes;
  }
}
