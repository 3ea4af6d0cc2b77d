// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;

class BootContentTest {
  @TempDir
  Path folder;

  private static GuestImage image(Optional<byte[]> initrd) {
    return new GuestImage("debian", new byte[] {1, 2, 3}, initrd, "console=ä", List.of(), Optional.empty());
  }

  @Test
  void whatWasLoadedAndAskedForComesBack() throws IOException {
    LaunchRequest request = RequestBuilder.of("virt").append("a b").shell(true).kernelAddress(0x4008_0000).build();
    BootContent content = BootContent.of(Optional.of(image(Optional.of(new byte[] {4}))), List.of(new BootModule("kernel", new byte[] {5,
        6},
        "x y")), request);
    BootContent read = BootContent.read(folder, content.write(folder));
    GuestImage image = read.image().orElseThrow();
    assertEquals("debian", image.name());
    assertEquals("console=ä", image.commandLine());
    assertArrayEquals(new byte[] {1, 2, 3}, image.kernel());
    assertArrayEquals(new byte[] {4}, image.initrd().orElseThrow());
    assertEquals("kernel x y", read.modules().getFirst().kind() + " " + read.modules().getFirst().arguments());
    assertArrayEquals(new byte[] {5, 6}, read.modules().getFirst().data());
    // The shell was asked for at the first boot, so it is at each.
    LaunchRequest again = read.completed(RequestBuilder.ofSnapshot(folder).build());
    assertEquals("a b xl.shell", GuestOptions.append(again));
    assertEquals(OptionalLong.of(0x4008_0000), GuestOptions.address(again, "kernel-address"));
    assertEquals(OptionalLong.empty(), GuestOptions.address(again, "entry"));
  }

  @Test
  void aGuestWithoutARamdiskAndDomainsWithoutAGuestComeBack() throws IOException {
    LaunchRequest request = RequestBuilder.of("virt").build();
    Path first = Files.createDirectory(folder.resolve("first"));
    assertEquals(Optional.empty(), BootContent.read(first, BootContent.of(Optional.of(image(Optional.empty())), List.of(), request).write(
        first))
        .image().orElseThrow().initrd());
    assertEquals(Optional.empty(), BootContent.read(folder, BootContent.of(Optional.empty(), List.of(), request).write(folder)).image());
  }

  @Test
  void whatIsntWhatWasWrittenIsRefused() throws IOException {
    BootContent content = BootContent.of(Optional.of(image(Optional.empty())), List.of(), RequestBuilder.of("virt").build());
    String digest = content.write(folder);
    byte[] bytes = Files.readAllBytes(folder.resolve(BootContent.FILE));
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x10;
      Files.write(folder.resolve(BootContent.FILE), damaged);
      String says = assertThrows(IOException.class, () -> BootContent.read(folder, digest), "byte " + at).getMessage();
      assertTrue(says.startsWith("guest.gz") && says.contains("the snapshot is damaged"), says);
    }
    Files.delete(folder.resolve(BootContent.FILE));
    assertEquals("guest.gz: is missing: the snapshot isn't whole", assertThrows(IOException.class, () -> BootContent.read(folder, digest))
        .getMessage());
  }
}
