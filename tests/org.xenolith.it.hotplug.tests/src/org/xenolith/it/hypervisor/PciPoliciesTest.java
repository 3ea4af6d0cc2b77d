// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.FullLane;

/** Debian's kernel as Dom0 with an NVMe controller behind a root port, under policies that aren't the default. */
@FullLane
class PciPoliciesTest {
  private static final AddressWindow CONFIGURATION = new AddressWindow(0x40_1000_0000L, 256 << 20);
  private static final AddressWindow MEMORY = new AddressWindow(0x1000_0000L, 0x2EFF_0000L);
  private static final AddressWindow HIGH_MEMORY = new AddressWindow(0x80_0000_0000L, 1L << 39);
  private static final String DEVICE = "/sys/bus/pci/devices/0000:01:00.0/";
  private static final String DRIVER = "/sys/bus/pci/drivers/nvme/";

  @TempDir
  Path folder;
  private final List<String> refused = new ArrayList<>();
  private HypervisorGuest guest;
  private StageTwoAborts aborts;
  private String sum;

  private void launch(String... policies) throws IOException {
    byte[] content = new byte[4 << 20];
    new Random(6).nextBytes(content);
    try {
      sum = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    Path image = Files.write(folder.resolve("nvme.raw"), content);
    LaunchRequest request = RequestBuilder.of("virt").boardOption("gic", "3").cpus(1).memory(1L << 30).guest("debian").hypervisor(true)
        .append("quiet cryptomgr.notests xl.pci xl.shell").boardOption("iommu", "smmuv3").option("pci",
            "1.0=root-port 1.0/0.0=nvme 2.0=rogue")
        .disks(List.of(image + ",pci=1.0/0.0")).settings(List.of(policies).stream().map(p -> "/xenolith-hypervisor:" + p).toList()).build();
    StringBuffer told = new StringBuffer();
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {
      told.append(kind).append(' ').append(place).append(": ").append(text).append('\n');
      if (kind.equals("pci-refused")) {
        refused.add(text);
      }
    });
    guest = new HypervisorGuest(launch.machine(), launch, told);
    aborts = new StageTwoAborts(guest.machine());
  }

  private void boot(String... policies) throws IOException {
    launch(policies);
    prompt();
  }

  private void prompt() {
    guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
  }

  @AfterEach
  void end() {
    if (guest != null) {
      guest.close();
    }
  }

  /** What a command prints at Dom0's shell. */
  private String dom0(String command) {
    int from = guest.board().length();
    guest.typeAtBoard("echo \"=b\"\"egin=$(" + command + " 2>&1)=e\"\"nd=\"");
    guest.runUntil(guest.board(), "=end=\n", from);
    String answer = guest.board().text().substring(from);
    return answer.substring(answer.indexOf("=begin=") + "=begin=".length(), answer.indexOf("=end=")).strip();
  }

  private void works() {
    assertEquals(sum + "  /dev/nvme0n1", dom0(
        "for i in 1 2 3 4 5 6 7 8 9; do [ -b /dev/nvme0n1 ] || sleep 0.2; done; md5sum /dev/nvme0n1"));
    for (String kind : List.of("model-failed", "refused-dma", "change-failed", "iommu-fault", "guest-abort")) {
      assertNull(guest.machine().events().get(kind), kind);
    }
  }

  /** A word of configuration space. */
  private String config(int register) {
    return dom0("od -A n -t x4 -j " + register + " -N 4 " + DEVICE + "config");
  }

  /** One configuration write. */
  private void write(int register, int size, String bytes) {
    dom0("printf '" + bytes + "' | dd of=" + DEVICE + "config bs=" + size + " seek=" + register / size + " conv=notrunc");
  }

  private List<String> known() {
    return Counters.port(guest.machine(), PciDevicesPort.class).functions().stream().map(PciFunction::sbdf).map(Sbdf::text).toList();
  }

  @Test
  void freeAccessCostsNoTrapAndTheHypervisorLooksItself() throws IOException {
    launch("config-access=free", "scan=hypervisor");
    guest.run(1);
    assertEquals(List.of("0000:00:01.0", "0000:00:02.0"), known(), "before Dom0 had a chance to tell");
    prompt();
    assertEquals(0, aborts.in(CONFIGURATION));
    assertEquals(List.of("0000:00:01.0", "0000:00:02.0", "0000:01:00.0"), known());
    works();
    assertEquals(List.of(), refused);
  }

  @Test
  void barsAreProtectedAndMappedAtTheFirstAccess() throws IOException {
    boot("config-access=protect-bars", "mmio=fault");
    works();
    assertTrue(aborts.in(CONFIGURATION) > 0);
    long faults = aborts.in(MEMORY) + aborts.in(HIGH_MEMORY);
    assertTrue(faults > 0 && faults < 10, "faults: " + faults);
    assertEquals(List.of(), refused, "Linux places BARs after it told of the function");
    assertEquals("", dom0("echo 0000:01:00.0 > " + DRIVER + "unbind"));
    String bar = config(0x10);
    write(4, 2, "\\000\\000");
    write(0x10, 4, "\\000\\000\\000\\022");
    assertEquals(bar, config(0x10));
    assertEquals(List.of("0000:01:00.0 register 0x10: BARs that were in use are protected"), refused);
    assertEquals("", dom0("echo 1 > " + DEVICE + "reset"), "Linux writes BARs back");
    assertEquals("", dom0("echo 0000:01:00.0 > " + DRIVER + "bind"));
    works();
    assertEquals(bar, config(0x10));
    assertEquals(1, refused.size(), refused::toString);
  }

  @Test
  void aGuestsFunctionIsVisibleAndNothingOfItIsMapped() throws IOException {
    boot("hide=visible", "mmio=decode");
    works();
    assertEquals(0, aborts.in(MEMORY) + aborts.in(HIGH_MEMORY));
    String ids = config(0);
    Path kernel = Files.write(folder.resolve("small"), SmallKernel.bytes());
    Path small = Files.writeString(folder.resolve("small.cfg"), "name = \"small\"\nkernel = \"%s\"\nmemory = 16\npci = [ '01:00.0' ]\n"
        .formatted(kernel));
    assertEquals("", dom0("echo 0000:01:00.0 > " + DRIVER + "unbind"));
    guest.xl("pci-assignable-add 01:00.0");
    guest.xl("create " + small);
    assertEquals(ids, config(0));
    assertEquals("00000000", config(0x10));
    assertEquals(List.of(), refused);
    assertEquals("none", dom0("echo 0000:01:00.0 > " + DRIVER + "bind; sleep 1; [ -e " + DEVICE + "driver ] || echo none").lines().toList()
        .getLast(), "no driver binds");
    assertTrue(refused.stream().anyMatch(r -> r.contains("another domain's")), refused::toString);
    assertEquals("", dom0("ls /dev | grep nvme0n1"));
    guest.xl("destroy small");
    guest.xl("pci-assignable-remove 01:00.0");
    assertEquals("", dom0("echo 0000:01:00.0 > " + DRIVER + "bind"));
    works();
  }
}
