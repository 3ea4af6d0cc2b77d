// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.ninep.kit.MalformedMessage;
import org.xenolith.ninep.kit.Message;
import org.xenolith.ninep.kit.MessageReader;
import org.xenolith.ninep.kit.MessageType;
import org.xenolith.ninep.kit.MessageWriter;
import org.xenolith.ninep.kit.Qid;

/** A guest's client of a session, for tests: fid 0 is the folder. */
final class GuestSide implements AutoCloseable {
  static final int ROOT = 0;
  private static final int TAG = 3;
  private final LinuxFiles host = new LinuxFiles(Message.MOST);
  private final Folder folder;
  final FolderSession session;

  GuestSide(Path path, boolean readOnly) throws FileError {
    folder = new Folder(host, path.toString(), readOnly);
    session = new FolderSession(folder, host);
  }

  static GuestSide attached(Path path, boolean readOnly) throws Exception {
    GuestSide guest = new GuestSide(path, readOnly);
    guest.done(ask(MessageType.VERSION).word(65536).text(Message.VERSION));
    guest.done(ask(MessageType.ATTACH).word(ROOT).word(Message.NO_FID).text("root").text("").word(0));
    return guest;
  }

  LinuxFiles host() {
    return host;
  }

  Folder folder() {
    return folder;
  }

  static MessageWriter ask(MessageType type) {
    return new MessageWriter(64).request(type, TAG);
  }

  /** Asks what must be done. */
  MessageReader done(MessageWriter request) throws MalformedMessage {
    byte[] bytes = request.bytes();
    byte[] answer = session.answer(bytes);
    assertEquals(TAG, Message.tag(answer, 0));
    assertEquals(answer.length, Message.size(answer, 0));
    assertTrue(Message.number(answer, 0) == Message.number(bytes, 0) + 1, () -> "refused with " + (answer[7] & 0xFF) + ": message "
        + Message
            .number(bytes, 0));
    return new MessageReader(answer);
  }

  /** Asks what must be refused. @return the error's number */
  int refused(MessageWriter request) throws MalformedMessage {
    MessageReader answer = new MessageReader(session.answer(request.bytes()));
    assertEquals(MessageType.ERROR, answer.number(), "it is refused");
    return answer.word();
  }

  static MessageWriter walk(int fid, int newFid, String... names) {
    MessageWriter walk = ask(MessageType.WALK).word(fid).word(newFid).half(names.length);
    for (String name : names) {
      walk.text(name);
    }
    return walk;
  }

  /** Walks there. @return how many names were found */
  int walked(int newFid, String... names) throws MalformedMessage {
    return done(walk(ROOT, newFid, names)).half();
  }

  Qid open(int fid, int flags) throws MalformedMessage {
    return qid(done(ask(MessageType.LOPEN).word(fid).word(flags)));
  }

  static Qid qid(MessageReader in) throws MalformedMessage {
    return new Qid(in.octet(), in.word(), in.wide());
  }

  /** A qid behind so many bytes. */
  static Qid qid(MessageReader in, int before) throws MalformedMessage {
    for (int i = 0; i < before; i++) {
      in.octet();
    }
    return qid(in);
  }

  String read(int fid, long at, int count) throws MalformedMessage {
    byte[] answer = session.answer(ask(MessageType.READ).word(fid).wide(at).word(count).bytes());
    MessageReader in = new MessageReader(answer);
    assertEquals(117, in.number(), () -> "refused with " + (answer[7] & 0xFF));
    int from = in.data();
    return new String(answer, from, in.taken(), StandardCharsets.ISO_8859_1);
  }

  static MessageWriter write(int fid, long at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return ask(MessageType.WRITE).word(fid).wide(at).data(bytes, 0, bytes.length);
  }

  static MessageWriter create(int fid, String name, int flags, int mode) {
    return ask(MessageType.LCREATE).word(fid).text(name).word(flags).word(mode).word(0);
  }

  /** All names in the folder that a fid has open. */
  List<String> names(int fid, int count) throws MalformedMessage {
    List<String> names = new ArrayList<>();
    for (long at = 0;;) {
      byte[] answer = session.answer(ask(MessageType.READDIR).word(fid).wide(at).word(count).bytes());
      MessageReader in = new MessageReader(answer);
      assertEquals(41, in.number(), () -> "refused with " + (answer[7] & 0xFF));
      assertTrue(in.word() <= count);
      if (in.left() == 0) {
        return names;
      }
      while (in.left() > 0) {
        qid(in);
        at = in.wide();
        in.octet();
        names.add(in.text());
      }
    }
  }

  /** Asks for a lock. @return the status */
  int lock(int fid, int type, long start, long length) throws MalformedMessage {
    return done(ask(MessageType.LOCK).word(fid).octet(type).word(0).wide(start).wide(length).word(1).text("guest")).octet();
  }

  @Override
  public void close() {
    session.fids().clear();
    folder.close();
    host.close();
  }
}
