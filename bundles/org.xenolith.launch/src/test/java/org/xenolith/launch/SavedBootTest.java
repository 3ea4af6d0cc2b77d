// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.PlatformReader;

class SavedBootTest {
  @TempDir
  Path folder;

  private static Platform platform(Map<String, String> options) {
    FdtNode rtc = new FdtNode("rtc@1000", List.of(), List.of());
    return new Platform("board", Fdt.of(new FdtNode("", List.of(), List.of(rtc))), List.of(new PlatformNode("/rtc@1000",
        "rtc@1000", "/", List.of(), List.of(), true, List.of(), List.of(), options)), Timing.STANDARD);
  }

  @Test
  void optionsOfModelsAndDisksComeBack() throws IOException {
    Platform platform = platform(Map.of("epoch-seconds", "0x10", "note", "a=b: c"));
    SavedBoot.of("tiny", RequestBuilder.of("virt").disks(List.of("a b.img,readonly")).build(), platform, name -> true).write(folder,
        platform, Optional.empty());
    SavedBoot read = SavedBoot.read(folder);
    assertEquals("tiny", read.guest());
    assertEquals(List.of("a b.img,readonly"), read.requests().option("disk"));
    assertEquals(Map.of("/rtc@1000", Map.of("epoch-seconds", "0x10", "note", "a=b: c")), read.options());
  }

  @Test
  void whatAHypervisorMustKnowComesBack() throws IOException {
    LaunchRequest request = RequestBuilder.of("virt").noDom0(true).domUs(List.of(Path.of("a=b.cfg"))).option("sched", "credit=2")
        .functions(Map.of("/virtio@1", "virtio:1")).build();
    SavedBoot.of("", request, platform(Map.of()), name -> true).write(folder, platform(Map.of()), Optional.empty());
    SavedBoot read = SavedBoot.read(folder);
    LaunchRequest merged = read.requests(RequestBuilder.ofSnapshot(folder).engine("interpreter").build());
    assertEquals("", read.guest());
    assertTrue(merged.hypervisor() && merged.noDom0());
    assertEquals(request.domUs(), merged.domUs());
    assertEquals(List.of("credit=2"), merged.option("sched"));
    assertEquals(Map.of("/virtio@1", "virtio:1"), NodeFunctions.of(merged));
    assertEquals("interpreter", MachineOptions.engine(merged));
  }

  /** Words for a kernel and names of files may have line breaks, and the facts are lines. */
  @Test
  void textsOfOptionsComeBackWhateverIsInThem() throws IOException {
    LaunchRequest request = RequestBuilder.of("virt").append("a\nend b\r\n\\n c=d \\").option("x", List.of("", " 1 ", "\n")).build();
    SavedBoot.of("tiny", request, platform(Map.of()), name -> true).write(folder, platform(Map.of()), Optional.empty());
    assertEquals(request.options(), SavedBoot.read(folder).requests().options());
  }

  @Test
  void aDamagedFileIsFound() throws IOException {
    SavedBoot.of("tiny", RequestBuilder.of("virt").disks(List.of("disk.img")).build(), platform(Map.of()), name -> true).write(folder,
        platform(Map.of()), Optional.empty());
    for (String name : List.of("boot.txt", "board.dtb")) {
      byte[] good = Files.readAllBytes(folder.resolve(name));
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 1;
      Files.write(folder.resolve(name), bad);
      String says = assertThrows(BadInput.class, () -> SavedBoot.read(folder)).getMessage();
      assertTrue(says.contains("damaged"), says);
      Files.write(folder.resolve(name), Arrays.copyOf(good, good.length - 3));
      assertThrows(BadInput.class, () -> SavedBoot.read(folder));
      Files.write(folder.resolve(name), good);
    }
    SavedBoot.read(folder);
  }

  @Test
  void whatIsNoTextIsNoSnapshot() throws IOException {
    Files.write(folder.resolve("boot.txt"), new byte[] {(byte) 0xFF, (byte) 0xFE});
    String says = assertThrows(BadInput.class, () -> SavedBoot.read(folder)).getMessage();
    assertTrue(says.contains("⟦load⟧") && says.contains("boot.txt") && !says.contains("missing"), says);
  }

  @Test
  void whatNoPathAndNoOptionCanBeIsRefusedWithTheFile() throws Exception {
    Platform platform = platform(Map.of());
    for (String line : List.of("domu a\0b", "set what")) {
      SavedBoot.of("tiny", RequestBuilder.of("virt").build(), platform, name -> true).write(folder, platform, Optional.empty());
      Path facts = folder.resolve("boot.txt");
      String text = Files.readString(facts).replaceFirst("end .*\n", "") + line + '\n';
      java.security.MessageDigest digest = java.security.MessageDigest.getInstance("SHA-256");
      digest.update(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      byte[] tree = Files.readAllBytes(folder.resolve("board.dtb"));
      Files.writeString(facts, text + "end " + java.util.HexFormat.of().formatHex(digest.digest(tree)) + '\n');
      String says = assertThrows(BadInput.class, () -> SavedBoot.read(folder)).getMessage();
      assertTrue(says.contains("⟦load⟧ '" + folder) && says.contains("boot.txt"), says);
    }
  }

  @Test
  void aTreeThatIsNoPlatformIsRefusedWithItsFile() throws IOException {
    SavedBoot.of("tiny", RequestBuilder.of("virt").build(), platform(Map.of()), name -> true).write(folder, platform(Map.of()), Optional
        .empty());
    PlatformReader strict = new PlatformReader() {
      @Override
      public org.xenolith.platform.api.BoardProvider board(Path file) {
        throw new AssertionError(file);
      }

      @Override
      public Platform platform(String name, Fdt tree, Map<String, Map<String, String>> options) {
        throw new PlatformException(name + " is no usable platform:\n  /cpus/cpu@0: odd");
      }

      @Override
      public Platform read(Path file, Map<String, Map<String, String>> options) {
        throw new AssertionError("it is no file");
      }
    };
    Installed installed = new Installed(null, strict, List.of(), List.of(), List.of(), List.of(), List.of(), new LaunchOptions(List.of()));
    SavedBoot read = SavedBoot.read(folder);
    String says = assertThrows(BadInput.class, () -> read.platform(installed, folder)).getMessage();
    assertTrue(says.startsWith("⟦load⟧ '" + folder + "': board.dtb: ") && says.contains("/cpus/cpu@0"), says);
  }
}
