// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.Lane;

/**
 * Debian's firmware on our machine and on QEMU's, with the same disks: the Shell knows the same handles with the same protocols, device
 * paths, drivers and trees of devices. QEMU's host bridge is a function of its own bus, ours isn't; and devices say who made them.
 */
class UefiHandlesTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final List<String> COMMANDS = List.of("dh", "map -r", "devices", "drivers", "devtree");
  private static final String PROMPT = "Shell> ";
  private static final Pattern CONTROL = Pattern.compile("\\x1B\\[[0-9;=?]*[A-Za-z]|\\r");
  /** The number of a handle, wherever it stands; how many come before one depends on the host bridge's function. */
  private static final Pattern NUMBER = Pattern.compile("^ *[0-9A-F]{2}(?=:? )|(?<=Ctrl\\[)[0-9A-F]{2}(?=])");
  private static final Pattern HOST_BRIDGE = Pattern.compile(".*PciRoot\\(0x0\\)/Pci\\(0x0,0x0\\).*\n");
  /** How many children the root bridge has, and how many its driver made. */
  private static final Pattern CHILDREN = Pattern.compile("(?<= R - - 0 1 )\\d(?= PciRoot)|(?<= B - - 1 )\\d(?= PCI Bus Driver)");
  private static final String CHILDLESS = " B - - 1 0 PCI Bus Driver";

  @TempDir
  private static Path work;

  /** A disk with partitions and files, from which nothing can be started: the firmware goes on to its Shell. */
  private static Path disk() throws Exception {
    Path disk = DebianDisk.in(work);
    Path nothing = Files.writeString(work.resolve("nothing"), "no program\n");
    TestTools.run("mcopy", "-o", "-i", disk + "@@1048576", nothing, "::/EFI/BOOT/BOOTAA64.EFI").expect(0);
    return disk;
  }

  private static Path blank() throws Exception {
    return Files.write(work.resolve("blank.img"), new byte[16 << 20]);
  }

  private static String ours(String name, String platform, String disks) throws Exception {
    String steps = COMMANDS.stream().map(command -> "  - expect: '%s$'\n  - type: \"%s\\r\"\n".formatted(PROMPT, command))
        .collect(Collectors.joining());
    Path scenario = Files.writeString(work.resolve(name + ".scenario"), """
        description: The Shell's view of a machine.
        platform: {board: virt, cpus: 1, memory: 1G, pcie: ecam, firmware: aavmf, %s}
        disks: [%s]
        limit: {virtual: 100s, host: 4min}
        steps:
        %s  - expect: '%s$'
          - type: "reset -s\\r"
          - end: poweroff
        """.formatted(platform, disks, steps, PROMPT));
    return Product.run("run", scenario, "--console").expect(0).out();
  }

  private static String qemu(String machine, Object... devices) throws Exception {
    Path packages = work.resolve("packages");
    Path flash = work.resolve("firmware");
    if (!Files.exists(flash)) {
      Path deb = Path.of(Product.run("packages", "fetch", "qemu-efi-aarch64", "--to", packages).expect(0).out().strip());
      TestTools.run("dpkg-deb", "-x", deb, flash).expect(0);
    }
    Path files = flash.resolve("usr/share/AAVMF");
    List<Object> line = new ArrayList<>(List.of("-M", machine, "-cpu", "cortex-a57", "-m", "1G", "-nographic", "-net", "none", "-snapshot",
        "-drive", "if=pflash,format=raw,readonly=on,file=" + files.resolve("AAVMF_CODE.fd"), "-drive",
        "if=pflash,format=raw,file=" + files.resolve("AAVMF_VARS.fd"), "-drive", "if=none,id=disk,format=raw,file=" + disk(), "-drive",
        "if=none,id=blank,format=raw,file=" + blank()));
    line.addAll(List.of(devices));
    try (Program qemu = TestTools.startWithInput("qemu-system-aarch64", line.toArray())) {
      for (int i = 0; i < COMMANDS.size(); i++) {
        qemu.awaitOutput("(?s)(.*?" + PROMPT + "){" + (i + 1) + "}", LONG);
        qemu.type(COMMANDS.get(i) + "\r");
      }
      return qemu.awaitOutput("(?s)^(.*?" + PROMPT + "){" + (COMMANDS.size() + 1) + "}", LONG).group();
    }
  }

  /** The Shell's answers, each line without numbers of handles and without spaces that only make columns. */
  private static String answers(String out) {
    String plain = CONTROL.matcher(out).replaceAll("");
    int end = plain.lastIndexOf(PROMPT);
    String answers = plain.substring(plain.indexOf(PROMPT), end);
    return answers.lines().map(line -> NUMBER.matcher(line).replaceAll("").replaceAll("\\s+", " ").stripTrailing())
        .filter(line -> !line.isBlank()).collect(Collectors.joining("\n", "", "\n"));
  }

  /** As the machine would say it that has no function for its host bridge: a handle, two devices and a child of the root fewer. A driver without children is no bus's. */
  private static String withoutHostBridge(String answers) {
    Matcher bridge = HOST_BRIDGE.matcher(answers);
    assertEquals(3, bridge.results().count(), answers);
    String without = bridge.replaceAll("");
    assertEquals(2, CHILDREN.matcher(without).results().count(), without);
    return CHILDREN.matcher(without).replaceAll(count -> String.valueOf(Integer.parseInt(count.group()) - 1))
        .replace(CHILDLESS, " D - - 1 - PCI Bus Driver");
  }

  private static void byMmio() throws Exception {
    String theirs = answers(qemu("virt,gic-version=2", "-device", "virtio-blk-device,drive=disk"));
    assertEquals(withoutHostBridge(theirs), answers(ours("mmio", "gic: 2", "{image: %s}".formatted(disk()))));
  }

  private static void byPci() throws Exception {
    String theirs = answers(qemu("virt,gic-version=3", "-device", "virtio-scsi-pci-non-transitional,addr=1", "-device",
        "scsi-hd,drive=disk", "-device",
        "pcie-root-port,id=rp,addr=2", "-device", "nvme,bus=rp,drive=blank,serial=x"));
    String ours = answers(ours("pci", "gic: 3, pci: [1.0=virtio, 2.0=root-port, 2.0/0.0=nvme]",
        "{image: %s, drive: scsi, pci: '1.0'}, {image: %s, pci: 2.0/0.0}".formatted(disk(), blank())));
    assertEquals(withoutHostBridge(theirs).replace("QEMU QEMU HARDDISK", "XENOLITH DISK").replace("x -QEMU NVMe Ctrl -0", "NVMe"),
        ours.replaceAll("xenolith-[0-9a-f]+ -Xenolith NVMe controller -0", "NVMe"));
  }

  @TestFactory
  List<DynamicTest> theShellSeesWhatItSeesOnQemu() {
    return Lane.onlyFull(dynamicTest("virtio by MMIO, GICv2", UefiHandlesTest::byMmio),
        dynamicTest("SCSI by PCI and NVMe behind a root port, GICv3", UefiHandlesTest::byPci));
  }
}
