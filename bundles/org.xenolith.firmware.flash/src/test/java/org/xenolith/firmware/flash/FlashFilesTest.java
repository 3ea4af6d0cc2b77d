// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockPlace;
import org.xenolith.boot.api.FirmwareFiles;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.platform.api.AddressWindow;

/** Which file becomes the contents of which bank, and what can't. */
class FlashFilesTest {
  private static final int BANK = 0x4000;
  private static final List<FlashBank> BANKS = List.of(bank(0), bank(1));

  @TempDir
  private Path folder;

  private static FlashBank bank(int unit) {
    return new FlashBank(BlockPlace.of("/flash@0", unit), new AddressWindow(unit * BANK, BANK));
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static Map<String, String> disks(Path code, Optional<Path> blank, Optional<Path> store) {
    return FlashFiles.disks("fw", new FirmwareFiles(code, blank, List.of()), store, BANKS);
  }

  private String refused(Path code, Optional<Path> store) {
    return OptionName.onCommandLine(assertThrows(BadInput.class, () -> disks(code, Optional.empty(), store)).getMessage());
  }

  @Test
  void codeIsReadOnlyAndVariablesStayWithTheMachine() throws IOException {
    Path code = file("code", new byte[512]);
    Path blank = file("blank", new byte[512]);
    assertEquals(Map.of("/flash@0#0", code + ",readonly", "/flash@0#1", blank.toString()), disks(code, Optional.of(blank), Optional
        .empty()));
    assertEquals(Map.of("/flash@0#0", code + ",readonly"), disks(code, Optional.empty(), Optional.empty()));
  }

  @Test
  void aStoreIsMadeOfTheTemplateOnceAndIsTheMachinesFromThenOn() throws IOException {
    Path code = file("code", new byte[512]);
    byte[] template = new byte[3 * 4096];
    template[0] = 1;
    template[5000] = 2;
    Path blank = file("blank", template);
    Path store = folder.resolve("v.fd");
    assertEquals(store + ",write", disks(code, Optional.of(blank), Optional.of(store)).get("/flash@0#1"));
    assertArrayEquals(template, Files.readAllBytes(store));
    Files.write(store, new byte[] {9, 9});
    disks(code, Optional.of(blank), Optional.of(store));
    assertArrayEquals(new byte[] {9, 9}, Files.readAllBytes(store));
    try (var files = Files.list(folder)) {
      assertEquals(List.of("blank", "code", "v.fd"), files.map(file -> file.getFileName().toString()).sorted().toList(), "nothing else");
    }
  }

  @Test
  void withoutATemplateAStoreIsErased() throws IOException {
    Path store = folder.resolve("v.fd");
    disks(file("code", new byte[512]), Optional.empty(), Optional.of(store));
    assertEquals(BANK, Files.size(store));
    for (byte each : Files.readAllBytes(store)) {
      assertEquals((byte) 0xFF, each);
    }
  }

  @Test
  void aFileOfAWrongSizeIsRefused() throws IOException {
    assertEquals("--firmware 'fw': has 0x4001 bytes, and the bank of flash at 0x0 has 0x4000; expected a file that fits", refused(file(
        "long", new byte[BANK + 1]), Optional.empty()));
    assertEquals("--firmware 'fw': the file is empty; expected the contents of flash", refused(file("empty", new byte[0]), Optional
        .empty()));
    Path store = file("store", new byte[BANK + 512]);
    assertEquals("--efi-variables '" + store + "': has 0x4200 bytes, and the bank of flash at 0x4000 has 0x4000; expected a file that fits",
        refused(file("code", new byte[512]), Optional.of(store)));
    Path comma = file("a,b", new byte[512]);
    assertEquals("--firmware '" + comma + "': a comma can't be in the name of a disk image", refused(comma, Optional.empty()));
  }

  /** Distributions have flash as qcow2, and packed. It is named before its size, which says nothing. */
  @Test
  void firmwareInAnotherFormatIsNamed() throws IOException {
    byte[] qcow2 = new byte[BANK + 512];
    System.arraycopy(new byte[] {'Q', 'F', 'I', (byte) 0xfb, 0, 0, 0, 3}, 0, qcow2, 0, 8);
    Path code = file("code.qcow2", qcow2);
    assertEquals(
        "--firmware 'fw': is a qcow2 image, and disks are raw images here; make one, and name that: qemu-img convert -f qcow2 -O raw "
            + code + " " + code + ".raw", refused(code, Optional.empty()));
    Path store = file("store.bz2", "BZh91AY&SY".getBytes(StandardCharsets.US_ASCII));
    String refused = refused(file("code", new byte[512]), Optional.of(store));
    assertTrue(refused.startsWith("--efi-variables '" + store + "': is a file packed with bzip2"), refused);
  }

  @Test
  void firmwareThatIsCutOffIsRefused() throws IOException {
    byte[] volume = new byte[0x3000];
    ByteBuffer.wrap(volume).order(ByteOrder.LITTLE_ENDIAN).putLong(0x1000 + 32, 0x2000).putInt(0x1000 + 40, 0x4856_465F);
    disks(file("whole", volume), Optional.empty(), Optional.empty());
    assertEquals("--firmware 'fw': is cut off: its firmware volume ends at 0x3000 and the file at 0x2fff; get the whole file", refused(file(
        "cut", Arrays.copyOf(volume, volume.length - 1)), Optional.empty()));
  }

  @Test
  void aBoardWithOneBankHasNoStore() throws IOException {
    Path code = file("code", new byte[512]);
    BadInput refused = assertThrows(BadInput.class, () -> FlashFiles.disks("fw", new FirmwareFiles(code, Optional.empty(), List.of()),
        Optional.of(folder.resolve("v")), List.of(bank(0))));
    assertEquals("--efi-variables '" + folder.resolve("v") + "': the board has no second bank of flash for variables", OptionName
        .onCommandLine(refused.getMessage()));
  }
}
