// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** Accesses to PCI configuration space in a trace are those that a kernel has made, as its accesses to the host bridge's windows and ports say, worked out here by the specifications. */
class TracedConfigurationTest {
  private static final Pattern ACCESS = Pattern.compile(
      "\"address\":\"0x([0-9a-f]+)\",\"size\":(\\d),\"write\":(\\d),\"value\":\"0x([0-9a-f]+)\"");
  private static final Pattern CONFIG = Pattern.compile(
      "\"function\":\"([0-9a-f]{2}):([0-9a-f]{2})\\.(\\d)\",\"offset\":\"0x([0-9a-f]+)\",\"size\":(\\d),\"write\":(\\d),\"value\":\"0x([0-9a-f]+)\"");
  private static final long PORTS = 0x8000_0000_0000_0000L;
  private static final long CONFIG_ADDRESS = PORTS + 0xCF8;
  private static final long CONFIG_DATA = PORTS + 0xCFC;

  @TempDir
  private Path folder;
  /** What a kernel has done, worked out of its accesses, and what the trace calls it. */
  private final List<String> meant = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  /** @param ecam address of its window, for one of 256 buses */
  private void trace(LaunchRequest.Builder request, long nanoseconds, long ecam) throws IOException {
    Path file = folder.resolve("config.json");
    TracedRun.of(request.option("pci", "1.0=virtio").option("nic", "pci=1.0").option("trace", file
        + ",kinds=pci-config+access,device=/pcie").build(), nanoseconds);
    long latch = 0;
    for (String line : Files.readAllLines(file)) {
      Matcher config = CONFIG.matcher(line);
      Matcher access = ACCESS.matcher(line);
      if (config.find()) {
        int function = Integer.parseInt(config.group(1), 16) << 8 | Integer.parseInt(config.group(2), 16) << 3 | Integer.parseInt(config
            .group(3));
        told.add(text(function, Long.parseLong(config.group(4), 16), config.group(5), config.group(6), config.group(7)));
      } else if (access.find()) {
        long address = Long.parseUnsignedLong(access.group(1), 16);
        long value = Long.parseUnsignedLong(access.group(4), 16);
        if (address == CONFIG_ADDRESS && access.group(2).equals("4")) {
          latch = access.group(3).equals("1") ? value : latch;
        } else if (address >= CONFIG_DATA && address < CONFIG_DATA + 4 && latch << 32 < 0) {
          // PCI Local Bus 3.0, 3.2.2.3.2
          meant.add(text((int) (latch >>> 8) & 0xFFFF, (latch & 0xFC) + (address & 3), access.group(2), access.group(3), access.group(4)));
        } else if (address >= ecam && address < ecam + (256 << 20)) {
          // PCI Express Base 4.0, 7.2.2
          meant.add(text((int) (address - ecam >>> 12), address & 0xFFF, access.group(2), access.group(3), access.group(4)));
        }
      }
    }
    assertTrue(meant.size() > 10, "a kernel that looks for cards does more");
    assertEquals(meant.size(), told.size());
    for (int i = 0; i < meant.size(); i++) {
      assertEquals(meant.get(i), told.get(i));
    }
  }

  private static String text(int function, long offset, String size, String write, String value) {
    return "%04x %x %s %s %s".formatted(function, offset, size, write, value);
  }

  @FullLane
  @Test
  void byAWindowAsArmsBoardHasIt() throws IOException {
    trace(RequestBuilder.of("virt").boardOption("gic", "3").memory(256L << 20).guest("debian"), 300_000_000, 0x40_1000_0000L);
    assertTrue(told.stream().anyMatch(each -> each.matches("0008 0 [24] 0 (10..)?1af4")), told::toString);
  }

  @Test
  void byPortsAsAPcsKernelDoesFirst() throws IOException {
    trace(RequestBuilder.of("pc-pvh").memory(256L << 20).guest("debian-amd64"), 45_000_000, 0xB000_0000L);
  }

  @FullLane
  @Test
  void byPortsAndAWindowAsAPcsKernelDoes() throws IOException {
    trace(RequestBuilder.of("pc-pvh").memory(256L << 20).guest("debian-amd64"), 900_000_000, 0xB000_0000L);
    assertTrue(told.stream().anyMatch(each -> each.matches("0008 0 [24] 0 (10..)?1af4")), told::toString);
  }
}
