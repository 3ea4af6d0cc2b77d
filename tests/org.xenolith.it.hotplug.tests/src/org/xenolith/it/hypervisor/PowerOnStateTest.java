// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * After Debian has used all devices of a board and has reset the machine, and it was booted again, every record, every alarm and every byte
 * of RAM is as it was when the machine was booted first.
 */
@FullLane
class PowerOnStateTest {
  private static final long TOO_LONG = TimeUnit.SECONDS.toNanos(60);
  private static final int PAGE = 4096;
  private static final int LONG = 100;
  /**
   * What says when something was: when Dom0 was made, and when the hypervisor began to listen at its UART. And the number that a disk's
   * transport counts up when the disk comes, which was at the first power-on after it, and never again.
   */
  private static final Pattern TELL_TIME = Pattern.compile("\\[device (/timer\\] cpu[0-9].CNTVOFF:|/xenolith-hypervisor:vtimer\\] domains:"
      + "|/xenolith-hypervisor\\] domains:|/pl011@9000000\\] !alarm:|/virtio_mmio@a003e00\\] config-generation:)");

  @TempDir
  private static Path folder;

  @TestFactory
  List<DynamicTest> aMachineThatIsBootedAgainIsAsItWasAtFirst() {
    List<DynamicTest> tests = new ArrayList<>(List.of(test("everything on virt under the hypervisor", everything("3", 4, "ecam")
        .hypervisor(true)),
        test("everything on virt", everything("3", 2, "ecam"))));
    tests.addAll(Lane.onlyFull(test("X-Gene's bridge", everything("3", 1, "xgene")),
        test("GICv2 and X-Gene's bridge under the hypervisor", everything("2", 2, "xgene").hypervisor(true)),
        test("DesignWare's bridge under the hypervisor", everything("3", 1, "dw").hypervisor(true))));
    return tests;
  }

  private static RequestBuilder everything(String gic, int cpus, String bridge) {
    boolean ports = !bridge.equals("ecam");
    return RequestBuilder.of("virt").boardOption("gic", gic).cpus(cpus).memory(768L << 20).guest("debian")
        .append("quiet cryptomgr.notests xl.pci xl.disk xl.run=reboot,-f").boardOption("pcie", bridge).boardOption("iommu", "smmuv3")
        .option("pci", ports ? "0.0=nvme" : "1.0=root-port 1.0/0.0=nvme 2.0=virtio 3.0=virtio").option("nic", ports ? "," : "pci=2.0")
        .option("virtio-console", ports ? "," : "pci=3.0").bootsAgain(true);
  }

  private static DynamicTest test(String name, RequestBuilder request) {
    return DynamicTest.dynamicTest(name, () -> compare(Files.createDirectories(folder.resolve(name.replace(' ', '-'))), request));
  }

  private static void compare(Path here, RequestBuilder request) throws IOException {
    byte[] image = new byte[1 << 20];
    Arrays.fill(image, (byte) 'x');
    List<String> disks = List.of(Files.write(here.resolve("one.img"), image).toString());
    StringBuffer events = new StringBuffer();
    try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(request.disks(disks).build(), System.out::println,
        (kind, place, text) -> events.append(kind).append(' ').append(place).append(": ").append(text).append('\n'))) {
      Machine machine = launch.machine();
      // What follows without an instruction, as it will have when it is booted again.
      machine.stop();
      assertEquals(StopReason.STOPPED, machine.run(RunLimit.NONE));
      machine.save(here.resolve("first"));
      Runnable boot = machine.onReset(null);
      machine.onReset(() -> {
        boot.run();
        machine.stop();
      });
      assertEquals(StopReason.STOPPED, machine.run(new RunLimit(TOO_LONG, Long.MAX_VALUE)), events::toString);
      machine.save(here.resolve("again"));
      for (String kind : List.of("model-failed", "model-refused", "reset-failed", "unmodelled-access")) {
        assertNull(machine.events().get(kind), events::toString);
      }
      assertEquals(1, machine.events().get("machine-reset"));
    }
    assertEquals(List.of(), differences(state(here.resolve("first")), state(here.resolve("again"))));
    assertEquals(List.of(), differences(pages(here.resolve("first")), pages(here.resolve("again"))));
  }

  /** Keys with different values, and both values. */
  private static List<String> differences(Map<String, String> first, Map<String, String> again) {
    Set<String> keys = new TreeSet<>(first.keySet());
    keys.addAll(again.keySet());
    return keys.stream().filter(key -> !TELL_TIME.matcher(key).matches()).filter(key -> !Objects.equals(first.get(key), again.get(key)))
        .map(key -> key + ' ' + shown(first.get(key)) + ", then " + shown(again.get(key))).toList();
  }

  private static String shown(String value) {
    return value == null ? "nothing" : value.length() < LONG ? value : value.substring(0, LONG) + "…";
  }

  /** The fields of all records by device and name, without those of the core, which say what time it is. */
  private static Map<String, String> state(Path snapshot) throws IOException {
    Map<String, String> fields = new TreeMap<>();
    String section = "";
    for (String line : Files.readAllLines(snapshot.resolve("state.txt"))) {
      section = line.startsWith("[") ? line : section;
      int name = line.indexOf(' ');
      if (!section.startsWith("[core") && line.equals(section)) {
        fields.put(section, "");
      } else if (!section.startsWith("[core")) {
        fields.put(section + ' ' + line.substring(0, name) + ':', line.substring(name + 1));
      }
    }
    return fields;
  }

  /** Pages that aren't zero: address to a number that tells their contents. */
  private static Map<String, String> pages(Path snapshot) throws IOException {
    Map<String, String> pages = new TreeMap<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(snapshot.resolve("ram.img")))) {
      for (String line : Files.readAllLines(snapshot.resolve("manifest.txt"))) {
        String[] fields = line.split(" ");
        if (fields[0].equals("chunk")) {
          long base = Long.parseUnsignedLong(fields[1].substring(2), 16);
          for (int at = 0; at < Integer.parseInt(fields[2]); at += PAGE) {
            byte[] page = in.readNBytes(PAGE);
            if (!Arrays.equals(page, new byte[PAGE])) {
              pages.put(Long.toHexString(base + at), Integer.toHexString(Arrays.hashCode(page)));
            }
          }
        }
      }
    }
    return pages;
  }
}
