package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.api.PlatformNode;

class SavedBootTest {
  @TempDir Path folder;

  private static Platform platform(Map<String, String> options) {
    FdtNode rtc = new FdtNode("rtc@1000", List.of(), List.of());
    return new Platform("board", Fdt.of(new FdtNode("", List.of(), List.of(rtc))), List.of(new PlatformNode("/rtc@1000",
        "rtc@1000", "/", List.of(), List.of(), true, List.of(), List.of(), options)), Timing.STANDARD);
  }

  @Test void optionsOfModelsAndDisksComeBack() throws IOException {
    Platform platform = platform(Map.of("epoch-seconds", "0x10", "note", "a=b: c"));
    SavedBoot.of("tiny", List.of("a b.img,readonly"), platform).write(folder, platform);
    SavedBoot read = SavedBoot.read(folder);
    assertEquals("tiny", read.guest());
    assertEquals(List.of("a b.img,readonly"), read.disks());
    assertEquals(Map.of("/rtc@1000", Map.of("epoch-seconds", "0x10", "note", "a=b: c")), read.options());
  }

  @Test void whatIsNoTextIsNoSnapshot() throws IOException {
    Files.write(folder.resolve("boot.txt"), new byte[] {(byte) 0xFF, (byte) 0xFE});
    String says = assertThrows(BadInput.class, () -> SavedBoot.read(folder)).getMessage();
    assertTrue(says.contains("--load") && says.contains("boot.txt") && !says.contains("missing"), says);
  }
}
