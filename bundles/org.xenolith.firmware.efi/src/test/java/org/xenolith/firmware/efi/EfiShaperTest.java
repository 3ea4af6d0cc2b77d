// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;

/** When a machine has EFI firmware, and what its option takes. */
class EfiShaperTest {
  @TempDir
  private Path folder;
  private final EfiShaper shaper = new EfiShaper();

  private static LaunchRequest request(String option, String text) {
    LaunchRequest.Builder request = RequestBuilder.of("virt");
    return (option.isEmpty() ? request : request.option(option, text)).build();
  }

  private void refused(String message, String text, String... said) {
    String told = assertThrows(BadInput.class, () -> shaper.check(List.of(text), Set.of(said))).getMessage();
    assertTrue(told.contains(message), told);
  }

  @Test
  void nodeIsThereForWhoBootsByFirmware() {
    assertTrue(shaper.serves(request("firmware", "acpi")));
    assertTrue(shaper.serves(request("efi-variables", "v.img")));
    assertFalse(shaper.serves(request("", "")));
    Fdt tree = shaper.shape(Fdt.of(new FdtNode("", List.of(), List.of())), request("firmware", "acpi"));
    assertEquals(List.of(FirmwareNode.COMPATIBLE), tree.node(FirmwareNode.PATH).orElseThrow().property("compatible").orElseThrow()
        .strings());
  }

  @Test
  void storeIsMadeIfItIsNotThereAndLeftAloneIfItIs() throws IOException {
    Path file = folder.resolve("v.img");
    assertEquals(Map.of(), shaper.disks(request("firmware", "acpi")));
    Map<String, String> disks = shaper.disks(request("efi-variables", file.toString()));
    assertEquals(Map.of(FirmwareNode.PATH, file + ",write"), disks);
    assertEquals(256 << 10, Files.size(file));
    Files.writeString(file, "mine");
    assertEquals(disks, shaper.disks(request("efi-variables", file.toString())));
    assertEquals("mine", Files.readString(file));
    String message = assertThrows(BadInput.class, () -> shaper.disks(request("efi-variables", folder + "/none/v.img"))).getMessage();
    assertTrue(message.startsWith(option("efi-variables") + " '" + folder + "/none/v.img'"), message);
  }

  /** As of /etc/passwd: the option is named, and nobody is told to change the file. */
  @Test
  void fileThatIsNoDiskIsRefusedByTheOptionsOwnName() throws IOException {
    Path file = Files.write(folder.resolve("passwd"), new byte[1000]);
    refused(option("efi-variables") + " '" + file
        + "': has 1000 bytes, so that it can't be a disk image, which variables are kept in; name one,"
        + " or a file that isn't there, which is made then", file.toString(), "firmware");
    refused("has 0 bytes", Files.write(folder.resolve("empty"), new byte[0]).toString(), "firmware");
    refused("a device, a pipe or a socket", "/dev/null", "firmware");
    shaper.check(List.of(Files.write(folder.resolve("right"), new byte[1024]).toString()), Set.of("firmware"));
  }

  @Test
  void whatCannotBeAStoreIsRefusedEarly() {
    String file = folder.resolve("v.img").toString();
    shaper.check(List.of(file), Set.of("firmware"));
    shaper.check(List.of(file), Set.of("hypervisor"));
    shaper.check(List.of("v.img"), Set.of("firmware"));
    refused(option("efi-variables") + ": the machine has no EFI firmware; add " + option("firmware") + " acpi, " + option(
        "firmware") + " xenolith or " + option("hypervisor"), file);
    refused("a folder; expected a disk image", folder.toString(), "firmware");
    refused("there is no folder " + folder + "/none", folder + "/none/v.img", "firmware");
    assertThrows(BadInput.class, () -> shaper.use(List.of("a\0b"), RequestBuilder.of("virt")));
    assertThrows(BadInput.class, () -> shaper.use(List.of("a,write"), RequestBuilder.of("virt")));
  }
}
