// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.kit.SavedPages;

/**
 * The file of a disk image, held so that nobody else writes what somebody reads: one writer, or any number of readers, in this
 * process and beside it. Whoever dies lets go of it. A format opens images with it and nothing else.
 *
 * <p>Between processes it is the system's record locks on the bytes that QEMU locks, too, so that QEMU and a machine of ours
 * keep away from one another ("Disk image file locking", QEMU System Emulation User's Guide): byte 100 + n is locked by who
 * uses right n of an image, byte 200 + n by who grants it to nobody else; right 0 is to read, 1 to write, 3 to change the size.
 * A file system without locks keeps only machines of the same process apart.
 */
public final class ImageFile implements ImageBytes {
  private static final long USES = 100;
  private static final long DENIES = 200;
  private static final long RIGHTS = 4;
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int RESIZE = 3;
  /** Another reader that begins at the same moment looks whether there is a writer, too, and is taken for one. */
  private static final int ATTEMPTS = 10;
  private static final int PAUSE_MILLIS = 20;
  /**
   * By device and inode. The system forgets all record locks of a process on a file when any handle of it is closed: so all
   * users of a file share one handle.
   */
  private static final Map<Object, Held> HELD = new HashMap<>();

  private final Path path;
  private final Held held;
  private boolean closed;

  private static final class Held {
    private final Object key;
    private final RandomAccessFile file;
    private final boolean write;
    private int users;
    /** Knows where there is nothing; null until somebody asks. Closed with the other handle, as that lets go of all locks. */
    private @Nullable SavedPages pages;

    private Held(Object key, RandomAccessFile file, boolean write) {
      this.key = key;
      this.file = file;
      this.write = write;
    }
  }

  private ImageFile(Path path, Held held) {
    this.path = path;
    this.held = held;
  }

  /**
   * Opens an ordinary file that exists.
   *
   * @param write whether it will be written; if not, the file is not changed
   * @throws IOException if it can't be opened, or is in use in a way that excludes this one; the message names file and remedy
   */
  public static ImageFile open(Path path, boolean write) throws IOException {
    synchronized (HELD) {
      Object key = key(path);
      Held held = HELD.get(key);
      if (held != null && (write || held.write)) {
        throw inUse(path, write, "another disk or machine of this process");
      }
      if (held == null) {
        held = new Held(key, locked(path, write), write);
        HELD.put(key, held);
      }
      held.users++;
      return new ImageFile(path, held);
    }
  }

  private static Object key(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return key == null ? path.toRealPath() : key;
  }

  private static RandomAccessFile locked(Path path, boolean write) throws IOException {
    if (!write && Files.isWritable(path) && isWritten(path)) {
      throw inUse(path, false, LockHolders.of(path));
    }
    RandomAccessFile file = new RandomAccessFile(path.toFile(), write ? "rw" : "r");
    try {
      FileChannel channel = file.getChannel();
      boolean mine = write ? lock(channel, USES, DENIES + RIGHTS - USES, false)
          : lock(channel, USES + READ, 1, true) && lock(channel, DENIES + WRITE, 1, true) && lock(channel, DENIES + RESIZE, 1, true);
      if (!mine) {
        throw inUse(path, write, LockHolders.of(path));
      }
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Whether somebody uses the right to write: only a handle that may write itself can find out. */
  private static boolean isWritten(Path path) throws IOException {
    for (int attempt = 0;; attempt++) {
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        if (lock(file.getChannel(), USES + WRITE, 1, false) && lock(file.getChannel(), USES + RESIZE, 1, false)) {
          return false;
        }
      }
      if (attempt == ATTEMPTS) {
        return true;
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return true;
      }
    }
  }

  /** False if somebody else has it. */
  private static boolean lock(FileChannel channel, long from, long bytes, boolean shared) {
    try {
      return channel.tryLock(from, bytes, shared) != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      return true; // a file system without locks
    }
  }

  private static IOException inUse(Path path, boolean write, String who) {
    return new IOException(path + (write ? ": is in use by " : ": is being written by ") + who
        + "; an image that is written can have no other user. End that use, or give this machine a copy of the image");
  }

  /** Bytes that the file has. */
  @Override
  public long length() throws IOException {
    synchronized (held) {
      return held.file.length();
    }
  }

  /** Reads exactly so many bytes. @throws IOException naming the file */
  @Override
  public void read(long position, byte[] into, int offset, int bytes) throws IOException {
    try {
      synchronized (held) {
        held.file.seek(position);
        held.file.readFully(into, offset, bytes);
      }
    } catch (EOFException e) {
      throw new IOException(path + ": can't be read: the file has become shorter", e);
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  /** Writes so many bytes. @throws IOException naming the file */
  @Override
  public void write(long position, byte[] from, int offset, int bytes) throws IOException {
    try {
      synchronized (held) {
        held.file.seek(position);
        held.file.write(from, offset, bytes);
      }
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  /**
   * Whether the file has nothing there, which reads as zeros; false if the host doesn't tell.
   *
   * @param position at a multiple of 4096
   * @throws IOException naming the file
   */
  public boolean isHole(long position, int bytes) throws IOException {
    try {
      synchronized (held) {
        SavedPages pages = held.pages;
        if (pages == null) {
          pages = new SavedPages(path);
          held.pages = pages;
        }
        return pages.data(position, bytes).isEmpty();
      }
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  /** Makes what was written durable. @throws IOException naming the file */
  @Override
  public void flush() throws IOException {
    try {
      held.file.getFD().sync();
    } catch (IOException e) {
      throw failed("made durable", e);
    }
  }

  private IOException failed(String what, IOException e) {
    return new IOException(path + ": can't be " + what + ": " + HostReason.of(path, e).text(), e);
  }

  /** Lets go of the file. */
  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      if (!closed) {
        closed = true;
        if (--held.users == 0) {
          HELD.remove(held.key);
          try (SavedPages pages = held.pages) {
            held.file.close();
          }
        }
      }
    }
  }
}
