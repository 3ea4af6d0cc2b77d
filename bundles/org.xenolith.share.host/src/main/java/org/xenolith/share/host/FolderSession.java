// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.ninep.kit.MalformedMessage;
import org.xenolith.ninep.kit.Message;
import org.xenolith.ninep.kit.MessageReader;
import org.xenolith.ninep.kit.MessageType;
import org.xenolith.ninep.kit.MessageWriter;
import org.xenolith.ninep.kit.Qid;

/**
 * A session of 9P2000.L on a folder: a request in, its answer out. Whatever a guest asks, there is an answer. Of one thread at a time.
 *
 * <p>Sources: section 5 of the Plan 9 manual; {@code protocol.md} of diod; what Linux' {@code fs/9p} asks.
 */
final class FolderSession {
  private static final int LEAST = 4096;
  private static final int MOST_NAMES = 16;
  private static final int REMOVE_FOLDER = 0x200;
  /** Bits of Tgetattr that are answered: all but birth, generation and data version. */
  private static final long BASIC = 0x7FF;
  private static final int KEPT_FLAGS = LinuxFiles.ACCESS | LinuxFiles.TRUNCATE | LinuxFiles.APPEND | LinuxFiles.SYNC;
  private static final int READ_HEADER = Message.HEADER + 4;
  /** Status of a lock: had, and somebody else's. */
  private static final int LOCKED = 0;
  private static final int BLOCKED = 1;

  private final Folder folder;
  private final LinuxFiles host;
  private final MemorySegment lock;
  private final Fids fids = new Fids();
  private int most = Message.MOST;

  FolderSession(Folder folder, LinuxFiles host) {
    this.folder = folder;
    this.host = host;
    lock = host.lockPlace();
  }

  Fids fids() {
    return fids;
  }

  /** Most bytes of a message, as it was agreed. */
  int most() {
    return most;
  }

  void most(int agreed) {
    most = agreed;
  }

  /** Answers a request. */
  byte[] answer(byte[] request) {
    int tag = request.length < Message.HEADER ? Message.NO_TAG : Message.tag(request, 0);
    try {
      MessageReader in = new MessageReader(request);
      MessageType type = MessageType.of(in.number()).orElse(null);
      if (type == null) {
        return Message.error(tag, FileError.NOT_SUPPORTED);
      }
      MessageWriter out = new MessageWriter(64).reply(type, tag);
      answer(type, in, out, request);
      return out.bytes();
    } catch (FileError e) {
      return Message.error(tag, e.number());
    } catch (MalformedMessage e) {
      return Message.error(tag, FileError.INVALID);
    }
  }

  private void answer(MessageType type, MessageReader in, MessageWriter out, byte[] request) throws FileError, MalformedMessage {
    switch (type) {
      case VERSION -> version(in, out);
      case ATTACH -> attach(in, out);
      case FLUSH -> in.half(); // what it gives up was answered before: one is carried out after another
      case WALK -> walk(in, out);
      case CLUNK -> fids.remove(in.word());
      case STATFS -> statfs(in, out);
      case GETATTR -> getattr(in, out);
      case LOPEN -> open(in, out);
      case READ -> read(in, out);
      case READDIR -> readdir(in, out);
      case READLINK -> out.text(folder.readLink(fids.get(in.word()).path()));
      case WRITE -> write(in, out, request);
      case FSYNC -> fsync(in);
      case LOCK -> lock(in, out);
      case GETLOCK -> getlock(in, out);
      case XATTRWALK, XATTRCREATE, AUTH -> throw new FileError(FileError.NOT_SUPPORTED);
      default -> change(type, in, out);
    }
  }

  /** What changes the tree of files. */
  private void change(MessageType type, MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    switch (type) {
      case LCREATE -> create(in, out);
      case SETATTR -> new AttributeChange(in).apply(folder, fids);
      case MKDIR -> mkdir(in, out);
      case SYMLINK -> symlink(in, out);
      case MKNOD -> mknod(in, out);
      case LINK -> link(in);
      case RENAME -> rename(in);
      case RENAMEAT -> renameat(in);
      case UNLINKAT -> unlinkat(in);
      case REMOVE -> remove(in);
      default -> throw new FileError(FileError.NOT_SUPPORTED);
    }
  }

  private Qid qid(FilePath path) throws FileError {
    return folder.facts(path).qid(folder.device());
  }

  private void version(MessageReader in, MessageWriter out) throws MalformedMessage {
    long wanted = in.word() & 0xFFFF_FFFFL;
    boolean known = in.text().equals(Message.VERSION) && wanted >= LEAST;
    fids.clear();
    most = (int) Math.min(wanted, Message.MOST);
    out.word(most).text(known ? Message.VERSION : "unknown");
  }

  private void attach(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    int fid = in.word();
    int authentication = in.word();
    in.text();
    String tree = in.text();
    if (authentication != Message.NO_FID) {
      throw new FileError(FileError.NOT_SUPPORTED);
    }
    if (!tree.isEmpty() && !tree.equals("/")) {
      throw new FileError(FileError.NO_FILE);
    }
    Qid qid = qid(FilePath.ROOT);
    fids.add(fid, FilePath.ROOT);
    out.qid(qid);
  }

  private void walk(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    int number = in.word();
    int newNumber = in.word();
    int count = in.half();
    if (count > MOST_NAMES) {
      throw new FileError(FileError.INVALID);
    }
    Fid from = fids.get(number);
    FilePath path = from.path();
    List<Qid> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = in.text();
      try {
        // Up is only as far as the folder itself: as intro(5) has it of a tree's root.
        path = name.equals("..") ? path.parent() : path.child(name);
        found.add(qid(path));
      } catch (FileError e) {
        if (i == 0) {
          throw e;
        }
        break;
      }
    }
    if (found.size() == count) {
      move(number, newNumber, path);
    }
    out.half(found.size());
    found.forEach(out::qid);
  }

  private void move(int number, int newNumber, FilePath path) throws FileError {
    if (number != newNumber) {
      fids.add(newNumber, path);
    } else if (fids.get(number).open() == null) {
      fids.get(number).path(path);
    } else {
      throw new FileError(FileError.BAD_FILE);
    }
  }

  private void statfs(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    MemorySegment space = folder.space(fids.get(in.word()).path());
    out.word((int) space.get(ValueLayout.JAVA_LONG, 0)).word((int) space.get(ValueLayout.JAVA_LONG, 8));
    for (int at = 16; at <= 56; at += 8) {
      out.wide(space.get(ValueLayout.JAVA_LONG, at));
    }
    out.word((int) space.get(ValueLayout.JAVA_LONG, 64));
  }

  private void getattr(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    Fid fid = fids.get(in.word());
    long wanted = in.wide();
    FileFacts facts = fid.open() != null ? fid.open().facts() : folder.facts(fid.path());
    out.wide(wanted & BASIC).qid(facts.qid(folder.device())).word(facts.mode()).word(facts.uid()).word(facts.gid()).wide(facts.links());
    // Numbers of devices mean nothing in the guest, and its own of the same numbers nothing here.
    out.wide(0).wide(facts.size()).wide(facts.blockSize()).wide(facts.blocks());
    for (FileFacts.Moment time : List.of(facts.accessed(), facts.written(), facts.changed(), new FileFacts.Moment(0, 0))) {
      out.wide(time.seconds()).wide(time.nanoseconds());
    }
    out.wide(0).wide(0);
  }

  /** Keeps what was opened. */
  private void opened(Fid fid, int file, int flags, MessageWriter out) throws FileError {
    FileFacts facts;
    try {
      facts = host.facts(file);
    } catch (FileError e) {
      host.close(file);
      throw e;
    }
    fids.open(fid, new OpenFile(host, file, flags, facts.isFolder(), lock));
    out.qid(facts.qid(folder.device())).word(0);
  }

  private static void unopened(Fid fid) throws FileError {
    if (fid.open() != null || fid.isStale()) {
      throw new FileError(FileError.BAD_FILE);
    }
  }

  private void open(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    Fid fid = fids.get(in.word());
    int flags = in.word() & KEPT_FLAGS;
    unopened(fid);
    fids.room();
    opened(fid, folder.open(fid.path(), flags), flags, out);
  }

  private void create(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    Fid fid = fids.get(in.word());
    FilePath path = fid.path().child(in.text());
    int flags = in.word() & (KEPT_FLAGS | LinuxFiles.EXCLUSIVE);
    int mode = in.word();
    unopened(fid);
    fids.room();
    int file = folder.create(path, flags, mode);
    fid.path(path);
    opened(fid, file, flags, out);
  }

  private void read(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    OpenFile file = fids.get(in.word()).file();
    long at = in.wide();
    int count = count(in.word(), READ_HEADER);
    if (file.isFolder()) {
      throw new FileError(FileError.IS_FOLDER);
    }
    byte[] content = new byte[count];
    out.data(content, 0, at < 0 ? 0 : file.read(at, content, 0, count));
  }

  private int count(int wanted, int header) {
    return wanted < 0 ? most - header : Math.min(wanted, most - header);
  }

  private void write(MessageReader in, MessageWriter out, byte[] request) throws FileError, MalformedMessage {
    OpenFile file = fids.get(in.word()).file();
    long at = in.wide();
    int from = in.data();
    if (file.isFolder()) {
      throw new FileError(FileError.BAD_FILE);
    }
    out.word(file.write(at, request, from, in.taken()));
  }

  private void readdir(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    Fid fid = fids.get(in.word());
    long from = in.wide();
    int count = count(in.word(), READ_HEADER);
    OpenFile file = fid.file();
    if (!file.isFolder()) {
      throw new FileError(FileError.NO_FOLDER);
    }
    List<Folder.Entry> entries = file.entries();
    if (from == 0 || entries == null) {
      entries = folder.list(fid.path());
      file.entries(entries);
    }
    MessageWriter names = new MessageWriter(Math.min(count, 1 << 16));
    int empty = names.length();
    for (long i = Math.max(from, 0); i < entries.size(); i++) {
      Folder.Entry entry = entries.get((int) i);
      if (names.length() - empty + Qid.BYTES + 8 + 1 + 2 + entry.name().length() > count) {
        break;
      }
      int type = entry.type() == 4 ? Qid.FOLDER : entry.type() == 10 ? Qid.LINK : 0;
      names.qid(new Qid(type, 0, entry.number())).wide(i + 1).octet(entry.type()).text(entry.name());
    }
    out.data(names.array(), empty, names.length() - empty);
  }

  private void fsync(MessageReader in) throws FileError, MalformedMessage {
    OpenFile file = fids.get(in.word()).file();
    file.sync(in.left() >= 4 && in.word() != 0);
  }

  private static OpenFile.Lock wanted(int type, MessageReader in) throws MalformedMessage, FileError {
    long start = in.wide();
    long length = in.wide();
    if (type > OpenFile.UNLOCK || start < 0 || length < 0) {
      throw new FileError(FileError.INVALID);
    }
    return new OpenFile.Lock(type, start, length);
  }

  private void lock(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    OpenFile file = fids.get(in.word()).file();
    int type = in.octet();
    in.word();
    out.octet(file.locks().lock(wanted(type, in)) ? LOCKED : BLOCKED);
  }

  private void getlock(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    OpenFile file = fids.get(in.word()).file();
    OpenFile.Lock wanted = wanted(in.octet(), in);
    int process = in.word();
    String client = in.text();
    OpenFile.Lock other = file.locks().against(wanted);
    boolean none = other.type() == OpenFile.UNLOCK;
    OpenFile.Lock said = none ? new OpenFile.Lock(OpenFile.UNLOCK, wanted.start(), wanted.length()) : other;
    out.octet(said.type()).wide(said.start()).wide(said.length()).word(none ? process : 0).text(client);
  }

  private void mkdir(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    FilePath path = fids.get(in.word()).path().child(in.text());
    folder.makeFolder(path, in.word());
    out.qid(qid(path));
  }

  private void symlink(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    FilePath path = fids.get(in.word()).path().child(in.text());
    String target = in.text();
    if (target.isEmpty() || target.indexOf(0) >= 0) {
      throw new FileError(FileError.INVALID);
    }
    folder.makeLink(path, target);
    out.qid(qid(path));
  }

  private void mknod(MessageReader in, MessageWriter out) throws FileError, MalformedMessage {
    FilePath path = fids.get(in.word()).path().child(in.text());
    int mode = in.word();
    int type = mode & FileFacts.TYPE;
    if (folder.readOnly()) {
      throw new FileError(FileError.READ_ONLY);
    }
    if (type != 0 && type != FileFacts.FILE) {
      throw new FileError(FileError.NOT_PERMITTED);
    }
    host.close(folder.create(path, LinuxFiles.WRITE | LinuxFiles.EXCLUSIVE, mode));
    out.qid(qid(path));
  }

  private void link(MessageReader in) throws FileError, MalformedMessage {
    FilePath into = fids.get(in.word()).path();
    FilePath path = fids.get(in.word()).path();
    folder.link(path, into.child(in.text()));
  }

  private void rename(MessageReader in) throws FileError, MalformedMessage {
    FilePath path = fids.get(in.word()).path();
    FilePath into = fids.get(in.word()).path();
    rename(path, into.child(in.text()));
  }

  private void renameat(MessageReader in) throws FileError, MalformedMessage {
    FilePath path = fids.get(in.word()).path().child(in.text());
    FilePath into = fids.get(in.word()).path();
    rename(path, into.child(in.text()));
  }

  private void rename(FilePath path, FilePath newPath) throws FileError {
    folder.rename(path, newPath);
    fids.moved(path, newPath);
  }

  private void unlinkat(MessageReader in) throws FileError, MalformedMessage {
    FilePath path = fids.get(in.word()).path().child(in.text());
    folder.remove(path, (in.word() & REMOVE_FOLDER) != 0);
  }

  private void remove(MessageReader in) throws FileError, MalformedMessage {
    // The fid is given back whether it can be removed or not: remove(5).
    FilePath path = fids.remove(in.word()).path();
    folder.remove(path, folder.facts(path).isFolder());
  }
}
