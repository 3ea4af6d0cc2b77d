// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
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
    assertTrue(merged.has("hypervisor") && merged.has("no-dom0"));
    assertEquals(List.of("a=b.cfg"), merged.option("domu"));
    assertEquals(List.of("credit=2"), merged.option("sched"));
    assertEquals(Map.of("/virtio@1", "virtio:1"), NodeFunctions.of(merged));
    assertEquals("interpreter", MachineOptions.engine(merged));
  }

  @Test
  void snapshotsWithWordsOfTheirOwnForSomeOptionsAreStillRead() throws IOException {
    SavedBoot.of("", RequestBuilder.of("virt").build(), platform(Map.of()), name -> true).write(folder, platform(Map.of()), Optional
        .empty());
    String facts =
        "guest \ndisk a b.img\ndisk c.img\nfunction /virtio@1=virtio:1\nhypervisor no-dom0\ndomu a=b.cfg\nset /rtc@1000:note=a\\nb\n";
    Files.writeString(folder.resolve("boot.txt"), facts + "end " + digest(facts) + "\n");
    assertEquals(Map.of("disk", List.of("a b.img", "c.img"), "function", List.of("/virtio@1=virtio:1"), "hypervisor", List.of("no-dom0"),
        "no-dom0", List.of("on"), "domu", List.of("a=b.cfg")), SavedBoot.read(folder).requests().options());
    assertEquals(Map.of("/rtc@1000", Map.of("note", "a\\nb")), SavedBoot.read(folder).options());
  }

  private String digest(String facts) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(facts.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(folder.resolve("board.dtb"))));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Whoever launched it. */
  @Test
  void whoAttendedToTheRunIsNotKept() throws IOException {
    LaunchRequest request = RequestBuilder.of("virt").shell(true).option("x", "1").build();
    SavedBoot.of("tiny", request, platform(Map.of()), new LaunchOptions(List.of())::inSnapshot).write(folder, platform(Map.of()), Optional
        .empty());
    assertEquals(Map.of("x", List.of("1")), SavedBoot.read(folder).requests().options());
  }

  @Test
  void valuesOfModelsAndNamesOfGuestsComeBackWhateverIsInThem() throws IOException {
    Platform platform = platform(Map.of("note", "a\nend b\r\n\\n c=d \\"));
    SavedBoot.of("my\nguest \\n", RequestBuilder.of("virt").build(), platform, name -> true).write(folder, platform, Optional.empty());
    SavedBoot read = SavedBoot.read(folder);
    assertEquals("my\nguest \\n", read.guest());
    assertEquals(Map.of("/rtc@1000", Map.of("note", "a\nend b\r\n\\n c=d \\")), read.options());
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
  void whatNoOptionCanBeIsRefusedWithTheFile() throws Exception {
    Platform platform = platform(Map.of());
    for (String line : List.of("set what", "setting what")) {
      SavedBoot.of("tiny", RequestBuilder.of("virt").build(), platform, name -> true).write(folder, platform, Optional.empty());
      Path facts = folder.resolve("boot.txt");
      String text = Files.readString(facts).replaceFirst("end .*\n", "") + line + '\n';
      Files.writeString(facts, text + "end " + digest(text) + '\n');
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
    Installed installed = new Installed(null, strict, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), new LaunchOptions(
        List.of()));
    SavedBoot read = SavedBoot.read(folder);
    String says = assertThrows(BadInput.class, () -> read.platform(installed, folder)).getMessage();
    assertTrue(says.startsWith("⟦load⟧ '" + folder + "': board.dtb: ") && says.contains("/cpus/cpu@0"), says);
  }
}
