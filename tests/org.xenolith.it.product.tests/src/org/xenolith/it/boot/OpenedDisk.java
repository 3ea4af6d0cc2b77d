// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.it.product.TestTools;

/** What is on a disk that {@link DebianDisk} gives, whose first partition is the EFI system partition and whose second one has the system, read and written by Debian's own tools. */
final class OpenedDisk {
  private static final int BLOCK = 512;
  private static final int ENTRIES_AT = 2 * BLOCK;
  private static final int ENTRY = 128;

  private final Path disk;
  private final ByteBuffer entries = ByteBuffer.allocate(2 * ENTRY).order(ByteOrder.LITTLE_ENDIAN);

  OpenedDisk(Path disk) throws IOException {
    this.disk = disk;
    assertTrue(disk.toFile().setWritable(true), disk::toString);
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "r")) {
      file.seek(ENTRIES_AT);
      file.readFully(entries.array());
    }
  }

  private long offset(int partition) {
    return BLOCK * entries.getLong(partition * ENTRY + 32);
  }

  /** The system's partition, as a kernel is told it. */
  String root() {
    return "root=PARTUUID=" + EfiGuid.ofBytes(entries.array(), ENTRY + 16);
  }

  private String esp() {
    return disk + "@@" + offset(0);
  }

  private String debug(String request) throws InterruptedException {
    return TestTools.run("debugfs", "-w", "-R", request, disk + "?offset=" + offset(1)).expect(0).out();
  }

  /** The path of the system's only file in a folder whose name begins so. */
  String systemName(String folder, String name) throws InterruptedException {
    Matcher file = Pattern.compile("/(" + Pattern.quote(name) + "[^/]*)/").matcher(debug("ls -p " + folder));
    assertTrue(file.find(), () -> folder + " has nothing that is called " + name);
    return folder + "/" + file.group(1);
  }

  /** Copies that file. */
  Path systemFile(String folder, String name, Path to) throws InterruptedException {
    debug("dump " + systemName(folder, name) + " " + to);
    assertTrue(Files.exists(to), () -> folder + "/" + name);
    return to;
  }

  /** Puts a file into the system, in the place of an earlier one. */
  void toSystem(Path file, String path) throws InterruptedException {
    debug("rm " + path);
    debug("write " + file + " " + path);
    String size = debug("stat " + path);
    assertTrue(size.contains("Size: " + file.toFile().length()), size);
  }

  /** Takes everything off the EFI system partition. */
  void clearEsp() throws InterruptedException {
    TestTools.run("mdeltree", "-i", esp(), "::/EFI").expect(0);
  }

  /** Copies a file of the EFI system partition. */
  Path fromEsp(String path, Path to) throws InterruptedException {
    TestTools.run("mcopy", "-o", "-i", esp(), "::/" + path, to).expect(0);
    return to;
  }

  /** Puts a file onto the EFI system partition, in the place of an earlier one, with the folders that its path names. */
  void toEsp(Path file, String path) throws InterruptedException {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      TestTools.run("mmd", "-D", "s", "-i", esp(), "::/" + path.substring(0, slash)); // which may be there
    }
    TestTools.run("mcopy", "-o", "-i", esp(), file, "::/" + path).expect(0);
  }
}
