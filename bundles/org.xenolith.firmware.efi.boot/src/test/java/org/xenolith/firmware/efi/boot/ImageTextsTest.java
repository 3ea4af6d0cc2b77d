// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.Protocol;

/** EFI_HII_PACKAGE_LIST_PROTOCOL of images that have a package list among their resources. */
class ImageTextsTest {
  // Offsets in the image, and from the resources' beginning.
  private static final int RESOURCES = 0x2400;
  private static final int LIST = 0x2500;
  private static final int NAME = 0x18;
  private static final int LANGUAGE = 0x30;
  private static final int LEAF = 0x48;
  private static final int KIND = 0x60;
  private static final int LENGTH = 0x100;
  private static final int SUBDIRECTORY = 0x8000_0000;
  private static final int DIRECTORY_ENTRY = PeFiles.OPTIONAL + 112 + 8 * 2;

  private final Stand stand = new Stand().enter();
  private final long image = stand.room(16);
  private final long answer = stand.room(16);
  private final long guid = stand.room(16);

  ImageTextsTest() {
    stand.memory.write(guid, Protocol.HII_PACKAGE_LIST.toBytes());
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What edk2's tools make of a driver's texts: kind HII, name 1, language 0. */
  private static byte[] file() {
    byte[] file = PeFiles.application(0x30_0000, 0x10, (byte) 0);
    ByteBuffer out = little(file).putInt(DIRECTORY_ENTRY, RESOURCES).putInt(DIRECTORY_ENTRY + 4, LENGTH);
    out.putShort(RESOURCES + 12, (short) 1).putInt(RESOURCES + 16, SUBDIRECTORY | KIND).putInt(RESOURCES + 20, SUBDIRECTORY | NAME);
    out.putShort(RESOURCES + NAME + 14, (short) 1).putInt(RESOURCES + NAME + 16, 1).putInt(RESOURCES + NAME + 20, SUBDIRECTORY | LANGUAGE);
    out.putShort(RESOURCES + LANGUAGE + 14, (short) 1).putInt(RESOURCES + LANGUAGE + 20, LEAF);
    out.putInt(RESOURCES + LEAF, LIST).putInt(RESOURCES + LEAF + 4, 24);
    out.putShort(RESOURCES + KIND, (short) 3).putShort(RESOURCES + KIND + 2, (short) 'H').putShort(RESOURCES + KIND + 4, (short) 'I')
        .putShort(RESOURCES + KIND + 6, (short) 'I');
    out.putInt(LIST + 16, 24).putInt(LIST + 20, 0xDF00_0004);
    return file;
  }

  private static byte[] file(UnaryOperator<ByteBuffer> change) {
    byte[] file = file();
    change.apply(little(file));
    return file;
  }

  /** Loads a file. @return the image's handle */
  private long load(byte[] file) {
    long buffer = stand.room(file.length);
    stand.memory.write(buffer, file);
    assertEquals(0, stand.boot(BootService.LOAD_IMAGE, 0, stand.firmware().image(), 0, buffer, file.length, image));
    return stand.memory.get64(image);
  }

  private EfiStatus texts(long handle) {
    return EfiStatus.of(stand.boot(BootService.HANDLE_PROTOCOL, handle, guid, answer));
  }

  private long base(long handle) {
    return stand.memory.get64(stand.firmware().handles().find(handle, Protocol.LOADED_IMAGE) + Images.BASE);
  }

  private List<String> reports() {
    return stand.context.reportedEvents().stream().map(each -> each.kind() + " " + each.text()).toList();
  }

  @Test
  void thePackageListAmongItsResourcesIsThereUntilItIsUnloaded() {
    long handle = load(file());
    assertEquals(EfiStatus.SUCCESS, texts(handle));
    assertEquals(base(handle) + LIST, stand.memory.get64(answer));
    assertEquals(24, stand.memory.get32(stand.memory.get64(answer) + 16), "a list's length");
    stand.firmware().images().restore(stand.firmware().images().save());
    assertEquals(0, stand.boot(BootService.UNLOAD_IMAGE, handle));
    assertEquals(List.of(), stand.firmware().handles().handles(Protocol.HII_PACKAGE_LIST));
    assertEquals(EfiStatus.INVALID_PARAMETER, texts(handle), "nothing is left of the handle");
  }

  @Test
  void anApplicationThatEndsTakesItsPackageListWithIt() {
    long handle = load(file());
    assertEquals(List.of(handle), stand.firmware().handles().handles(Protocol.HII_PACKAGE_LIST));
    stand.at(base(handle) + 0x1000, a -> stand.boot(BootService.EXIT, handle, 0, 0, 0));
    assertEquals(0, stand.boot(BootService.START_IMAGE, handle, 0, 0));
    assertEquals(List.of(), stand.firmware().handles().handles(Protocol.HII_PACKAGE_LIST));
    assertEquals(EfiStatus.INVALID_PARAMETER, texts(handle));
  }

  @Test
  void whatSomebodyElsePutOnTheHandleStays() {
    long handle = load(PeFiles.application(0x30_0000, 0x10, (byte) 0));
    long other = stand.room(32);
    stand.firmware().handles().install(handle, Protocol.HII_PACKAGE_LIST, other);
    assertEquals(0, stand.boot(BootService.UNLOAD_IMAGE, handle));
    assertEquals(List.of(handle), stand.firmware().handles().handles(Protocol.HII_PACKAGE_LIST));
  }

  @Test
  void resourcesOfOtherKindsAreNoTexts() {
    for (byte[] each : List.of(PeFiles.application(0x30_0000, 0x10, (byte) 0), file(in -> in.putShort(RESOURCES + KIND + 4, (short) 'J')),
        file(in -> in.putShort(RESOURCES + KIND, (short) 2)), file(in -> in.putInt(RESOURCES + 16, 3)), file(in -> in.putInt(RESOURCES
            + 12, 1 << 16)), file(in -> in.putInt(PeFiles.OPTIONAL + 108, 2)))) {
      assertEquals(EfiStatus.UNSUPPORTED, texts(load(each)));
    }
    assertEquals(List.of(), reports());
  }

  /** Icons and versions of somebody's tool don't keep a program from being started. */
  @Test
  void whatLeadsOutsideIsSaidAndTheImageIsLoadedWithoutIt() {
    List<byte[]> damaged = List.of(file(in -> in.putInt(DIRECTORY_ENTRY, 0x2F01)), file(in -> in.putInt(DIRECTORY_ENTRY + 4, -1)), file(
        in -> in.putInt(DIRECTORY_ENTRY + 4, 8)), file(in -> in.putInt(RESOURCES + 16, -1)), file(in -> in.putInt(RESOURCES + 20, -1)),
        file(in -> in.putShort(RESOURCES + NAME + 14, (short) 0)), file(in -> in.putInt(RESOURCES + LANGUAGE + 20, LENGTH - 15)), file(
            in -> in.putInt(RESOURCES + LANGUAGE + 20, SUBDIRECTORY | NAME)), file(in -> in.putInt(RESOURCES + LEAF, PeFiles.SIZE - 23)),
        file(in -> in.putInt(RESOURCES + LEAF + 4, 23)), file(in -> in.putInt(RESOURCES + LEAF + 4, -1)));
    for (int i = 0; i < damaged.size(); i++) {
      int number = i;
      assertEquals(EfiStatus.UNSUPPORTED, texts(load(damaged.get(i))), () -> "file " + number);
      assertEquals(i + 1, reports().size(), () -> number + ": " + reports());
    }
    assertTrue(reports().stream().allMatch(each -> each.startsWith("efi-image an image") && each.contains("loaded without its texts")),
        reports()::toString);
  }

  @Test
  void noResourcesDoHarm() {
    Random random = new Random(6);
    for (int i = 0; i < 2000; i++) {
      byte[] bad = file();
      for (int k = random.nextInt(4); k >= 0; k--) {
        bad[random.nextInt(8) == 0 ? DIRECTORY_ENTRY + random.nextInt(8) : RESOURCES + random.nextInt(0x70)] = (byte) random.nextInt();
      }
      long file = stand.room(bad.length);
      stand.memory.write(file, bad);
      PeImage image = PeImage.of(stand.memory, file, bad.length, PeMachine.AARCH64);
      try {
        long list = new PeResources(stand.memory, image, file).packageList();
        assertTrue(list == 0 || list >= file && list + 24 <= file + PeFiles.SIZE, () -> "0x" + Long.toHexString(list - file));
      } catch (EfiError e) {
        assertEquals(EfiStatus.LOAD_ERROR, e.status());
      }
      stand.enter();
    }
  }
}
