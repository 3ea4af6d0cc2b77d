// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vmdk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;

class VmdkImageTest {
  private static final String DESCRIPTION =
      "# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\ncreateType=\"%s\"\n\n%s\n\nddb.adapterType = \"ide\"\n";

  @TempDir
  private Path folder;
  private final VmdkComponent format = new VmdkComponent();

  private static byte[] content() {
    byte[] content = new byte[37 * SmallVmdk.GRAIN + 1024];
    new Random(1).nextBytes(content);
    Arrays.fill(content, SmallVmdk.GRAIN, 20 * SmallVmdk.GRAIN, (byte) 0);
    Arrays.fill(content, 30 * SmallVmdk.GRAIN, 31 * SmallVmdk.GRAIN, (byte) 7);
    return content;
  }

  private static String monolithic() {
    return DESCRIPTION.formatted("monolithicSparse", "RW 298 SPARSE \"disk.vmdk\"");
  }

  private Path file() {
    return folder.resolve("disk.vmdk");
  }

  private byte[] read(byte[] image) throws IOException {
    try (BlockDevice disk = format.open(Files.write(file(), image), Mode.OVERLAY)) {
      byte[] all = new byte[(int) disk.sectors() * 512];
      disk.read(0, all, 0, (int) disk.sectors());
      byte[] middle = new byte[200 * 512];
      disk.read(3, middle, 0, 200);
      assertArrayEquals(Arrays.copyOfRange(all, 3 * 512, 203 * 512), middle);
      return all;
    }
  }

  private byte[] described(String extents) throws IOException {
    return read(DESCRIPTION.formatted("custom", extents).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  private String refused(byte[] image) {
    String says = assertThrows(IOException.class, () -> read(image)).getMessage();
    assertTrue(says.startsWith(folder + "/"), says);
    return says;
  }

  private String refused(String extents) {
    return assertThrows(IOException.class, () -> described(extents)).getMessage();
  }

  private static byte[] changed(byte[] image, Consumer<ByteBuffer> change) {
    byte[] copy = image.clone();
    change.accept(ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN));
    return copy;
  }

  @Test
  void sparseAndPackedGrainsAreRead() throws IOException {
    byte[] sparse = SmallVmdk.sparse(content(), false, monolithic());
    byte[] packed = SmallVmdk.sparse(content(), true, DESCRIPTION.formatted("streamOptimized", "RW 298 SPARSE \"disk.vmdk\""));
    assertTrue(format.recognises(Arrays.copyOf(sparse, 512), new byte[512]));
    assertArrayEquals(content(), read(sparse));
    assertArrayEquals(content(), read(packed));
    assertArrayEquals(content(), read(SmallVmdk.sparse(content(), false, "")));
  }

  @Test
  void aDescriptionNamesFilesBesideIt() throws IOException {
    byte[] content = content();
    Files.write(folder.resolve("flat"), Arrays.copyOf(new byte[1024], 1024 + 20 * 512));
    byte[] flat = Files.readAllBytes(folder.resolve("flat"));
    System.arraycopy(content, 0, flat, 1024, 20 * 512);
    Files.write(folder.resolve("flat"), flat);
    byte[] rest = Arrays.copyOfRange(content, 20 * 512, content.length);
    Files.write(folder.resolve("s001"), SmallVmdk.sparse(rest, false, ""));
    byte[] all = described("RW 20 FLAT \"flat\" 2\nRW 5 ZERO\nRW " + rest.length / 512 + " SPARSE \"s001\"");
    assertArrayEquals(Arrays.copyOf(content, 20 * 512), Arrays.copyOf(all, 20 * 512));
    assertArrayEquals(new byte[5 * 512], Arrays.copyOfRange(all, 20 * 512, 25 * 512));
    assertArrayEquals(rest, Arrays.copyOfRange(all, 25 * 512, all.length));
  }

  @Test
  void anotherExtentIsAnotherDiskToASnapshot() throws IOException {
    String description = DESCRIPTION.formatted("monolithicFlat", "RW 298 FLAT \"flat\" 0");
    Files.writeString(file(), description);
    Files.write(folder.resolve("flat"), content());
    Object before;
    try (BlockDevice disk = format.open(file(), Mode.OVERLAY)) {
      before = disk.save().get("base-sha256");
    }
    byte[] other = content();
    other[9] ^= 1;
    Files.write(folder.resolve("flat"), other);
    try (BlockDevice disk = format.open(file(), Mode.OVERLAY)) {
      assertNotEquals(before, disk.save().get("base-sha256"));
    }
  }

  @Test
  void filesThatAnImageMayNotNameAreRefused() throws IOException {
    Path outside = Files.createTempFile("outside", ".img");
    try {
      Files.write(outside, new byte[1024]);
      Files.createSymbolicLink(folder.resolve("link"), outside);
      for (String name : new String[] {outside.toString(), "link", "../" + folder.getFileName() + "/../" + outside.getFileName()}) {
        String says = refused("RW 2 FLAT \"" + name + "\" 0");
        assertTrue(says.contains("is outside of") && says.contains("doesn't choose what of this host is read"), says);
      }
    } finally {
      Files.delete(outside);
    }
    assertTrue(refused("RW 2 FLAT \"none\" 0").contains("is missing"));
  }

  @Test
  void whatIsWrongOrNotServedIsRefusedWithItsPlace() throws IOException {
    byte[] sparse = SmallVmdk.sparse(content(), false, monolithic());
    byte[] packed = SmallVmdk.sparse(content(), true, "");
    assertTrue(refused(new byte[600]).contains("no VMDK image"));
    assertTrue(refused(Arrays.copyOf(sparse, 300)).contains("ends within its header"));
    assertTrue(refused(changed(sparse, in -> in.putInt(4, 9))).contains("of version 9"));
    assertTrue(refused(changed(sparse, in -> in.putLong(12, -1))).contains("sectors, at offset 12"));
    assertTrue(refused(changed(sparse, in -> in.putLong(20, 7))).contains("grains of 7 sectors"));
    assertTrue(refused(changed(sparse, in -> in.putInt(44, 0))).contains("grain tables of 0 entries"));
    assertTrue(refused(changed(sparse, in -> in.putLong(56, Long.MAX_VALUE))).contains("its grain directory is said to be at"));
    assertTrue(refused(changed(sparse, in -> in.putInt(4 * 512, 1 << 30))).contains("the grain table of the disk's grain 0"));
    assertTrue(refused(changed(sparse, in -> in.putInt(5 * 512, 1 << 30))).contains("the grain at 0x0 is said to be at"));
    assertTrue(refused(changed(packed, in -> in.putShort(77, (short) 2))).contains("packed in a way that isn't known, 2"));
    assertTrue(refused(Arrays.copyOf(packed, packed.length - 512)).contains("has no footer"));
    int grain = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).getInt(5 * 512) * 512;
    assertTrue(refused(changed(packed, in -> in.putInt(grain + 8, -1))).contains("said to have 4294967295 bytes"));
    assertTrue(refused(changed(packed, in -> in.putLong(grain + 20, 0x1234_5678_9ABCL))).contains("isn't what was packed there"));
    assertTrue(refused(SmallVmdk.sparse(content(), false, monolithic().replace("ffffffff", "12345678"))).contains("a parent"));
    assertTrue(refused(SmallVmdk.sparse(content(), false, monolithic() + "RW 2 ZERO\n")).contains("a disk of 2 extents"));
    assertTrue(refused("RW 2 VMFSSPARSE \"x\"").contains("SPARSE, FLAT, VMFS or ZERO here"));
    assertTrue(refused("RW two FLAT \"x\" 0").contains("expected ACCESS SECTORS KIND"));
    assertTrue(refused("").contains("no extents"));
    Files.write(folder.resolve("flat"), new byte[512]);
    assertTrue(refused("RW 2 FLAT \"flat\" 0").contains("has 512 bytes, and is said to have 1024"));
    assertEquals(298 * 512, content().length);
  }
}
