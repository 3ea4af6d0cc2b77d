// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Where a product's folder is found: a symbolic link that is exchanged in one step, so that who starts sees the product before a
 * build or the one after it, never one that is being made. A process runs in the folder that the link led to when it started.
 *
 * @param link the link; its folders lie beside it, with names that begin with its own and a hyphen
 */
public record Publication(Path link) {

  /** In a product's folder: locked, shared, by each process that runs it. */
  private static final String USED = "used";

  /** A new, empty folder to make a product in. */
  public Path fresh() throws IOException {
    Files.createDirectories(link.toAbsolutePath().getParent());
    Path folder = Files.createTempDirectory(link.toAbsolutePath().getParent(), link.getFileName() + "-");
    // Made for its owner alone; a product is for all.
    folder.toFile().setReadable(true, false);
    folder.toFile().setExecutable(true, false);
    Files.createFile(folder.resolve(USED));
    return folder;
  }

  /** Makes the link lead to a finished folder, and deletes those that nobody runs; the one before is kept for who starts now. */
  public void publish(Path fresh) throws IOException {
    Path before = Files.exists(link) ? link.toRealPath() : null;
    if (Files.isDirectory(link, LinkOption.NOFOLLOW_LINKS)) {
      // As builds before this one left it.
      before = Files.move(link, link.resolveSibling(link.getFileName() + "-before"));
    }
    Path next = link.resolveSibling(link.getFileName() + ".next");
    Files.deleteIfExists(next);
    Files.createSymbolicLink(next, fresh.getFileName());
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path parent = fresh.toAbsolutePath().getParent();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, link.getFileName() + "-*")) {
      for (Path folder : folders) {
        if (!folder.toRealPath().equals(fresh.toRealPath()) && !folder.toRealPath().equals(before)) {
          discard(folder);
        }
      }
    }
  }

  private static void discard(Path folder) throws IOException {
    Path used = folder.resolve(USED);
    if (!Files.exists(used)) {
      Folders.delete(folder);
      return;
    }
    try (FileChannel channel = FileChannel.open(used, StandardOpenOption.WRITE); FileLock alone = channel.tryLock()) {
      if (alone != null) {
        Folders.delete(folder);
      }
    } catch (OverlappingFileLockException e) {
      // This process runs it.
    }
  }

  /** Keeps a product's folder until the process ends; one that was not published is nobody's to delete. */
  public static FileChannel use(Path folder) {
    try {
      FileChannel channel = FileChannel.open(folder.resolve(USED), StandardOpenOption.READ);
      channel.tryLock(0, Long.MAX_VALUE, true);
      return channel;
    } catch (IOException e) {
      return null;
    }
  }
}
