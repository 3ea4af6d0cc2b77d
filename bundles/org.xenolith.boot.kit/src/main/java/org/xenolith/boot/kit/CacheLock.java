// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.xenolith.boot.api.ProgressListener;

/** Keeps other threads and processes away from the cache while one works on it. */
public final class CacheLock implements AutoCloseable {
  private static final int POLL_MILLIS = 50;

  private final FileChannel channel;

  private CacheLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits until the lock is free. The system frees it when a process dies. In a cache that may only be read it keeps
   * away those who may write, and them only.
   *
   * @param file the lock's own, made when needed; never deleted, as others may wait for it
   * @param progress is told once that there is somebody to wait for
   */
  public static CacheLock acquire(Path file, ProgressListener progress) throws IOException {
    FileChannel channel;
    boolean shared = false;
    try {
      Files.createDirectories(file.getParent());
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (FileSystemException e) {
      if (!Files.isRegularFile(file)) {
        throw e;
      }
      channel = FileChannel.open(file, StandardOpenOption.READ);
      shared = true;
    }
    try {
      boolean told = false;
      while (!tryLock(channel, shared)) {
        if (!told) {
          progress.progress("waiting for another start that is using the cache (" + file + ")");
          told = true;
        }
        Thread.sleep(POLL_MILLIS);
      }
      return new CacheLock(channel);
    } catch (InterruptedException e) {
      channel.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + file, e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean tryLock(FileChannel channel, boolean shared) throws IOException {
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // Another thread of this process has it.
      return false;
    }
  }

  /** Lets the next one in. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
