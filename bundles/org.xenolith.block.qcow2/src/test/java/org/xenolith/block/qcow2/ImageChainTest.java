// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.kit.DiskContent;

class ImageChainTest {
  private static final int CLUSTER = 4096;
  private static final int SIZE = 16 * CLUSTER;

  @TempDir
  private Path folder;

  private static byte[] cluster(char filled) {
    byte[] content = new byte[CLUSTER];
    Arrays.fill(content, (byte) filled);
    return content;
  }

  /** An image of which one cluster is there, behind a backing file. */
  private Path image(String name, int cluster, char filled, String backing, String format) throws IOException {
    SmallImage image = new SmallImage(3, 12, 4, SIZE);
    image.data((long) cluster * CLUSTER, cluster(filled));
    if (!backing.isEmpty()) {
      image.backing(backing, format);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, image.bytes());
  }

  private static DiskContent open(Path image, Path... allowed) throws IOException {
    return new ImageChain(image, Arrays.stream(allowed).findFirst()).open(image, Mode.READ_ONLY);
  }

  private static byte[] read(DiskContent content, int cluster) throws IOException {
    byte[] bytes = new byte[CLUSTER];
    content.read((long) cluster * CLUSTER, bytes, 0, CLUSTER);
    return bytes;
  }

  private static String refused(Path image, Path... allowed) {
    return assertThrows(IOException.class, () -> open(image, allowed)).getMessage();
  }

  @Test
  void eachLayerHidesWhatIsBehindIt() throws IOException {
    byte[] raw = new byte[3 * CLUSTER - 100];
    Arrays.fill(raw, (byte) 'r');
    Files.write(folder.resolve("base.raw"), raw);
    image("middle", 1, 'm', "base.raw", "raw");
    try (DiskContent content = open(image("top", 0, 't', "middle", "qcow2"))) {
      assertArrayEquals(cluster('t'), read(content, 0));
      assertArrayEquals(cluster('m'), read(content, 1));
      byte[] last = cluster('r');
      Arrays.fill(last, CLUSTER - 100, CLUSTER, (byte) 0);
      assertArrayEquals(last, read(content, 2));
      assertArrayEquals(new byte[CLUSTER], read(content, 15));
    }
  }

  @Test
  void theDigestIsThatOfAllFilesOfTheChain() throws IOException {
    Files.write(folder.resolve("base.raw"), cluster('r'));
    Path top = image("top", 1, 't', "base.raw", "raw");
    String before;
    try (DiskContent content = open(top)) {
      before = content.digest();
    }
    try (DiskContent content = open(top)) {
      assertEquals(before, content.digest());
    }
    Files.write(folder.resolve("base.raw"), cluster('s'));
    try (DiskContent content = open(top)) {
      assertNotEquals(before, content.digest());
    }
  }

  @Test
  void aBackingFileIsInTheFolderOrWhereAPersonAllowsIt() throws IOException {
    Path outside = Files.write(Files.createDirectories(folder.resolve("other")).resolve("base.raw"), cluster('r'));
    Path top = image("images/top", 1, 't', "../other/base.raw", "raw");
    String says = refused(top);
    assertTrue(says.contains("is outside of") && says.contains("backing=" + outside.toRealPath().getParent()), says);
    try (DiskContent content = open(top, folder.resolve("other"))) {
      assertArrayEquals(cluster('r'), read(content, 0));
    }
    Files.createSymbolicLink(folder.resolve("images/link"), outside);
    assertTrue(refused(image("images/linked", 1, 't', "link", "raw")).contains("is outside of"));
    Files.write(Files.createDirectories(folder.resolve("images/below")).resolve("base.raw"), cluster('b'));
    try (DiskContent content = open(image("images/good", 1, 't', "below/base.raw", "raw"))) {
      assertArrayEquals(cluster('b'), read(content, 0));
    }
    assertTrue(refused(top, folder.resolve("none")).contains("there is no such folder"));
  }

  @Test
  void whatIsNoFileOrMissingOrOfAnotherFormatIsRefused() throws IOException {
    assertTrue(refused(image("a", 0, 'a', "nbd://host/x", "raw")).contains("is no file"));
    assertTrue(refused(image("b", 0, 'b', "json:{}", "")).contains("is no file"));
    assertTrue(refused(image("c", 0, 'c', "none", "raw")).contains("is missing"));
    Files.write(folder.resolve("x.vmdk"), cluster('v'));
    assertTrue(refused(image("d", 0, 'd', "x.vmdk", "vmdk")).contains("is said to be vmdk"));
    // One that nobody says the format of is raw, unless it looks like another.
    image("base", 1, 'b', "", "");
    assertTrue(refused(image("e", 0, 'e', "base", "")).contains("doesn't say so"));
    Files.write(folder.resolve("plain"), cluster('p'));
    try (DiskContent content = open(image("f", 1, 'f', "plain", ""))) {
      assertArrayEquals(cluster('p'), read(content, 0));
    }
    assertTrue(assertThrows(IOException.class, () -> new ImageChain(folder.resolve("f"), Optional.empty()).open(folder.resolve("below"),
        Mode.READ_ONLY)).getMessage().contains("no such disk image"));
  }

  @Test
  void aChainEndsAndGoesInNoCircle() throws IOException {
    image("one", 0, '1', "two", "qcow2");
    assertTrue(refused(image("two", 0, '2', "one", "qcow2")).contains("leads in a circle"));
    for (int i = 0; i < 64; i++) {
      image("n" + i, 0, 'n', "n" + (i + 1), "qcow2");
    }
    image("n64", 0, 'n', "", "");
    String says = refused(folder.resolve("n0"));
    assertTrue(says.contains("number 64 of a chain"), says);
    try (DiskContent content = open(folder.resolve("n1"))) {
      assertArrayEquals(cluster('n'), read(content, 0));
    }
  }
}
