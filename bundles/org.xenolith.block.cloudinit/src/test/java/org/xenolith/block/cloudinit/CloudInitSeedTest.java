// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.cloudinit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.kit.RequestBuilder;

class CloudInitSeedTest {
  @TempDir
  private Path folder;
  private final CloudInitComponent format = new CloudInitComponent();

  private byte[] disc(String userData, Map<String, String> settings) throws IOException {
    Path file = Files.writeString(folder.resolve("user.yaml"), userData);
    try (BlockDevice disk = format.open("cloud-init:" + file, Mode.READ_ONLY, settings)) {
      byte[] bytes = new byte[(int) disk.sectors() * BlockDevice.SECTOR];
      disk.read(0, bytes, 0, (int) disk.sectors());
      return bytes;
    }
  }

  /** A reader of Rock Ridge of its own: the files of the root by their names, with what is in them. */
  private static Map<String, String> files(byte[] disc) {
    ByteBuffer in = ByteBuffer.wrap(disc).order(ByteOrder.LITTLE_ENDIAN);
    int descriptor = 16 * Iso9660Disc.BLOCK;
    assertEquals("\1CD001\1", new String(disc, descriptor, 7, StandardCharsets.US_ASCII));
    assertEquals("cidata", new String(disc, descriptor + 40, 32, StandardCharsets.US_ASCII).strip());
    assertEquals(disc.length / Iso9660Disc.BLOCK, in.getInt(descriptor + 80));
    int at = in.getInt(descriptor + 156 + 2) * Iso9660Disc.BLOCK;
    Map<String, String> files = new TreeMap<>();
    String before = "";
    for (int index = 0; disc[at] != 0; index++, at += disc[at] & 0xFF) {
      int identifier = disc[at + 32];
      String plain = new String(disc, at + 33, identifier, StandardCharsets.US_ASCII);
      assertTrue(before.compareTo(plain) < 0, "records are in order");
      before = plain;
      int use = at + 33 + identifier + (1 - identifier % 2);
      assertEquals(index == 0 ? "SP" : "PX", new String(disc, use, 2, StandardCharsets.US_ASCII));
      for (int end = at + (disc[at] & 0xFF); use + 4 <= end && disc[use + 2] != 0; use += disc[use + 2]) {
        if (disc[use] == 'N' && disc[use + 1] == 'M') {
          files.put(new String(disc, use + 5, disc[use + 2] - 5, StandardCharsets.US_ASCII), new String(disc, in.getInt(at + 2)
              * Iso9660Disc.BLOCK, in.getInt(at + 10), StandardCharsets.UTF_8));
        }
      }
    }
    return files;
  }

  @Test
  void theDiscHasTheFilesByTheNamesThatCloudInitLooksFor() throws IOException {
    Path meta = Files.writeString(folder.resolve("m"), "instance-id: mine\n");
    Path network = Files.writeString(folder.resolve("n"), "version: 2\n");
    String long_ = "#cloud-config\n" + "# a line\n".repeat(1000);
    assertEquals(Map.of("user-data", long_, "meta-data", "instance-id: mine\n", "network-config", "version: 2\n"), files(disc(long_, Map.of(
        "meta-data", meta.toString(), "network-config", network.toString()))));
  }

  @Test
  void theSameFilesAreTheSameDiscAndOtherUserDataAnotherInstance() throws IOException {
    byte[] one = disc("#cloud-config\n", Map.of());
    assertArrayEquals(one, disc("#cloud-config\n", Map.of()));
    String instance = files(one).get("meta-data");
    assertTrue(instance.matches("instance-id: iid-[0-9a-f]{16}\n"), instance);
    assertFalse(instance.equals(files(disc("#!/bin/sh\n", Map.of())).get("meta-data")));
  }

  @Test
  void whatCloudInitWouldPassOverIsRefused() {
    String says = assertThrows(IOException.class, () -> disc("users: []\n", Map.of())).getMessage();
    assertTrue(says.contains("'users: []'") && says.contains("#cloud-config"), says);
    assertThrows(IOException.class, () -> disc("", Map.of()));
    String setting = assertThrows(IOException.class, () -> disc("#!/bin/sh\n", Map.of("vendor-data", "x"))).getMessage();
    assertTrue(setting.contains("no setting 'vendor-data'") && setting.contains("meta-data, network-config"), setting);
    String missing = assertThrows(IOException.class, () -> disc("#!/bin/sh\n", Map.of("meta-data", folder.resolve("none").toString())))
        .getMessage();
    assertTrue(missing.contains("there is no file " + folder.resolve("none")), missing);
  }

  @Test
  void theOptionAddsTheDiscBehindAllDisks() {
    CloudInitOption option = new CloudInitOption();
    RequestBuilder request = RequestBuilder.of("virt").disks(List.of("a.img"));
    option.use(List.of("user.yaml,meta-data=m"), request);
    assertEquals(List.of("a.img", "cloud-init:user.yaml,meta-data=m,readonly"), request.build().option("disk"));
    assertTrue(assertThrows(BadInput.class, () -> option.use(List.of("user.yaml,write"), RequestBuilder.of("virt"))).getMessage().contains(
        "'write' is unknown"));
    assertThrows(BadInput.class, () -> option.check(List.of(folder.resolve("none").toString()), Set.of("cloud-init")));
  }
}
