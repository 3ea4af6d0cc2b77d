// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.platform.api.Platform;

class GuestSelectionTest {
  @Test
  void aModuleHasAKindAFileAndACommandLineThatMayHoldCommas(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("Image"), new byte[] {1, 2, 3});
    List<BootModule> modules = GuestSelection.modules(RequestBuilder.of("virt").modules(List.of("kernel=" + file + ",console=hvc0 a=b,c",
        "ramdisk=" + file)).build());
    assertEquals(List.of("kernel", "ramdisk"), modules.stream().map(BootModule::kind).toList());
    assertEquals(List.of("console=hvc0 a=b,c", ""), modules.stream().map(BootModule::arguments).toList());
    assertArrayEquals(new byte[] {1, 2, 3}, modules.get(0).data());
  }

  @Test
  void aModuleThatIsNoneIsRefusedWithARemedy(@TempDir Path folder) {
    for (String text : List.of("Image", "=Image", "kernel=" + folder.resolve("none"))) {
      String says = assertThrows(BadInput.class, () -> GuestSelection.modules(RequestBuilder.of("virt").modules(List.of(text)).build()))
          .getMessage();
      assertTrue(says.contains("⟦module⟧") && (says.contains("expected KIND=FILE") || says.contains("no such file")), says);
    }
  }

  /** Nobody is asked for guests: a file is the kernel. */
  private static GuestImage chosen(RequestBuilder request) {
    Platform platform = new Platform("none", Fdt.of(new FdtNode("", List.of(), List.of())), List.of(), Platform.Timing.STANDARD);
    return new GuestSelection(null, ProgressListener.SILENT, platform, false).choose(request.build(), false).orElseThrow();
  }

  @Test
  void severalFirstRootFileSystemsAreJoined(@TempDir Path folder) throws IOException {
    Path kernel = Files.write(folder.resolve("Image"), new byte[] {1});
    Path first = Files.writeString(folder.resolve("first"), "070701a");
    Path second = Files.writeString(folder.resolve("second"), "070701b");
    RequestBuilder request = RequestBuilder.of("virt").kernel(kernel);
    request.option("initrd", List.of(first.toString(), second.toString()));
    assertEquals("070701a\0" + "070701b", new String(chosen(request).initrd().orElseThrow(), StandardCharsets.US_ASCII));
    Path image = Files.write(folder.resolve("ext4.img"), new byte[2048]);
    request.option("initrd", List.of(first.toString(), image.toString()));
    String says = assertThrows(BadInput.class, () -> chosen(request)).getMessage();
    assertTrue(says.contains("⟦initrd⟧") && says.contains("ext4.img") && says.contains("no cpio archive"), says);
    request.option("initrd", List.of(image.toString()));
    assertEquals(2048, chosen(request).initrd().orElseThrow().length);
  }

  /** Debian's cloud kernel for amd64 has no console as a hardware domain: it ran to its end without a word. */
  @Test
  void aBoardMayHaveOtherUsualGuestsForAHypervisorsHardwareDomain() {
    FdtNode none = new FdtNode("", List.of(), List.of());
    FdtNode usual = none.withProperty(FdtProperty.ofStrings("xenolith,guests", "small", "large"));
    FdtNode both = usual.withProperty(FdtProperty.ofStrings("xenolith,dom0-guests", "large"));
    assertEquals(List.of("debian", "tiny"), GuestSelection.preference(none, true));
    assertEquals(List.of("small", "large"), GuestSelection.preference(usual, true));
    assertEquals(List.of("large"), GuestSelection.preference(both, true));
    assertEquals(List.of("small", "large"), GuestSelection.preference(both, false));
  }
}
