// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * Files by Linux' C library: what Java's own classes have no way for is to reach a file from an open folder without following a link, with the host's own
 * error. Of one thread at a time. What fails is a {@link FileError}.
 */
final class LinuxFiles implements AutoCloseable {
  static final int READ = 0;
  static final int WRITE = 1;
  static final int READ_AND_WRITE = 2;
  static final int ACCESS = 3;
  static final int CREATE = 0x40;
  static final int EXCLUSIVE = 0x80;
  static final int NO_TERMINAL = 0x100;
  static final int TRUNCATE = 0x200;
  static final int APPEND = 0x400;
  static final int NO_WAIT = 0x800;
  static final int SYNC = 0x10_1000;
  static final int CLOSE_ON_EXEC = 0x8_0000;
  /** A place in the tree of files, of which nothing is opened (O_PATH). */
  static final int PLACE = 0x20_0000;
  private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
  static final int FOLDER = ARM ? 0x4000 : 0x1_0000;
  static final int NO_FOLLOW = ARM ? 0x8000 : 0x2_0000;
  /** AT_REMOVEDIR. */
  static final int REMOVE_FOLDER = 0x200;
  private static final int LINK_ITSELF = 0x100;
  private static final int EMPTY_PATH = 0x1000;
  private static final int BASIC = 0x7FF;
  private static final int TEXT = 4096;
  private static final int STATFS = 120;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPENAT = any("openat", 3, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle STATX = call("statx", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle MKDIRAT = call("mkdirat", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SYMLINKAT = call("symlinkat", ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle READLINKAT = call("readlinkat", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle LINKAT = call("linkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RENAMEAT = call("renameat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle UNLINKAT = call("unlinkat", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CHMOD = call("chmod", ADDRESS, JAVA_INT);
  private static final MethodHandle FCHMOD = call("fchmod", JAVA_INT, JAVA_INT);
  private static final MethodHandle FCHOWNAT = call("fchownat", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle UTIMENSAT = call("utimensat", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle FTRUNCATE = call("ftruncate", JAVA_INT, JAVA_LONG);
  private static final MethodHandle PREAD = call("pread", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle PWRITE = call("pwrite", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle FSYNC = call("fsync", JAVA_INT);
  private static final MethodHandle FDATASYNC = call("fdatasync", JAVA_INT);
  private static final MethodHandle FSTATFS = call("fstatfs", JAVA_INT, ADDRESS);
  private static final MethodHandle CLOSE = call("close", JAVA_INT);
  private static final MethodHandle FCNTL = any("fcntl", 2, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle FLOCK = call("flock", JAVA_INT, JAVA_INT);
  private static final MethodHandle FDOPENDIR = pointer("fdopendir", JAVA_INT);
  private static final MethodHandle READDIR = pointer("readdir", ADDRESS);
  private static final MethodHandle CLOSEDIR = call("closedir", ADDRESS);

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(STATE);
  private final MemorySegment first = arena.allocate(TEXT + 1);
  private final MemorySegment second = arena.allocate(TEXT + 1);
  private final MemorySegment facts = arena.allocate(FileFacts.BYTES, 8);
  private final MemorySegment content;

  /** @param most bytes that are read or written at once */
  LinuxFiles(int most) {
    content = arena.allocate(most, 8);
  }

  private static MethodHandle call(String name, MemoryLayout... operands) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_LONG, operands), Linker.Option
        .captureCallState("errno"));
  }

  /** @param fixed operands before those of which there may be any number */
  private static MethodHandle any(String name, int fixed, MemoryLayout... operands) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_LONG, operands), Linker.Option
        .captureCallState("errno"), Linker.Option.firstVariadicArg(fixed));
  }

  private static MethodHandle pointer(String name, MemoryLayout... operands) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ADDRESS, operands), Linker.Option
        .captureCallState("errno"));
  }

  /** A call of the C library's. */
  private interface Call {
    long make() throws Throwable;
  }

  /** What an int function gives is the lower half of the word. */
  private int number(Call call) throws FileError {
    try {
      int result = (int) call.make();
      if (result >= 0) {
        return result;
      }
    } catch (Throwable bug) {
      throw new IllegalStateException("a function of the host's can't be called", bug);
    }
    throw new FileError((int) ERRNO.get(state, 0L));
  }

  private static MemorySegment text(MemorySegment place, String text) throws FileError {
    if (text.length() > TEXT - 1) {
      throw new FileError(FileError.NAME_TOO_LONG);
    }
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment.copy(bytes, 0, place, JAVA_BYTE, 0, bytes.length);
    place.set(JAVA_BYTE, bytes.length, (byte) 0);
    return place;
  }

  /** Opens; what is inherited by no other program. @return the file's number */
  int open(int folder, String name, int flags, int mode) throws FileError {
    MemorySegment path = text(first, name);
    return number(() -> (long) OPENAT.invokeExact(state, folder, path, flags | CLOSE_ON_EXEC, mode));
  }

  /** Facts of what has a name in a folder; of a link itself. */
  FileFacts facts(int folder, String name) throws FileError {
    MemorySegment path = text(first, name);
    number(() -> (long) STATX.invokeExact(state, folder, path, LINK_ITSELF, BASIC, facts));
    return FileFacts.of(facts);
  }

  /** Facts of what is open. */
  FileFacts facts(int file) throws FileError {
    MemorySegment path = text(first, "");
    number(() -> (long) STATX.invokeExact(state, file, path, EMPTY_PATH, BASIC, facts));
    return FileFacts.of(facts);
  }

  void makeFolder(int folder, String name, int mode) throws FileError {
    MemorySegment path = text(first, name);
    number(() -> (long) MKDIRAT.invokeExact(state, folder, path, mode));
  }

  void makeLink(int folder, String name, String target) throws FileError {
    MemorySegment path = text(first, name);
    MemorySegment to = text(second, target);
    number(() -> (long) SYMLINKAT.invokeExact(state, to, folder, path));
  }

  String readLink(int folder, String name) throws FileError {
    MemorySegment path = text(first, name);
    int length = number(() -> (long) READLINKAT.invokeExact(state, folder, path, second, (long) TEXT));
    byte[] bytes = second.asSlice(0, length).toArray(JAVA_BYTE);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  void link(int folder, String name, int newFolder, String newName) throws FileError {
    MemorySegment path = text(first, name);
    MemorySegment to = text(second, newName);
    number(() -> (long) LINKAT.invokeExact(state, folder, path, newFolder, to, 0));
  }

  void rename(int folder, String name, int newFolder, String newName) throws FileError {
    MemorySegment path = text(first, name);
    MemorySegment to = text(second, newName);
    number(() -> (long) RENAMEAT.invokeExact(state, folder, path, newFolder, to));
  }

  void remove(int folder, String name, int flags) throws FileError {
    MemorySegment path = text(first, name);
    number(() -> (long) UNLINKAT.invokeExact(state, folder, path, flags));
  }

  /** Changes the rights of what is open, or of a place. */
  void mode(int file, int mode, boolean place) throws FileError {
    if (place) {
      MemorySegment path = text(first, "/proc/self/fd/" + file);
      number(() -> (long) CHMOD.invokeExact(state, path, mode));
    } else {
      number(() -> (long) FCHMOD.invokeExact(state, file, mode));
    }
  }

  /** -1 leaves one as it is. */
  void owner(int file, int uid, int gid) throws FileError {
    MemorySegment path = text(first, "");
    number(() -> (long) FCHOWNAT.invokeExact(state, file, path, uid, gid, EMPTY_PATH));
  }

  /** @param times two of seconds and nanoseconds, as struct timespec has them */
  void times(int folder, String name, long[] times) throws FileError {
    MemorySegment path = text(first, name);
    for (int i = 0; i < times.length; i++) {
      facts.set(JAVA_LONG, 8L * i, times[i]);
    }
    number(() -> (long) UTIMENSAT.invokeExact(state, folder, path, facts, LINK_ITSELF));
  }

  void truncate(int file, long size) throws FileError {
    number(() -> (long) FTRUNCATE.invokeExact(state, file, size));
  }

  /** @return bytes that were read */
  int read(int file, long at, byte[] into, int offset, int count) throws FileError {
    int done = number(() -> (long) PREAD.invokeExact(state, file, content, (long) count, at));
    MemorySegment.copy(content, JAVA_BYTE, 0, into, offset, done);
    return done;
  }

  /** @return bytes that were written */
  int write(int file, long at, byte[] from, int offset, int count) throws FileError {
    MemorySegment.copy(from, offset, content, JAVA_BYTE, 0, count);
    return number(() -> (long) PWRITE.invokeExact(state, file, content, (long) count, at));
  }

  void sync(int file, boolean contentOnly) throws FileError {
    number(() -> contentOnly ? (long) FDATASYNC.invokeExact(state, file) : (long) FSYNC.invokeExact(state, file));
  }

  /** Struct statfs of the file system that something is in. */
  MemorySegment space(int file) throws FileError {
    number(() -> (long) FSTATFS.invokeExact(state, file, facts));
    return facts.asSlice(0, STATFS);
  }

  /** A command on locks, with struct flock in a place for it that is kept. */
  void lock(int file, int command, MemorySegment lock) throws FileError {
    number(() -> (long) FCNTL.invokeExact(state, file, command, lock));
  }

  /** Locks the whole file, or unlocks it. */
  void lockAll(int file, int operation) throws FileError {
    number(() -> (long) FLOCK.invokeExact(state, file, operation));
  }

  /** A place for struct flock. */
  MemorySegment lockPlace() {
    return arena.allocate(32, 8);
  }

  void close(int file) {
    try {
      number(() -> (long) CLOSE.invokeExact(state, file));
    } catch (FileError e) {
      // Linux has closed it whatever it says; what a late write lost was an fsync's to tell.
    }
  }

  /** Is shown the entries of a folder. */
  interface Entries {
    /** @param type as readdir(3) has it */
    void entry(String name, long inode, int type) throws FileError;
  }

  /** Lists a folder. @param file its number, which is closed */
  void list(int file, Entries entries) throws FileError {
    MemorySegment folder;
    try {
      folder = (MemorySegment) FDOPENDIR.invokeExact(state, file);
      if (folder.address() == 0) {
        int number = (int) ERRNO.get(state, 0L);
        close(file);
        throw new FileError(number);
      }
      try {
        for (;;) {
          MemorySegment entry = (MemorySegment) READDIR.invokeExact(state, folder);
          if (entry.address() == 0) {
            return;
          }
          MemorySegment whole = entry.reinterpret(19 + FilePath.LONGEST + 1);
          entries.entry(whole.getString(19, StandardCharsets.ISO_8859_1), whole.get(JAVA_LONG_UNALIGNED, 0),
              whole.get(JAVA_BYTE, 18) & 0xFF);
        }
      } finally {
        long ignored = (long) CLOSEDIR.invokeExact(state, folder);
      }
    } catch (FileError e) {
      throw e;
    } catch (Throwable bug) {
      throw new IllegalStateException("a function of the host's can't be called", bug);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
