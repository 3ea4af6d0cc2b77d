// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.api.PlatformNode;

/** The bytes taken apart by the rules of the specification. */
class SmbiosFilesTest {
  private record Structure(int type, ByteBuffer fields, List<String> strings) {}

  private static PlatformNode node(String path, String type, List<AddressWindow> windows) {
    return new PlatformNode(path, path.substring(path.lastIndexOf('/') + 1), "/", List.of(FdtProperty.ofStrings("device_type", type),
        FdtProperty.ofCells("reg", 0)), List.of(), true, windows, List.of(), Map.of());
  }

  private static Map<String, byte[]> files() {
    return files("Some board");
  }

  private static Map<String, byte[]> files(String model) {
    FdtNode root = new FdtNode("", List.of(FdtProperty.ofStrings("model", model)), List.of());
    return SmbiosFiles.of(new Platform("board", Fdt.of(root), List.of(node("/memory@0", "memory", List.of(new AddressWindow(0x4000_0000,
        0x3000_0000))), node("/cpus/cpu@0", "cpu", List.of()), node("/cpus/cpu@1", "cpu", List.of())), Timing.STANDARD));
  }

  private static List<Structure> structures(byte[] all) {
    List<Structure> found = new ArrayList<>();
    for (int at = 0; at < all.length;) {
      int length = all[at + 1];
      ByteBuffer fields = ByteBuffer.wrap(all, at, length).slice().order(ByteOrder.LITTLE_ENDIAN);
      List<String> strings = new ArrayList<>();
      int next = at + length;
      while (all[next] != 0) {
        int end = next;
        while (all[end] != 0) {
          end++;
        }
        strings.add(new String(all, next, end - next, StandardCharsets.US_ASCII));
        next = end + 1;
      }
      found.add(new Structure(all[at], fields, strings));
      at = next + (strings.isEmpty() ? 2 : 1);
    }
    return found;
  }

  @Test
  void theMachineIsTold() {
    List<Structure> found = structures(files().get("etc/smbios/smbios-tables"));
    assertEquals(List.of(1, 3, 4, 4, 16, 17, 19, 32, 127), found.stream().map(Structure::type).toList());
    assertEquals(List.of("The Xenolith project", "Some board", "1"), found.get(0).strings);
    assertEquals(List.of("CPU 1", "The Xenolith project"), found.get(3).strings);
    assertEquals(0x101, found.get(3).fields.getShort(0x28), "ARMv8");
    assertEquals(0x3000_0000L, found.get(4).fields.getLong(0x0F), "bytes that there can be");
    assertEquals(0x300, found.get(5).fields.getInt(0x1C), "MiB of the device");
    assertEquals(0x4000_0000L, found.get(6).fields.getLong(0x0F));
    assertEquals(0x6FFF_FFFFL, found.get(6).fields.getLong(0x17));
  }

  /** systemd takes a machine for a Xen guest whose maker's or product's name begins like that (systemd-detect-virt(1)). */
  @Test
  void noNameBeginsAsXensDo() {
    for (Structure structure : structures(files("Xenolith virt").get("etc/smbios/smbios-tables"))) {
      assertEquals(List.of(), structure.strings.stream().filter(text -> text.startsWith("Xen")).toList());
    }
  }

  @Test
  void theEntryPointAddsUpAndSaysTheLength() {
    byte[] entry = files().get("etc/smbios/smbios-anchor");
    byte sum = 0;
    for (byte each : entry) {
      sum += each;
    }
    assertEquals(0, sum);
    assertEquals(24, entry.length);
    assertEquals(files().get("etc/smbios/smbios-tables").length, ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).getInt(12));
  }
}
