// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.share.host.GuestSide.ask;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.ninep.kit.MalformedMessage;
import org.xenolith.ninep.kit.Message;
import org.xenolith.ninep.kit.MessageReader;
import org.xenolith.ninep.kit.MessageType;
import org.xenolith.ninep.kit.MessageWriter;
import org.xenolith.testkit.FullLane;

/** The same requests to this server and to diod, on a folder each: the same answers, and in the end the same files. */
@FullLane
@Timeout(300)
class DiodComparisonTest {
  private static final int STEPS = 10_000;
  private static final int FIDS = 6;
  private static final int NAMES = 8;
  private static final int KNOWN = 0xFFFF;

  @TempDir
  private Path folder;

  /** A request of a kind, made of random numbers. */
  private static MessageWriter request(Random random) {
    int fid = random.nextInt(FIDS);
    String name = "n" + random.nextInt(NAMES);
    return switch (random.nextInt(20)) {
      case 0, 1 -> GuestSide.walk(0, 1 + fid, name);
      case 2 -> GuestSide.walk(0, 1 + fid, name, "n" + random.nextInt(NAMES));
      case 3 -> GuestSide.walk(0, 1 + fid);
      case 4 -> ask(MessageType.CLUNK).word(1 + fid);
      case 5, 6 -> ask(MessageType.GETATTR).word(fid).wide(0x7FF);
      case 7 -> ask(MessageType.LOPEN).word(1 + fid).word(new int[] {0, 1, 2, 0x201, 0x402}[random.nextInt(5)]);
      case 8, 9 -> GuestSide.create(1 + fid, name, 2 | (random.nextBoolean() ? 0x80 : 0), 0644);
      case 10 -> ask(MessageType.READ).word(1 + fid).wide(random.nextInt(20)).word(random.nextInt(100));
      case 11, 12 -> GuestSide.write(1 + fid, random.nextInt(20), "text " + random.nextInt());
      case 13 -> ask(MessageType.MKDIR).word(fid).text(name).word(0755).word(0);
      case 14 -> ask(MessageType.SYMLINK).word(fid).text(name).text("to" + random.nextInt(9)).word(0);
      case 15 -> ask(MessageType.READLINK).word(fid);
      case 16 -> ask(MessageType.RENAMEAT).word(fid).text(name).word(random.nextInt(FIDS)).text("n" + random.nextInt(NAMES));
      case 17 -> ask(MessageType.UNLINKAT).word(fid).text(name).word(random.nextBoolean() ? 0x200 : 0);
      case 18 -> ask(MessageType.LINK).word(fid).word(random.nextInt(FIDS)).text(name);
      default -> ask(MessageType.SETATTR).word(fid).word(random.nextBoolean() ? 1 : 8).word(0600 + random.nextInt(64)).word(0).word(0).wide(
          random.nextInt(50)).wide(0).wide(0).wide(0).wide(0);
    };
  }

  /** What an answer says, but for what each server chooses: versions, inodes, times. */
  private static String said(byte[] answer) throws MalformedMessage {
    MessageReader in = new MessageReader(answer);
    int number = in.number();
    if (number == MessageType.ERROR) {
      int error = in.word();
      // A fid that isn't, or isn't open: no client asks so, and diod says EIO where Linux would say EBADF.
      return "error " + (error == FileError.IO ? FileError.BAD_FILE : error);
    }
    if (number == MessageType.GETATTR.reply()) {
      in.wide();
      int type = GuestSide.qid(in).type();
      int mode = in.word();
      in.wide();
      boolean isFolder = (mode & FileFacts.TYPE) == FileFacts.FOLDER;
      String links = "" + in.wide();
      in.wide();
      return "attributes " + type + " " + Integer.toOctalString(mode) + " " + links + " " + (isFolder ? "" : in.wide());
    }
    if (number == MessageType.WALK.reply()) {
      StringBuilder types = new StringBuilder("walked");
      for (int count = in.half(); count > 0; count--) {
        types.append(' ').append(GuestSide.qid(in).type());
      }
      return types.toString();
    }
    if (number == MessageType.READ.reply()) {
      int at = in.data();
      return "read " + new String(answer, at, in.taken(), StandardCharsets.ISO_8859_1);
    }
    return number + (number == MessageType.WRITE.reply() ? " " + in.word() : number == MessageType.READLINK.reply() ? in.text() : "");
  }

  private static void begin(UnaryOperator<byte[]> server, String tree) {
    assertEquals(101, Message.number(server.apply(new MessageWriter(64).request(MessageType.VERSION, KNOWN).word(65536).text(
        Message.VERSION)
        .bytes()), 0));
    byte[] attached = server.apply(ask(MessageType.ATTACH).word(0).word(Message.NO_FID).text("root").text(tree).word(0).bytes());
    assertEquals(105, Message.number(attached, 0));
  }

  /** All files of a folder with type, rights and content. */
  private static Map<String, String> tree(Path folder) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        String mode = Integer.toOctalString((Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS));
        String content = Files.isSymbolicLink(file) ? Files.readSymbolicLink(file).toString() : Files.isRegularFile(file) ? Files
            .readString(
                file, StandardCharsets.ISO_8859_1) : "";
        found.put(folder.relativize(file).toString(), mode + " " + content);
      }
    }
    return found;
  }

  @Test
  void randomRequestsHaveTheSameAnswers() throws Exception {
    Path ours = Files.createDirectory(folder.resolve("ours"));
    Path its = Files.createDirectory(folder.resolve("its"));
    List<String> last = new ArrayList<>();
    int done = 0;
    try (GuestSide guest = new GuestSide(ours, false); Diod diod = new Diod(its, folder)) {
      begin(guest.session::answer, "");
      begin(diod::answer, its.toString());
      Random random = new Random(3);
      for (int i = 0; i < STEPS; i++) {
        byte[] request = request(random).bytes();
        String mine = said(guest.session.answer(request));
        String other = said(diod.answer(request));
        last.add(Message.number(request, 0) + " " + HexFormat.of().formatHex(request, 7, Math.min(request.length, 40)) + ": "
            + mine + " | " + other);
        assertEquals(other, mine, () -> String.join("\n", last.subList(Math.max(0, last.size() - 40), last.size())));
        done += mine.startsWith("error") ? 0 : 1;
      }
    }
    assertTrue(done > STEPS / 4, "so many were done: " + done);
    assertEquals(tree(its), tree(ours));
  }

  @Test
  void tenThousandFilesAreMadeReadAndListedAlike() throws Exception {
    Path ours = Files.createDirectory(folder.resolve("ours"));
    Path its = Files.createDirectory(folder.resolve("its"));
    try (GuestSide guest = new GuestSide(ours, false); Diod diod = new Diod(its, folder)) {
      begin(guest.session::answer, "");
      begin(diod::answer, its.toString());
      for (int i = 0; i < 10_000; i++) {
        for (MessageWriter each : List.of(GuestSide.walk(0, 1), GuestSide.create(1, "file-" + i, 2, 0640), GuestSide.write(1, 0, "" + i),
            ask(
                MessageType.READ).word(1).wide(0).word(100), ask(MessageType.GETATTR).word(1).wide(0x7FF), ask(MessageType.LOCK).word(1)
                    .octet(1)
                    .word(0).wide(0).wide(0).word(1).text("x"), ask(MessageType.CLUNK).word(1))) {
          byte[] request = each.bytes();
          assertEquals(said(diod.answer(request)), said(guest.session.answer(request)), "message " + Message.number(request, 0));
        }
      }
      assertEquals(names(diod::answer), names(guest.session::answer));
    }
    assertEquals(tree(its), tree(ours));
  }

  private static List<String> names(UnaryOperator<byte[]> server) throws MalformedMessage {
    server.apply(GuestSide.walk(0, 1).bytes());
    server.apply(ask(MessageType.LOPEN).word(1).word(0).bytes());
    List<String> names = new ArrayList<>();
    for (long at = 0;;) {
      MessageReader in = new MessageReader(server.apply(ask(MessageType.READDIR).word(1).wide(at).word(60_000).bytes()));
      in.word();
      if (in.left() == 0) {
        names.sort(null);
        return names;
      }
      while (in.left() > 0) {
        GuestSide.qid(in);
        at = in.wide();
        in.octet();
        names.add(in.text());
      }
    }
  }
}
