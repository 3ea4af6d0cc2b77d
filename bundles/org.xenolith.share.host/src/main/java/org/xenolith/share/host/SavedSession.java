// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What a guest has of a folder, as bytes: its fids by path, and of what is open the version, the locks and how it was opened. */
final class SavedSession {
  private static final int FORMAT = 1;

  private SavedSession() {}

  static void write(FolderSession session, DataOutputStream out) throws IOException {
    out.writeInt(FORMAT);
    out.writeInt(session.most());
    Map<Integer, Fid> fids = session.fids().all();
    out.writeInt(fids.size());
    for (Map.Entry<Integer, Fid> each : fids.entrySet()) {
      Fid fid = each.getValue();
      out.writeInt(each.getKey());
      out.writeInt(fid.path().names().size());
      for (String name : fid.path().names()) {
        text(out, name);
      }
      out.writeBoolean(fid.isStale());
      FileFacts facts = facts(fid);
      out.writeBoolean(facts != null);
      if (facts != null) {
        out.writeInt(fid.open().flags());
        version(out, facts);
        out.writeInt(fid.open().locks().held().size());
        for (OpenFile.Lock lock : fid.open().locks().held()) {
          out.writeInt(lock.type());
          out.writeLong(lock.start());
          out.writeLong(lock.length());
        }
      }
    }
  }

  private static FileFacts facts(Fid fid) {
    try {
      return fid.open() == null ? null : fid.open().facts();
    } catch (FileError e) {
      return null; // the host has lost it: it is open no more
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    out.writeShort(text.length());
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void version(DataOutputStream out, FileFacts facts) throws IOException {
    for (long part : parts(facts)) {
      out.writeLong(part);
    }
  }

  private static long[] parts(FileFacts facts) {
    return new long[] {facts.inode(), facts.size(), facts.written().seconds(), facts.written().nanoseconds()};
  }

  /** Opens again what was open. @param messages hears of what isn't the same any more */
  static void read(FolderSession session, Folder folder, LinuxFiles host, DataInputStream in, Consumer<String> messages)
      throws IOException {
    if (in.readInt() != FORMAT) {
      throw new IOException("another version wrote it");
    }
    session.most(in.readInt());
    int count = in.readInt();
    List<String> gone = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = in.readInt();
      List<String> names = new ArrayList<>();
      for (int depth = in.readInt(); depth > 0; depth--) {
        names.add(new String(in.readNBytes(in.readUnsignedShort()), StandardCharsets.ISO_8859_1));
      }
      try {
        Fid fid = session.fids().add(number, path(names));
        boolean stale = in.readBoolean();
        if (stale) {
          fid.makeStale();
        }
        if (in.readBoolean() && !reopened(session, fid, folder, host, in)) {
          fid.makeStale();
          gone.add(fid.path().toString());
        }
      } catch (FileError e) {
        throw new IOException("a file in it can't be");
      }
    }
    gone.forEach(path -> messages.accept(path
        + " was open when the snapshot was made, and is another file now: the guest gets an error (ESTALE)"));
  }

  private static FilePath path(List<String> names) throws FileError {
    FilePath path = FilePath.ROOT;
    for (String name : names) {
      path = path.child(name);
    }
    return path;
  }

  private static boolean reopened(FolderSession session, Fid fid, Folder folder, LinuxFiles host, DataInputStream in) throws IOException {
    int flags = in.readInt();
    long[] version = {in.readLong(), in.readLong(), in.readLong(), in.readLong()};
    List<OpenFile.Lock> locks = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      locks.add(new OpenFile.Lock(in.readInt(), in.readLong(), in.readLong()));
    }
    try {
      session.fids().room();
      int file = folder.open(fid.path(), flags);
      FileFacts facts = host.facts(file);
      if (!Arrays.equals(version, parts(facts))) {
        host.close(file);
        return false;
      }
      OpenFile open = new OpenFile(host, file, flags, facts.isFolder(), host.lockPlace());
      session.fids().open(fid, open);
      for (OpenFile.Lock lock : locks) {
        if (!open.locks().lock(lock)) {
          fid.close();
          return false;
        }
      }
      return true;
    } catch (FileError e) {
      return false;
    }
  }

  /** All of it, and what is asked and wasn't answered. */
  static byte[] bytes(FolderSession session, Map<Long, byte[]> asked, Map<Long, byte[]> answers) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(session, out);
      messages(out, asked);
      messages(out, answers);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be written", e);
    }
    return bytes.toByteArray();
  }

  private static void messages(DataOutputStream out, Map<Long, byte[]> messages) throws IOException {
    out.writeInt(messages.size());
    for (Map.Entry<Long, byte[]> each : messages.entrySet()) {
      out.writeLong(each.getKey());
      out.writeInt(each.getValue().length);
      out.write(each.getValue());
    }
  }

  static Map<Long, byte[]> messages(DataInputStream in) throws IOException {
    Map<Long, byte[]> messages = new TreeMap<>();
    for (int count = in.readInt(); count > 0; count--) {
      long id = in.readLong();
      messages.put(id, in.readNBytes(in.readInt()));
    }
    return messages;
  }

  static DataInputStream reader(byte[] saved) {
    return new DataInputStream(new ByteArrayInputStream(saved));
  }
}
